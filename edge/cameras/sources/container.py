"""A live camera that FFmpeg can open: what RTSP, MJPEG and V4L2 cameras have in common."""

from collections.abc import Callable, Iterator

from edge.cameras.port import Bgr, CameraError, Frame
from edge.cameras.sources.decoding import Decoder, Opening, open_container
from edge.clips.ring import PacketTap
from edge.clips.taps import Taps
from edge.wire.records.bodies import CameraFault


class ContainerCamera:
    """Adapter of :class:`edge.cameras.port.Camera` for a live source of FFmpeg.

    Args:
        name: the source as people may read it, without secrets.
        opening: says how to open the source; called at each :meth:`open`, so that a password
            is in memory only while it is needed. May raise :class:`CameraError`.
        clock: monotonic seconds.
        has_time: the source stamps its frames; otherwise they are stamped on arrival, and being
            late cannot be noticed.
    """

    def __init__(
        self, *, name: str, opening: Callable[[], Opening], clock: Callable[[], float], has_time: bool = True
    ) -> None:
        self._name = name
        self._opening = opening
        self._clock = clock
        self._has_time = has_time
        self._decoder: Decoder | None = None
        self._taps = Taps()

    def tap(self, tap: PacketTap) -> None:
        """Show every packet to ``tap`` from the next :meth:`open` on."""
        self._taps.add(tap)

    def open(self) -> None:
        """Connect, and log in where the source asks for it."""
        self.close()
        container = open_container(self._opening(), clock=self._clock)
        self._decoder = Decoder(
            container,
            name=self._name,
            clock=self._clock,
            may_skip=self._has_time,
            uses_clock=not self._has_time,
            tap=self._taps.all,
        )

    def frames(self) -> Iterator[Frame]:
        """Yield frames as the camera sends them; numbers are missing where frames were skipped."""
        return self._opened().frames()

    def picture(self) -> Bgr:
        """Return the newest frame in colour."""
        return self._opened().picture()

    def close(self) -> None:
        """Let go of the source."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _opened(self) -> Decoder:
        if self._decoder is None:
            raise CameraError(CameraFault.FAILED, f"{self._name} is not open")
        return self._decoder
