"""What screens say about doors and today's attendance."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.hadir.models import DoorScan
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door, Site

LAST_SCANS = 5


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One of the last scans; a number, no name: the wall is seen by everybody."""

    at: datetime
    person: int
    assurance: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class DoorView:
    """One door as screens show it."""

    device: str
    door: str
    name: str
    site: str
    direction: str
    is_online: bool | None
    heard_at: datetime | None
    today: int
    scans: tuple[ScanLine, ...]


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the city's last midnight, in UTC."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def count_present(db: Session, since: datetime) -> int:
    """Return how many different persons were seen since ``since``; repeated codes do not count."""
    query = select(func.count(func.distinct(DoorScan.person))).where(
        DoorScan.at >= since, DoorScan.is_repeated.is_(False)
    )
    return db.scalar(query) or 0


def list_doors(db: Session, *, since: datetime) -> tuple[DoorView, ...]:
    """Return every door of the inventory with its last scans and its number since ``since``."""
    rows = db.execute(
        select(Door, Site, DevicePresence)
        .join(Device, Device.id == Door.device)
        .join(Site, Site.id == Device.site)
        .join(DevicePresence, DevicePresence.device == Door.device, isouter=True)
        .where(Door.is_retired.is_(False))
        .order_by(Site.name, Door.name, Door.device, Door.id)
    ).all()
    return tuple(_view(db, door, site, presence, since) for door, site, presence in rows)


def _view(db: Session, door: Door, site: Site, presence: DevicePresence | None, since: datetime) -> DoorView:
    is_here = (DoorScan.device == door.device, DoorScan.door == door.id)
    today = select(func.count(func.distinct(DoorScan.person))).where(
        *is_here, DoorScan.at >= since, DoorScan.is_repeated.is_(False)
    )
    last = select(DoorScan).where(*is_here).order_by(DoorScan.at.desc(), DoorScan.id.desc()).limit(LAST_SCANS)
    return DoorView(
        device=door.device,
        door=door.id,
        name=door.name,
        site=site.name,
        direction=door.direction,
        is_online=presence.is_online if presence else None,
        heard_at=presence.last_seen_at if presence else None,
        today=db.scalar(today) or 0,
        scans=tuple(
            ScanLine(scan.at, scan.person, scan.assurance, scan.is_repeated) for scan in db.scalars(last)
        ),
    )
