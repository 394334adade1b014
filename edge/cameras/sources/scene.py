"""A drawn street in the place of a camera: for the demonstration city, tests and measurements.

``scene:street?seed=1&fps=10&weather=rain``; what it shows is known in advance. One that turns
(``turning=8899``) answers ONVIF while it is open, and draws what its head looks at.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from edge import opencv
from edge.cameras.drawn.painter import paint_lights, paint_movers
from edge.cameras.drawn.scenery import empty_street
from edge.cameras.drawn.settings import SceneSettings, Weather, parse_scene
from edge.cameras.drawn.street import Street, build_street
from edge.cameras.drawn.traffic import Mover
from edge.cameras.drawn.truth import TrueCrossing, true_crossings
from edge.cameras.drawn.turning import TurningMast
from edge.cameras.drawn.weather import Sky
from edge.cameras.port import Bgr, CameraError, Frame
from edge.config import Line
from edge.wire.records.bodies import CameraFault

__all__ = ["SceneCamera", "SceneSettings", "parse_scene"]

# The timetable is asked for in pieces of this length.
_CHUNK_S = 60.0


class SceneCamera:
    """Adapter of :class:`edge.cameras.port.Camera` that draws instead of looking.

    Args:
        settings: which street, and how.
        clock: monotonic seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        settings: SceneSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self.street = build_street(settings)
        self._clock = clock
        self._sleep = sleep
        self._is_open = False
        self._empty: Bgr | None = None
        self._sky: Sky | None = None
        self._newest: Bgr | None = None
        self._chunk: tuple[float, list[Mover]] | None = None
        self._time_s = 0.0
        self.mast: TurningMast | None = None
        """What turns the camera while it is open, if it turns."""

    def open(self) -> None:
        """Draw the empty street."""
        if self.settings.turning:
            self.mast = TurningMast(self.street, clock=lambda: self._time_s)
            self._empty = self.mast.empty
        else:
            self._empty = empty_street(self.street)
        self._sky = Sky(self.street, self._empty)
        self._newest = None
        self._is_open = True

    def frames(self) -> Iterator[Frame]:
        """Yield drawn frames for ever, at their own pace."""
        _, sky = self._opened()
        began_s, seq = self._clock(), 0
        while self._is_open:
            pts_s = seq / self.settings.fps
            wait_s = began_s + pts_s - self._clock()
            if self.settings.pace == "real" and wait_s > 0:
                self._sleep(wait_s)
            self._newest = self.draw(seq)
            luma = sky.grained(opencv.luma_of(self._newest), seq)
            luma.flags.writeable = False
            yield Frame(luma, pts_s, seq, is_key=True)
            seq += 1

    def picture(self) -> Bgr:
        """Return the newest frame in colour."""
        if self._newest is None:
            raise CameraError(CameraFault.FAILED, "scene:street has drawn nothing yet")
        return self._newest

    def close(self) -> None:
        """Stop drawing."""
        self._is_open = False
        if self.mast is not None:
            self.mast.close()
            self.mast = None

    def draw(self, seq: int) -> Bgr:
        """Return frame ``seq`` in colour, (H, W, 3) uint8 BGR, without the sensor's noise."""
        time_s = seq / self.settings.fps
        self._time_s = time_s
        empty, sky = self._opened()
        street = self.street
        if self.mast is not None:
            street, empty = self.mast.seen()
        movers = [each for each in self._movers(time_s) if _is_present(street, each, time_s)]
        picture = empty.copy()
        paint_movers(picture, street, movers, time_s)
        if self.settings.weather is Weather.NIGHT:
            picture = sky.darkened(picture)
            glow = np.zeros_like(picture)
            paint_lights(glow, street.view, movers, time_s)
            picture = opencv.add(picture, glow)
        return sky.over(picture, time_s, seq)

    def truth(self, lines: Sequence[Line], *, frames: int) -> list[TrueCrossing]:
        """Return what crosses ``lines`` in the first ``frames`` frames."""
        return true_crossings(self.street, lines, frames=frames)

    def _opened(self) -> tuple[Bgr, Sky]:
        if self._empty is None or self._sky is None:
            raise CameraError(CameraFault.FAILED, "scene:street is not open")
        return self._empty, self._sky

    def _movers(self, time_s: float) -> list[Mover]:
        first_s = time_s // _CHUNK_S * _CHUNK_S
        if self._chunk is None or self._chunk[0] != first_s:
            self._chunk = (first_s, self.street.movers_between(first_s, first_s + _CHUNK_S))
        return self._chunk[1]


def _is_present(street: Street, mover: Mover, time_s: float) -> bool:
    is_on_way = 0 <= mover.gone_m(time_s) <= mover.lane.length_m
    return is_on_way and street.view.depth_m(mover.along_m(time_s), mover.beside_m) > 4
