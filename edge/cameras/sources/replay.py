"""A video file in the place of a camera: for tests, demonstrations and measurements.

In real time by default and over and over, as a camera would; ``pace=max`` is as fast as it can.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl

from edge.cameras.port import Bgr, CameraError, Frame
from edge.cameras.sources.decoding import Decoder, Opening, open_container
from edge.cameras.sources.timeline import Timeline
from edge.clips.ring import PacketTap
from edge.clips.taps import Taps
from edge.wire.records.bodies import CameraFault

Pace = Literal["real", "max"]
_OPTIONS = {
    "protocol_whitelist": "file",
    # Playlists and descriptions of sessions are "video files" too, and lead elsewhere.
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,h264,hevc,m4v,mjpeg,flv",
}
# A file that cannot be decoded in real time slips by this much before its schedule is given up.
_MAX_SLIP_S = 0.5


@dataclass(frozen=True, slots=True)
class Recording:
    """Which file, and how it is played."""

    path: Path
    pace: Pace = "real"
    is_looped: bool = True


def parse_recording(text: str) -> Recording:
    """Read ``FILE?pace=real|max&loop=0|1``.

    Raises:
        CameraError: an option that does not exist, or a value it cannot have.
    """
    name, mark, query = text.rpartition("?")
    if not mark or Path(text).exists():  # a question mark may be part of the name
        return Recording(Path(text))
    options = {"pace": "real", "loop": "1"} | dict(parse_qsl(query, keep_blank_values=True))
    pace, loop = options.pop("pace"), options.pop("loop")
    if options or pace not in ("real", "max") or loop not in ("0", "1"):
        raise CameraError(
            CameraFault.NOT_FOUND, f"replay:{text}: options are pace=real or pace=max, and loop=0 or loop=1"
        )
    return Recording(Path(name), "max" if pace == "max" else "real", loop == "1")


class ReplayCamera:
    """Adapter of :class:`edge.cameras.port.Camera` for a video file.

    Timestamps keep rising over the loop, as those of a camera do.

    Args:
        recording: which file, and how.
        clock: monotonic seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        recording: Recording,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._recording = recording
        self._clock = clock
        self._sleep = sleep
        self._timeline = Timeline()
        self._decoder: Decoder | None = None
        self._taps = Taps()

    def tap(self, tap: PacketTap) -> None:
        """Show every packet to ``tap`` from the next :meth:`open` on."""
        self._taps.add(tap)

    def open(self) -> None:
        """Open the file."""
        self.close()
        self._timeline = Timeline()
        self._open_pass(first_seq=0)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames of the file, again from its start when it is looped."""
        while True:
            decoder = self._opened()
            first_seq = decoder.seq
            yield from self._paced(decoder.frames())
            if decoder.seq == first_seq:
                raise CameraError(CameraFault.NOT_VIDEO, f"{self._recording.path} holds no picture")
            if not self._recording.is_looped or self._decoder is None:
                return
            decoder.close()
            self._open_pass(first_seq=decoder.seq)

    def picture(self) -> Bgr:
        """Return the newest frame in colour."""
        return self._opened().picture()

    def close(self) -> None:
        """Close the file."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _open_pass(self, *, first_seq: int) -> None:
        path = self._recording.path
        if path.is_file() and path.stat().st_size == 0:
            raise CameraError(CameraFault.NOT_VIDEO, f"{path} is empty")
        opening = Opening(url=f"file:{path}", name=str(path), options=_OPTIONS)
        self._decoder = Decoder(
            open_container(opening, clock=self._clock),
            name=opening.name,
            clock=self._clock,
            timeline=self._timeline,
            is_live=False,
            may_skip=self._recording.pace == "real",
            first_seq=first_seq,
            tap=self._taps.all,
        )

    def _paced(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        if self._recording.pace == "max":
            yield from frames
            return
        began_s: float | None = None
        for frame in frames:
            now_s = self._clock()
            if began_s is None or now_s - began_s - frame.pts_s > _MAX_SLIP_S:
                began_s = now_s - frame.pts_s
            ahead_s = began_s + frame.pts_s - now_s
            if ahead_s > 0:
                self._sleep(ahead_s)
            yield frame

    def _opened(self) -> Decoder:
        if self._decoder is None:
            raise CameraError(CameraFault.FAILED, f"{self._recording.path} is not open")
        return self._decoder
