"""What is known of one camera besides its picture: where it looks and whose it is, what held it, who watched.

Reads only. Who watched is for those who answer for the control room; views decide who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent
from hub.cctv.live.models import CameraView as Watching
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.cctv.outages.service import outages_of_camera
from hub.errors import NotFoundError
from hub.people.models import Account
from hub.places.models import CameraOwner, CameraSettingsVersion, CityCamera, Device
from hub.places.purposes import WORDS, Purpose
from hub.places.settings.service import history_of

_BACK = timedelta(days=30)
MOST_OUTAGES = 5
MOST_EVENTS = 4
MOST_WATCHED = 10
MOST_VERSIONS = 5
_WINDS = ("U", "TL", "T", "TG", "S", "BD", "B", "BL")


@dataclass(frozen=True, slots=True)
class Held:
    """An outage that held the camera, with the ticket on it."""

    outage: Outage
    began_at: datetime
    ended_at: datetime | None
    ticket: FaultTicket | None


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """Everything beside the picture. ``site`` is the point's id; ``wind`` is empty when unmeasured."""

    site: str
    row: CityCamera
    owners: tuple[CameraOwner, ...]
    purposes: tuple[str, ...]
    wind: str
    held: tuple[Held, ...]
    events: tuple[CameraEvent, ...]
    versions: Sequence[CameraSettingsVersion]


def record_of(db: Session, device: str, camera: str, now: datetime) -> CameraRecord:
    """Return the record of a camera.

    Raises:
        NotFoundError: the inventory has no such camera.
    """
    row, host = db.get(CityCamera, (device, camera)), db.get(Device, device)
    if row is None or host is None:
        raise NotFoundError(f"{device}/{camera}")
    owners = select(CameraOwner).where(CameraOwner.device == device, CameraOwner.camera == camera)
    return CameraRecord(
        site=host.site,
        row=row,
        owners=tuple(db.scalars(owners.order_by(CameraOwner.valid_from.desc()))),
        purposes=tuple(WORDS[Purpose(name)] for name in row.purposes.split()),
        wind=wind_of(row.heading_deg),
        held=_held(db, outages_of_camera(db, device, camera, now - _BACK, now)),
        events=_events(db, device, camera),
        versions=history_of(db, device, camera, limit=MOST_VERSIONS),
    )


def wind_of(heading_deg: float | None) -> str:
    """Return the Indonesian letters of a direction: 0 is north, 90 is "T" (timur), east."""
    if heading_deg is None:
        return ""
    return _WINDS[round(heading_deg / 45) % len(_WINDS)]


def watched_by(db: Session, device: str, camera: str) -> list[tuple[Watching, str]]:
    """Return who watched live last, with their names, the newest first."""
    query = (
        select(Watching, Account.display_name)
        .join(Account, Account.id == Watching.account_id)
        .where(Watching.device == device, Watching.camera == camera)
        .order_by(Watching.began_at.desc(), Watching.id.desc())
        .limit(MOST_WATCHED)
    )
    return [(row, name) for row, name in db.execute(query)]


def _held(db: Session, pairs: Sequence[tuple[OutageCamera, Outage]]) -> tuple[Held, ...]:
    newest = pairs[:MOST_OUTAGES]
    numbers = [outage.id for _row, outage in newest]
    tickets = {
        one.outage: one for one in db.scalars(select(FaultTicket).where(FaultTicket.outage.in_(numbers)))
    }
    return tuple(Held(outage, row.began_at, row.ended_at, tickets.get(outage.id)) for row, outage in newest)


def _events(db: Session, device: str, camera: str) -> tuple[CameraEvent, ...]:
    query = select(CameraEvent).where(CameraEvent.device == device, CameraEvent.camera == camera)
    newest_first = query.order_by(CameraEvent.began_at.desc(), CameraEvent.id.desc())
    return tuple(db.scalars(newest_first.limit(MOST_EVENTS)))
