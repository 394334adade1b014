"""Everything a screen says about devices: the inventory, presence and health in one view."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.messages import decode_body
from edge.wire.records.bodies import DeviceHealth
from hub.errors import NotFoundError
from hub.ingest.models import DevicePresence
from hub.places.models import Device, DeviceCondition, Kelurahan, Site


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device as screens show it; ``None`` is "never said"."""

    device: str
    name: str
    site: str
    kelurahan: str
    latitude: float
    longitude: float
    is_online: bool | None
    since: datetime | None
    reason: str
    firmware: str
    hardware: str
    heard_at: datetime | None
    roster_version: int
    clock: str
    health: DeviceHealth | None
    health_at: datetime | None


def list_devices(db: Session, only: str | None = None) -> tuple[DeviceView, ...]:
    """Return the devices of the inventory, or ``only`` one, by site and name."""
    query = (
        select(Device, Site, Kelurahan, DevicePresence, DeviceCondition)
        .join(Site, Site.id == Device.site)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(DevicePresence, DevicePresence.device == Device.id, isouter=True)
        .join(DeviceCondition, DeviceCondition.device == Device.id, isouter=True)
        .where(Device.is_retired.is_(False))
        .order_by(Site.name, Device.name, Device.id)
    )
    if only is not None:
        query = query.where(Device.id == only)
    return tuple(_view(*row) for row in db.execute(query))


def get_device(db: Session, device: str) -> DeviceView:
    """Return one device.

    Raises:
        NotFoundError: the inventory has no such device.
    """
    found = list_devices(db, only=device)
    if not found:
        raise NotFoundError(device)
    return found[0]


def _view(
    device: Device,
    site: Site,
    ward: Kelurahan,
    presence: DevicePresence | None,
    condition: DeviceCondition | None,
) -> DeviceView:
    health = decode_body(condition.body.encode()) if condition is not None else None
    assert health is None or isinstance(health, DeviceHealth)
    return DeviceView(
        device=device.id,
        name=device.name,
        site=site.name,
        kelurahan=ward.name,
        latitude=site.latitude,
        longitude=site.longitude,
        is_online=presence.is_online if presence else None,
        since=presence.since if presence else None,
        reason=presence.reason if presence else "",
        firmware=presence.firmware if presence else "",
        hardware=presence.hardware if presence else "",
        heard_at=presence.last_seen_at if presence else None,
        roster_version=presence.roster_version if presence else 0,
        clock=condition.clock if condition else presence.clock if presence else "",
        health=health,
        health_at=condition.at if condition else None,
    )
