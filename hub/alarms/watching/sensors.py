"""Watches the newest value of sensors and of staff gauges, and sensors that fell silent."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings, SensorLimit
from hub.alarms.watching.conditions import Condition, Sight, below, beyond
from hub.alarms.watching.mounted import condition_of, in_service
from hub.ingest.models import DevicePresence
from hub.places.models import CityCamera, Device, Sensor
from hub.telemetry.camera_series import level_series
from hub.telemetry.models import TelemetryLast, TelemetrySeries

# An old value says nothing of now: the water may have risen since.
FRESH_FOR = timedelta(minutes=15)
# The water must fall this much below its mark before the alarm clears: waves are no end.
FALL_M = 0.05
# One odd value is no condition.
_LASTING = timedelta(minutes=1)


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


_Lasts = dict[tuple[str, str, str], Last]


class SensorWatch:
    """The conditions of all sensors in service, and of gauges that have a mark."""

    def __init__(self, settings: AlarmSettings, marks: WaterMarks = no_marks) -> None:
        """Take the limits, and who knows the marks of gauges."""
        self._limits = settings
        self._marks = marks

    def __call__(self, db: Session, now: datetime) -> Iterator[Condition]:
        """Yield every condition."""
        lasts = _lasts(db)
        for sensor, device, presence in in_service(db, Sensor):
            last = lasts.get((sensor.device, sensor.id, sensor.quantity))
            yield self._silence(sensor, device, presence, last, now)
            for limit in self._limits.sensors:
                if _is_meant(limit, sensor):
                    yield from _limited(limit, sensor, device, None if last is None else last.fresh(now))
        for mark in self._marks(db):
            yield from _water(db, mark, lasts, now)

    def _silence(
        self,
        sensor: Sensor,
        device: Device,
        presence: DevicePresence | None,
        last: Last | None,
        now: datetime,
    ) -> Condition:
        sight = Sight.UNSEEN
        if presence is not None and presence.is_online and last is not None:
            silent_s = now - max(last.at, presence.since)
            is_silent = silent_s > timedelta(minutes=self._limits.sensor_silent_minutes)
            sight = Sight.BAD if is_silent else Sight.GOOD
        return condition_of(sensor, device, AlarmKind.SENSOR_SILENT, sight, Severity.MEDIUM, lasting=_LASTING)


def _is_meant(limit: SensorLimit, sensor: Sensor) -> bool:
    return (
        limit.quantity == sensor.quantity
        and limit.device in ("", sensor.device)
        and limit.sensor in ("", sensor.id)
    )


def _limited(limit: SensorLimit, sensor: Sensor, device: Device, value: float | None) -> Iterator[Condition]:
    said = "" if value is None else f"{value:g}"
    if limit.high is not None:
        sight = beyond(value, limit.high, limit.high - limit.clear_by)
        facts = {"value": said, "limit": f"{limit.high:g}"}
        kind = AlarmKind.SENSOR_HIGH
        yield condition_of(sensor, device, kind, sight, Severity.HIGH, lasting=_LASTING, **facts)
    if limit.low is not None:
        sight = below(value, limit.low, limit.low + limit.clear_by)
        facts = {"value": said, "limit": f"{limit.low:g}"}
        kind = AlarmKind.SENSOR_LOW
        yield condition_of(sensor, device, kind, sight, Severity.HIGH, lasting=_LASTING, **facts)


def _water(db: Session, mark: WaterMark, lasts: _Lasts, now: datetime) -> Iterator[Condition]:
    camera = db.get(CityCamera, (mark.device, mark.camera))
    if camera is None or camera.is_retired:
        return
    series = level_series(mark.device, mark.camera, mark.gauge)
    last = lasts.get((series.device, series.source, series.quantity))
    level_m = None if last is None else last.fresh(now)
    yield Condition(
        kind=AlarmKind.WATER_HIGH,
        about=f"{mark.device}/{mark.camera}/{mark.gauge}",
        sight=beyond(level_m, mark.level_m, mark.level_m - FALL_M),
        severity=Severity.CRITICAL,
        facts={
            "name": camera.name,
            "value": "" if level_m is None else f"{level_m:.2f}",
            "limit": f"{mark.level_m:.2f}",
        },
        site=db.get_one(Device, mark.device).site,
        device=mark.device,
        camera=mark.camera,
        link=f"/kamera/{mark.device}/{mark.camera}",
        # A wave from a boat is no flood.
        lasting=timedelta(minutes=2),
    )


def _lasts(db: Session) -> _Lasts:
    query = select(TelemetrySeries, TelemetryLast).join(
        TelemetryLast, TelemetryLast.series == TelemetrySeries.id
    )
    return {
        (series.device, series.source, series.quantity): Last(
            last.value, datetime.fromtimestamp(last.at_ms / 1000, UTC)
        )
        for series, last in db.execute(query)
    }
