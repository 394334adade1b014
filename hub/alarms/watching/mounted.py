"""Doors and sensors hang on a device: which of them are watched, and what a condition of one says."""

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, Sight
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door, Sensor

Mounted = TypeVar("Mounted", Door, Sensor)


def in_service(db: Session, kind: type[Mounted]) -> list[tuple[Mounted, Device, DevicePresence | None]]:
    """Return the doors, or the sensors, in service, each with its device and how that is."""
    query = (
        select(kind, Device, DevicePresence)
        .join(Device, Device.id == kind.device)
        .join(DevicePresence, DevicePresence.device == kind.device, isouter=True)
        .where(kind.is_retired.is_(False), Device.is_retired.is_(False))
    )
    return [(one, device, presence) for one, device, presence in db.execute(query)]


def condition_of(
    one: Door | Sensor,
    device: Device,
    kind: AlarmKind,
    sight: Sight,
    severity: Severity,
    *,
    lasting: timedelta = timedelta(0),
    **facts: str,
) -> Condition:
    """Return a condition of a door or a sensor; ``facts`` are besides its name."""
    return Condition(
        kind=kind,
        about=f"{one.device}/{one.id}",
        sight=sight,
        severity=severity,
        facts={"name": one.name, **facts},
        site=device.site,
        device=one.device,
        link=f"/perangkat/{one.device}",
        lasting=lasting,
    )
