"""What the measures of the scene come to in one period: sizes, speeds, fullness, quality. Pure.

Completes the record of the counts and makes the one of the zones beside it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

import msgspec

from edge.config import Line, View
from edge.vision.counting.lines import Crossing
from edge.vision.measures.meter import Measured
from edge.vision.measures.quality import QualityNow
from edge.vision.measures.sizes import size_counts
from edge.vision.measures.speed import line_speed
from edge.vision.measures.zones import ZoneNow
from edge.wire.camera_settings import Zone, ZonePurpose
from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    LineCount,
    Quality,
    SceneMeasures,
    ZoneMeasure,
)
from edge.wire.records.camera_bodies import ObjectCount

Way = tuple[str, bool]
# Counts of a period are trusted when they were for this share of its looks.
TRUSTED_SHARE = 0.5


@dataclass(slots=True)
class _Fullness:
    """One zone of the period that runs."""

    looks: int = 0
    occupied: int = 0
    cover: float = 0.0
    last: ZoneNow | None = None


class Tallies:
    """Adds up what is measured in one view.

    Args:
        camera: Id.
        view: What is drawn in the view before the camera.
    """

    def __init__(self, camera: str, view: View) -> None:
        self._camera = camera
        self._view = view
        self._empty()

    def _empty(self) -> None:
        self._sizes: dict[Way, list[float]] = defaultdict(list)
        self._speeds: dict[Way, list[float]] = defaultdict(list)
        self._zones: dict[str, _Fullness] = defaultdict(_Fullness)
        self._quality: list[QualityNow] = []

    def turn_to(self, view: View) -> None:
        """Measure another view from now on; the period was closed before."""
        self._view = view
        self._empty()

    def crossed(self, crossings: Iterable[Crossing]) -> None:
        """Note what crossed a line."""
        for crossing in crossings:
            self._sizes[crossing.line, crossing.is_forward].append(crossing.size)

    def measured(self, measured: Measured) -> None:
        """Note what one frame told."""
        for speed in measured.speeds:
            self._speeds[speed.line, speed.is_forward].append(speed.kmh)
        for zone in measured.zones:
            fullness = self._zones[zone.zone]
            fullness.looks += 1
            fullness.occupied += zone.is_occupied
            fullness.cover += zone.cover
            fullness.last = zone
        if measured.quality is not None:
            self._quality.append(measured.quality)

    def close(
        self,
        counts: CameraCounts | None,
        *,
        period_s: float,
        preset: str | None,
        objects: tuple[ObjectCount, ...] = (),
    ) -> tuple[CameraCounts | None, SceneMeasures | None]:
        """Return the records of the period that ends now, and begin the next one.

        Args:
            counts: Of the period, without measures; None: nothing was looked at.
            period_s: How long it was.
            preset: Which view it was, of a camera that turns.
            objects: What a detector found in it.
        """
        completed = None if counts is None else self._complete(counts)
        zones = tuple(_zone_measure(zone, self._zones[zone.id]) for zone in self._view.zones)
        self._empty()
        if counts is None or not (zones or objects):
            return completed, None
        scene = SceneMeasures(
            camera=self._camera,
            period_s=min(max(period_s, 0.001), 3600.0),
            zones=zones,
            objects=objects,
            preset=preset,
        )
        return completed, scene

    def _complete(self, counts: CameraCounts) -> CameraCounts:
        drawn = {line.id: line for line in self._view.lines}
        lines = tuple(self._with_measures(line, drawn.get(line.line)) for line in counts.lines)
        trusted = [each.is_trusted for each in self._quality]
        return msgspec.structs.replace(
            counts,
            lines=lines,
            quality=_mean_quality(self._quality),
            is_trusted=not trusted or sum(trusted) >= TRUSTED_SHARE * len(trusted),
        )

    def _with_measures(self, count: LineCount, line: Line | None) -> LineCount:
        there, back = (count.line, True), (count.line, False)
        limits = None if line is None else line.sizes
        return msgspec.structs.replace(
            count,
            forward_sizes=None if limits is None else size_counts(self._sizes[there], limits),
            backward_sizes=None if limits is None else size_counts(self._sizes[back], limits),
            forward_speed=line_speed(self._speeds[there]),
            backward_speed=line_speed(self._speeds[back]),
        )


def _mean_quality(moments: list[QualityNow]) -> Quality | None:
    if not moments:
        return None
    names = Quality.__struct_fields__
    return Quality(
        **{name: round(fmean(getattr(each.quality, name) for each in moments), 3) for name in names}
    )


def _zone_measure(zone: Zone, fullness: _Fullness) -> ZoneMeasure:
    """Return what is said of a zone; without a single look its level is unknown, not free."""
    looks, last = max(fullness.looks, 1), fullness.last
    is_crowd = zone.purpose is ZonePurpose.CROWD
    flow = FlowLevel.UNKNOWN if last is None or last.flow is None else last.flow
    crowd = CrowdLevel.UNKNOWN if last is None or last.crowd is None else last.crowd
    return ZoneMeasure(
        zone=zone.id,
        occupancy=round(fullness.occupied / looks, 3),
        cover=round(min(1.0, fullness.cover / looks), 4),
        flow=None if is_crowd else flow,
        crowd=crowd if is_crowd else None,
    )
