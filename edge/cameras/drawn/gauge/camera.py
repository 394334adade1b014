"""A drawn gauge in the place of a camera: ``scene:gauge?level=1.2``; its level is known in advance."""

import time
from collections.abc import Callable, Iterator

from edge import opencv
from edge.cameras.drawn.gauge.settings import GaugeSettings
from edge.cameras.drawn.gauge.water import Waterside
from edge.cameras.port import Bgr, CameraError, Frame
from edge.wire.records.bodies import CameraFault


class GaugeCamera:
    """Adapter of :class:`edge.cameras.port.Camera` that draws a gauge instead of looking.

    Args:
        settings: what is drawn.
        clock: monotonic seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        settings: GaugeSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._sleep = sleep
        self._place: Waterside | None = None
        self._newest: Bgr | None = None

    def open(self) -> None:
        """Draw the quay."""
        self._place = Waterside(self.settings)
        self._newest = None

    def frames(self) -> Iterator[Frame]:
        """Yield drawn frames for ever, at their own pace."""
        if self._place is None:
            raise CameraError(CameraFault.FAILED, "scene:gauge is not open")
        began_s, seq = self._clock(), 0
        while self._place is not None:
            pts_s = seq / self.settings.fps
            wait_s = began_s + pts_s - self._clock()
            if self.settings.pace == "real" and wait_s > 0:
                self._sleep(wait_s)
            self._newest = self._place.draw(pts_s, seq)
            luma = opencv.luma_of(self._newest)
            luma.flags.writeable = False
            yield Frame(luma, pts_s, seq, is_key=True)
            seq += 1

    def picture(self) -> Bgr:
        """Return the newest frame in colour."""
        if self._newest is None:
            raise CameraError(CameraFault.FAILED, "scene:gauge has drawn nothing yet")
        return self._newest

    def close(self) -> None:
        """Stop drawing."""
        self._place = None
