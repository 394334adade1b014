"""Watches what devices say of themselves: heat, disk, clock, backlog, voltage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import ClockQuality, DeviceHealth
from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings
from hub.alarms.watching.conditions import Condition, Sight, below, beyond
from hub.ingest.models import DevicePresence
from hub.places.models import Device, DeviceCondition

# A device says how it is every minute; older words say nothing of now.
FRESH_FOR = timedelta(minutes=5)
# A Raspberry Pi stops at 85 °C what it can (Raspberry Pi documentation, "Frequency management", 2025).
HOT_C = 85.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A device, where it stands, and its health, ``None`` where it is not known now."""

    device: str
    name: str
    site: str
    health: DeviceHealth | None


class DeviceWatch:
    """The conditions of all devices in service."""

    def __init__(self, settings: AlarmSettings) -> None:
        """Take the limits."""
        self._limits = settings

    def __call__(self, db: Session, now: datetime) -> Iterator[Condition]:
        """Yield every condition of every device."""
        for seen in devices_seen(db, now):
            yield from self._conditions(seen)

    def _conditions(self, seen: Seen) -> Iterator[Condition]:
        limits, health = self._limits, seen.health
        yield self._heat(seen)
        free = None if health is None else float(health.disk_free_mib)
        yield _of(
            seen,
            AlarmKind.DEVICE_DISK_FULL,
            below(free, limits.disk_free_mib, limits.disk_free_clear_mib),
            severity=Severity.HIGH,
            value=_whole(free),
            limit=str(limits.disk_free_mib),
        )
        worn = None if health is None else health.disk_life_used_share
        yield _of(
            seen,
            AlarmKind.DEVICE_DISK_WORN,
            beyond(worn, limits.disk_worn_share, limits.disk_worn_share),
            value=_whole(None if worn is None else worn * 100),
            limit=_whole(limits.disk_worn_share * 100),
        )
        rows = None if health is None else float(health.outbox_rows)
        yield _of(
            seen,
            AlarmKind.DEVICE_BACKLOG,
            beyond(rows, limits.backlog_rows, limits.backlog_clear_rows),
            value=_whole(rows),
            limit=str(limits.backlog_rows),
            lasting=timedelta(minutes=2),
        )
        yield _of(seen, AlarmKind.DEVICE_CLOCK, _clock(health), lasting=timedelta(minutes=5))
        power = None if health is None else health.under_voltage
        yield _of(
            seen,
            AlarmKind.DEVICE_POWER,
            _flag(power),
            severity=Severity.HIGH,
            lasting=timedelta(minutes=2),
        )

    def _heat(self, seen: Seen) -> Condition:
        limits = self._limits
        heat = None if seen.health is None else seen.health.temperature_c
        is_grave = heat is not None and heat >= max(HOT_C, limits.temperature_c)
        return _of(
            seen,
            AlarmKind.DEVICE_HOT,
            beyond(heat, limits.temperature_c, limits.temperature_clear_c),
            severity=Severity.HIGH if is_grave else Severity.MEDIUM,
            value=_whole(heat),
            limit=_whole(limits.temperature_c),
            lasting=timedelta(minutes=2),
        )


def devices_seen(db: Session, now: datetime) -> Iterator[Seen]:
    """Yield every device in service with what is known of it now."""
    query = (
        select(
            Device.id,
            Device.name,
            Device.site,
            DevicePresence.is_online,
            DeviceCondition.at,
            DeviceCondition.body,
        )
        .join(DevicePresence, DevicePresence.device == Device.id, isouter=True)
        .join(DeviceCondition, DeviceCondition.device == Device.id, isouter=True)
        .where(Device.is_retired.is_(False))
        .order_by(Device.id)
    )
    for device, name, site, is_online, at, said in db.execute(query):
        health: DeviceHealth | None = None
        if is_online and at is not None and _is_fresh(at, now):
            body = decode_body(said.encode())
            assert isinstance(body, DeviceHealth)
            health = body
        yield Seen(device, name, site, health)


def _is_fresh(at: datetime, now: datetime) -> bool:
    # A time that is still to come is that of a clock that is wrong: nobody knows when it was so.
    return timedelta() <= now - at <= FRESH_FOR


def _clock(health: DeviceHealth | None) -> Sight:
    if health is None or health.clock is None:
        return Sight.UNSEEN
    return Sight.BAD if health.clock is ClockQuality.UNKNOWN else Sight.GOOD


def _flag(value: bool | None) -> Sight:
    if value is None:
        return Sight.UNSEEN
    return Sight.BAD if value else Sight.GOOD


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _of(
    seen: Seen,
    kind: AlarmKind,
    sight: Sight,
    *,
    severity: Severity = Severity.MEDIUM,
    lasting: timedelta = timedelta(),
    **facts: str,
) -> Condition:
    return Condition(
        kind=kind,
        about=seen.device,
        sight=sight,
        severity=severity,
        facts={"name": seen.name, **facts},
        site=seen.site,
        device=seen.device,
        link=f"/perangkat/{seen.device}",
        lasting=lasting,
    )
