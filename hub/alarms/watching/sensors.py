"""Watches the newest value of sensors and of staff gauges, and sensors that fell silent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings, SensorLimit
from hub.alarms.watching.conditions import Condition, Sight, below, beyond
from hub.alarms.watching.mounted import Mounted, condition_of, in_service
from hub.bulk import is_one_of, rows_by_key
from hub.places.models import CityCamera, Device, Sensor
from hub.telemetry.camera_series import level_series
from hub.telemetry.models import TelemetryLast, TelemetrySeries
from hub.telemetry.store import Series

# An old value says nothing of now: the water may have risen since.
FRESH_FOR = timedelta(minutes=15)
# The water must fall this much below its mark before the alarm clears: waves are no end.
FALL_M = 0.05
# One odd value is no condition.
_LASTING = timedelta(minutes=1)
# SQLite's limit of variables is 32,766; a series has three.
_MOST_SERIES = 5_000


@dataclass(frozen=True, slots=True)
class Last:
    """The newest value of a series."""

    value: float
    at: datetime

    def fresh(self, now: datetime) -> float | None:
        """Return the value when it is of now."""
        return self.value if now - self.at <= FRESH_FOR else None


@dataclass(frozen=True, slots=True)
class WaterMark:
    """The level of a staff gauge, in its metres, from which somebody must act."""

    device: str
    camera: str
    gauge: str
    level_m: float


# The city sets marks on its screens; who keeps them gives them.
WaterMarks = Callable[[Session], Iterable[WaterMark]]


def no_marks(_db: Session) -> Iterable[WaterMark]:
    """Return that nobody set a mark."""
    return ()


class SensorWatch:
    """The conditions of all sensors in service, and of gauges that have a mark."""

    def __init__(self, settings: AlarmSettings, marks: WaterMarks = no_marks) -> None:
        """Take the limits, and who knows the marks of gauges."""
        self._limits = settings
        self._marks = marks

    def __call__(self, db: Session, now: datetime) -> Iterator[Condition]:
        """Yield every condition."""
        for sensor in db.execute(_SENSORS):
            last = None if sensor.at_ms is None else _last(sensor.value, sensor.at_ms)
            yield self._silence(sensor, last, now)
            for limit in self._limits.sensors:
                if _is_meant(limit, sensor):
                    yield from _limited(limit, sensor, None if last is None else last.fresh(now))
        yield from _waters(db, list(self._marks(db)), now)

    def _silence(self, sensor: Mounted, last: Last | None, now: datetime) -> Condition:
        sight = Sight.UNSEEN
        if sensor.is_online and last is not None:
            silent_s = now - max(last.at, sensor.since)
            is_silent = silent_s > timedelta(minutes=self._limits.sensor_silent_minutes)
            sight = Sight.BAD if is_silent else Sight.GOOD
        return condition_of(sensor, AlarmKind.SENSOR_SILENT, sight, Severity.MEDIUM, lasting=_LASTING)


# Each with its newest value alone: a fleet has many times as many series of its cameras.
_SENSORS = (
    in_service(Sensor)
    .add_columns(Sensor.quantity, TelemetryLast.value, TelemetryLast.at_ms)
    .join(
        TelemetrySeries,
        and_(
            TelemetrySeries.device == Sensor.device,
            TelemetrySeries.source == Sensor.id,
            TelemetrySeries.quantity == Sensor.quantity,
        ),
        isouter=True,
    )
    .join(TelemetryLast, TelemetryLast.series == TelemetrySeries.id, isouter=True)
)


def _last(value: float, at_ms: int) -> Last:
    return Last(value, datetime.fromtimestamp(at_ms / 1000, UTC))


def _is_meant(limit: SensorLimit, sensor: Mounted) -> bool:
    return (
        limit.quantity == sensor.quantity
        and limit.device in ("", sensor.device)
        and limit.sensor in ("", sensor.id)
    )


def _limited(limit: SensorLimit, sensor: Mounted, value: float | None) -> Iterator[Condition]:
    said = "" if value is None else f"{value:g}"
    if limit.high is not None:
        sight = beyond(value, limit.high, limit.high - limit.clear_by)
        facts = {"value": said, "limit": f"{limit.high:g}"}
        kind = AlarmKind.SENSOR_HIGH
        yield condition_of(sensor, kind, sight, Severity.HIGH, lasting=_LASTING, **facts)
    if limit.low is not None:
        sight = below(value, limit.low, limit.low + limit.clear_by)
        facts = {"value": said, "limit": f"{limit.low:g}"}
        kind = AlarmKind.SENSOR_LOW
        yield condition_of(sensor, kind, sight, Severity.HIGH, lasting=_LASTING, **facts)


def _waters(db: Session, marks: Sequence[WaterMark], now: datetime) -> Iterator[Condition]:
    """Yield the condition of each gauge whose camera is in service."""
    cameras = rows_by_key(db, CityCamera, {(mark.device, mark.camera) for mark in marks})
    devices = rows_by_key(db, Device, {mark.device for mark in marks})
    lasts = _lasts(db, [level_series(mark.device, mark.camera, mark.gauge) for mark in marks])
    for mark in marks:
        camera = cameras.get((mark.device, mark.camera))
        if camera is not None and not camera.is_retired:
            last = lasts.get(level_series(mark.device, mark.camera, mark.gauge))
            level_m = None if last is None else last.fresh(now)
            yield _water(mark, camera, devices[mark.device].site, level_m)


def _water(mark: WaterMark, camera: CityCamera, site: str, level_m: float | None) -> Condition:
    return Condition(
        kind=AlarmKind.WATER_HIGH,
        about=f"{mark.device}/{mark.camera}/{mark.gauge}",
        sight=beyond(level_m, mark.level_m, mark.level_m - FALL_M),
        severity=Severity.CRITICAL,
        facts={
            "name": camera.name,
            "value": "" if level_m is None else f"{level_m:.2f}",
            "limit": f"{mark.level_m:.2f}",
        },
        site=site,
        device=mark.device,
        camera=mark.camera,
        link=f"/kamera/{mark.device}/{mark.camera}",
        # A wave from a boat is no flood.
        lasting=timedelta(minutes=2),
    )


def _lasts(db: Session, wanted: Sequence[Series]) -> dict[Series, Last]:
    name = (TelemetrySeries.device, TelemetrySeries.source, TelemetrySeries.quantity)
    query = select(*name, TelemetryLast.value, TelemetryLast.at_ms).join(
        TelemetryLast, TelemetryLast.series == TelemetrySeries.id
    )
    found: dict[Series, Last] = {}
    for start in range(0, len(wanted), _MOST_SERIES):
        some = [(one.device, one.source, one.quantity) for one in wanted[start : start + _MOST_SERIES]]
        for device, source, quantity, value, at_ms in db.execute(query.where(is_one_of(name, some))):
            found[Series(device, source, quantity)] = _last(value, at_ms)
    return found
