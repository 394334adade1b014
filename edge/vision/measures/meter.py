"""All measures of one view, frame by frame: each looks as often as it needs to, and no oftener.

Must not sum up periods: that is for whoever makes the records.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edge import opencv
from edge.config import View
from edge.vision.counting.lines import Crossing
from edge.vision.measures.gauge import LEAST_SAMPLES, GaugeReader
from edge.vision.measures.quality import QualityNow, QualityWatch
from edge.vision.measures.speed import SpeedMeter
from edge.vision.measures.trails import Trails
from edge.vision.measures.zones import ZoneNow, ZoneWatches
from edge.vision.stage import Look, Seen
from edge.wire.records.bodies import GaugeReading, PictureState

# Fullness changes slowly, quality slower; a look at either costs about as much as a whole frame.
LOOK_EVERY_S, JUDGE_EVERY_S = 0.5, 1.0
READ_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class CrossingSpeed:
    """How fast a thing crossed a line."""

    line: str
    is_forward: bool
    kmh: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one frame told; all of it is empty, or None, on most frames."""

    speeds: tuple[CrossingSpeed, ...] = ()
    zones: tuple[ZoneNow, ...] = ()
    quality: QualityNow | None = None
    gauges: tuple[GaugeReading, ...] = ()


class SceneMeter:
    """Measures one view of a camera, from when it came before the lens until it leaves it.

    Args:
        camera: Id, for readings.
        view: Its lines, zones, gauges and ground.
    """

    def __init__(self, camera: str, view: View) -> None:
        self._view = view
        self._speeds = None if view.ground is None else SpeedMeter(view.ground)
        self._trails = Trails()
        self._zones: ZoneWatches | None = None
        self._quality = QualityWatch()
        self._gauges = [GaugeReader(camera, gauge) for gauge in view.gauges]
        self._looked_s: float | None = None
        self._judged_s: float | None = None
        self._read_s: float | None = None

    def see(self, raw: opencv.Plane, seen: Seen, pts_s: float, *, is_good: bool = True) -> Measured:
        """Measure one frame.

        Args:
            raw: (H, W) uint8 as the camera gave it.
            seen: What the analysis made of it.
            pts_s: Of the frame.
            is_good: Whether the picture is one: not black, frozen, covered or moved.
        """
        gauges = self._read_gauges(raw, pts_s, is_good=is_good)
        look = seen.look
        if look is None:
            return Measured(gauges=gauges)
        if self._view.zones or self._speeds is not None:
            self._trails.see(seen.tracks, look, pts_s)
        speeds = self._speeds_of(seen.crossings)
        if not _is_due(self._looked_s, pts_s, LOOK_EVERY_S):
            return Measured(speeds=speeds, gauges=gauges)
        self._looked_s = pts_s
        zones = self._zones_of(look, pts_s) if is_good else ()
        quality = None
        if _is_due(self._judged_s, pts_s, JUDGE_EVERY_S):
            self._judged_s = pts_s
            quality = self._quality.see(raw, look, seen.confidence, pts_s)
        return Measured(speeds, zones, quality, gauges)

    def _speeds_of(self, crossings: Sequence[Crossing]) -> tuple[CrossingSpeed, ...]:
        if self._speeds is None:
            return ()
        speeds = []
        for crossing in crossings:
            kmh = self._speeds.kmh_at(self._trails.of(crossing.track), crossing.pts_s)
            if kmh is not None:
                speeds.append(CrossingSpeed(crossing.line, crossing.is_forward, kmh))
        return tuple(speeds)

    def _zones_of(self, look: Look, pts_s: float) -> tuple[ZoneNow, ...]:
        if not self._view.zones:
            return ()
        if self._zones is None:
            self._zones = ZoneWatches(self._view.zones, look, self._speeds)
        return self._zones.see(look, self._trails, pts_s)

    def _read_gauges(self, raw: opencv.Plane, pts_s: float, *, is_good: bool) -> tuple[GaugeReading, ...]:
        for gauge in self._gauges:
            if gauge.is_due(pts_s):
                gauge.see(raw, pts_s, is_good=is_good)
        if not self._gauges or self._gauges[0].samples < LEAST_SAMPLES:
            return ()
        if not _is_due(self._read_s, pts_s, READ_EVERY_S):
            return ()
        self._read_s = pts_s
        return tuple(gauge.read() for gauge in self._gauges)


def _is_due(last_s: float | None, pts_s: float, every_s: float) -> bool:
    """Return whether it is time again; a jump back of the source's time is."""
    return last_s is None or not 0 <= pts_s - last_s < every_s


def is_measurable(picture: PictureState | None) -> bool:
    """Return whether anything can be measured in a picture of this state; None is not known yet."""
    return picture in (None, PictureState.GOOD, PictureState.FLICKERING, PictureState.OVEREXPOSED)
