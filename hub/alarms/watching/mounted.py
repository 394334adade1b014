"""Doors and sensors hang on a device: which of them are watched, and what a condition of one says."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, Sight
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door, Sensor

# ``device``, ``id``, ``name``, ``site``, and how the device is: ``is_online``, ``since``, both empty when it
# was never heard. Columns and no objects: a large fleet has thousands, and they are looked at every 10 s.
Mounted = Row[Any]


def in_service(kind: type[Door] | type[Sensor]) -> Select[*tuple[Any, ...]]:
    """Return the question for the doors, or the sensors, in service; a watch adds what it has to know."""
    return (
        select(kind.device, kind.id, kind.name, Device.site, DevicePresence.is_online, DevicePresence.since)
        .join(Device, Device.id == kind.device)
        .join(DevicePresence, DevicePresence.device == kind.device, isouter=True)
        .where(kind.is_retired.is_(False), Device.is_retired.is_(False))
    )


def condition_of(
    one: Mounted,
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
        site=one.site,
        device=one.device,
        link=f"/perangkat/{one.device}",
        lasting=lasting,
    )
