"""What cameras say as series: counts with sizes, speeds and quality, fullness of zones, water levels.

Levels become numbers so that they can be charted and rolled up: free 0, slow 1, jam 2; empty 0, few
1, many 2, dense 3. What could not be told is NaN and is not kept.
"""

from functools import lru_cache
from math import nan
from typing import Literal

from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    GaugeReading,
    LineCount,
    SceneMeasures,
)
from hub.telemetry.store import Channel, Series

Said = tuple[Channel, tuple[float, ...]]

WAYS: tuple[Literal["forward", "backward"], ...] = ("forward", "backward")
SIZES = ("motor", "car", "heavy")
SPEEDS = ("median_kmh", "p85_kmh")
NUISANCES = ("night", "rain", "glare", "vibration")
_FLOWS = {FlowLevel.FREE: 0.0, FlowLevel.SLOW: 1.0, FlowLevel.JAM: 2.0}
_CROWDS = {CrowdLevel.EMPTY: 0.0, CrowdLevel.FEW: 1.0, CrowdLevel.MANY: 2.0, CrowdLevel.DENSE: 3.0}


def line_series(device: str, camera: str, line: str, direction: Literal["forward", "backward"]) -> Series:
    """Return the series of crossings of one line in one direction, a count a period."""
    return Series(device, camera, f"{direction}.{line}")


def occupancy_series(device: str, camera: str, zone: str) -> Series:
    """Return the series of the share of time in which something was in a zone, 0..1."""
    return Series(device, camera, f"occupancy.{zone}")


def level_series(device: str, camera: str, gauge: str) -> Series:
    """Return the series of the water level at a gauge, in metres."""
    return Series(device, camera, f"level_m.{gauge}")


def say_counts(device: str, body: CameraCounts) -> Said:
    """Return the readings of the counts of one period."""
    has_sizes = any(line.forward_sizes is not None or line.backward_sizes is not None for line in body.lines)
    has_speeds = any(line.forward_speed is not None or line.backward_speed is not None for line in body.lines)
    lines = tuple(line.line for line in body.lines)
    channel = _count_channel(device, body.camera, lines, (has_sizes, has_speeds, body.quality is not None))
    values = [float(count) for line in body.lines for count in (line.forward, line.backward)]
    if has_sizes:
        values += [value for line in body.lines for value in _sizes(line)]
    if has_speeds:
        values += [value for line in body.lines for value in _speeds(line)]
    if body.quality is not None:
        quality = body.quality
        values += [quality.index, *(float(getattr(quality, name)) for name in NUISANCES)]
        values.append(float(body.is_trusted))
    return channel, (*values, body.motion_share, body.confidence)


def say_scene(device: str, body: SceneMeasures) -> Said:
    """Return the readings of the zones of one period, and of what a detector saw in it."""
    names: list[str] = []
    values: list[float] = []
    for zone in body.zones:
        names += [f"occupancy.{zone.zone}", f"cover.{zone.zone}"]
        values += [zone.occupancy, zone.cover]
        if zone.flow is not None:
            names.append(f"flow.{zone.zone}")
            values.append(_FLOWS.get(zone.flow, nan))
        if zone.crowd is not None:
            names.append(f"crowd.{zone.zone}")
            values.append(_CROWDS.get(zone.crowd, nan))
    for found in body.objects:
        # Names of series have no spaces; labels of detectors may ("traffic light").
        label = found.label.replace(" ", "_")
        names += [f"objects.{label}", f"objects_most.{label}"]
        values += [found.mean, float(found.most)]
    if not names:
        # A channel without series would have no name of its own.
        names, values = ["zones"], [0.0]
    return Channel(device, body.camera, tuple(names)), tuple(values)


def say_gauge(device: str, body: GaugeReading) -> Said:
    """Return the level and its spread; neither is kept when the gauge could not be read."""
    names = (f"level_m.{body.gauge}", f"spread_m.{body.gauge}")
    level_m = nan if body.level_m is None else body.level_m
    return Channel(device, body.camera, names), (level_m, nan if body.spread_m is None else body.spread_m)


@lru_cache(maxsize=10_000)
def _count_channel(device: str, camera: str, lines: tuple[str, ...], has: tuple[bool, bool, bool]) -> Channel:
    has_sizes, has_speeds, has_quality = has
    names = [f"{way}.{line}" for line in lines for way in WAYS]
    if has_sizes:
        names += [f"{way}_{size}.{line}" for line in lines for way in WAYS for size in SIZES]
    if has_speeds:
        names += [f"{way}_{speed}.{line}" for line in lines for way in WAYS for speed in SPEEDS]
    if has_quality:
        names += ["quality", *NUISANCES, "is_trusted"]
    return Channel(device, camera, (*names, "motion_share", "confidence"))


def _sizes(line: LineCount) -> list[float]:
    found = (line.forward_sizes, line.backward_sizes)
    return [nan if each is None else float(getattr(each, size)) for each in found for size in SIZES]


def _speeds(line: LineCount) -> list[float]:
    found = (line.forward_speed, line.backward_speed)
    return [nan if each is None else float(getattr(each, speed)) for each in found for speed in SPEEDS]
