"""What the camera page says of measures: the newest of each, and a day of them hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import (
    CameraCounts,
    GaugeReading,
    LineCount,
    LineSpeed,
    Quality,
    SceneMeasures,
    SizeCounts,
    ZoneMeasure,
)
from hub.cctv.measures.models import CameraMeasure
from hub.cctv.models import CameraRates
from hub.telemetry.camera_series import level_series, occupancy_series
from hub.telemetry.store import Hour, Series, TelemetryStore

# What was not heard of for a day was taken out of the settings.
SHOWN_FOR = timedelta(days=1)
HOURS = 24


@dataclass(frozen=True, slots=True)
class Direction:
    """Sizes and speeds of what crossed one line one way in the last period."""

    line: str
    is_forward: bool
    sizes: SizeCounts | None
    speed: LineSpeed | None


@dataclass(frozen=True, slots=True)
class ShownZone:
    """A zone with the instant of its measure."""

    measure: ZoneMeasure
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownGauge:
    """A gauge with the instant of its reading."""

    reading: GaugeReading
    at: datetime


@dataclass(frozen=True, slots=True)
class Measures:
    """The newest measures of one camera."""

    counts_at: datetime | None = None
    period_s: float = 0.0
    is_trusted: bool = True
    quality: Quality | None = None
    skipped: int = 0
    suspended_s: float = 0.0
    directions: tuple[Direction, ...] = ()
    zones: tuple[ShownZone, ...] = ()
    gauges: tuple[ShownGauge, ...] = ()

    @property
    def has_sizes(self) -> bool:
        """Whether any line is calibrated for size classes."""
        return any(each.sizes is not None for each in self.directions)

    @property
    def has_speeds(self) -> bool:
        """Whether any speed was measured in the last period."""
        return any(each.speed is not None for each in self.directions)


@dataclass(frozen=True, slots=True)
class Column:
    """One zone or gauge over the day: mean, and for gauges the lowest and highest, an hour."""

    name: str
    hours: tuple[Hour | None, ...]

    def mean(self, place: int, *, scale: float, decimals: int) -> float | None:
        """Return the mean of one hour, times ``scale``; None where nothing was heard."""
        hour = self.hours[place]
        return None if hour is None else round(hour.total / hour.samples * scale, decimals)


@dataclass(frozen=True, slots=True)
class DayOfMeasures:
    """24 hours, oldest first; the last one is still running."""

    at: tuple[datetime, ...]
    zones: tuple[Column, ...]
    gauges: tuple[Column, ...]


def measures_of(db: Session, device: str, camera: str, now: datetime) -> Measures:
    """Return the newest measures of one camera."""
    rows = db.scalars(
        select(CameraMeasure)
        .where(
            CameraMeasure.device == device,
            CameraMeasure.camera == camera,
            CameraMeasure.at > now - SHOWN_FOR,
        )
        .order_by(CameraMeasure.what)
    ).all()
    bodies = [(decode_body(row.body.encode()), row.at) for row in rows]
    zones = tuple(
        ShownZone(zone, at) for body, at in bodies if isinstance(body, SceneMeasures) for zone in body.zones
    )
    gauges = tuple(ShownGauge(body, at) for body, at in bodies if isinstance(body, GaugeReading))
    counted = db.get(CameraRates, (device, camera))
    if counted is None:
        return Measures(zones=zones, gauges=gauges)
    counts = decode_body(counted.body.encode())
    assert isinstance(counts, CameraCounts)
    return Measures(
        counts_at=counted.at,
        period_s=counts.period_s,
        is_trusted=counts.is_trusted,
        quality=counts.quality,
        skipped=counts.skipped,
        suspended_s=counts.suspended_s,
        directions=tuple(each for line in counts.lines for each in _directions(line)),
        zones=zones,
        gauges=gauges,
    )


def day_of_measures(
    telemetry: TelemetryStore, device: str, camera: str, measures: Measures, now: datetime
) -> DayOfMeasures:
    """Return the last 24 hours of what is measured now, the running hour included."""
    end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    begin = end - timedelta(hours=HOURS)
    zones = [each.measure.zone for each in measures.zones]
    gauges = [each.reading.gauge for each in measures.gauges]
    return DayOfMeasures(
        at=tuple(begin + timedelta(hours=number) for number in range(HOURS)),
        zones=_columns(telemetry, [(name, occupancy_series(device, camera, name)) for name in zones], begin),
        gauges=_columns(telemetry, [(name, level_series(device, camera, name)) for name in gauges], begin),
    )


def _directions(line: LineCount) -> tuple[Direction, Direction]:
    return (
        Direction(line.line, True, line.forward_sizes, line.forward_speed),
        Direction(line.line, False, line.backward_sizes, line.backward_speed),
    )


def _columns(
    telemetry: TelemetryStore, named: Sequence[tuple[str, Series]], begin: datetime
) -> tuple[Column, ...]:
    found = telemetry.hourly([series for _, series in named], begin, begin + timedelta(hours=HOURS))
    columns = []
    for name, series in named:
        by_hour = {hour.begin: hour for hour in found.get(series, [])}
        hours = tuple(by_hour.get(begin + timedelta(hours=number)) for number in range(HOURS))
        if any(hour is not None for hour in hours):
            columns.append(Column(name, hours))
    return tuple(columns)
