"""Outages as screens show them: named places, owners, tickets; read in a few queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.outages.facts import Scope
from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.cctv.outages.rules import SURE
from hub.cctv.rules import Cause
from hub.places.models import CityCamera, Device, Site
from hub.places.owning.service import owners_on
from hub.places.reach import PlaceReach

CameraKey = tuple[str, str]
# West Indonesian time has no daylight saving (Keppres 41/1987); owners change at midnight there.
_WIB = timezone(timedelta(hours=7))
_LIKELY = 0.7


@dataclass(frozen=True, slots=True)
class OutageFilter:
    """What of the list is asked for; empty is everything."""

    cause: str = ""
    owner: str = ""
    site: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == OutageFilter()


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One outage of the list. ``cameras`` are all within reach that it ever held."""

    number: int
    scope: Scope
    place: str
    site: str
    site_name: str
    cause: Cause
    confidence: float
    facts: tuple[str, ...]
    began_at: datetime
    ended_at: datetime | None
    flaps: int
    is_dark: bool
    owner: str
    medium: str
    cameras: tuple[CameraKey, ...]
    camera_names: tuple[str, ...]
    ticket: str
    ticket_state: str
    assignee: str

    @property
    def sureness(self) -> str:
        """How sure the cause is, as a word; never "certain"."""
        return sureness(self.confidence)

    def lasted_s(self, now: datetime) -> float:
        """Return how long it lasts, or lasted."""
        return max(0.0, ((self.ended_at or now) - self.began_at).total_seconds())


def sureness(confidence: float) -> str:
    """Return a word for a confidence; nothing that is inferred is certain."""
    if confidence >= SURE:
        return "almost"
    if confidence >= _LIKELY:
        return "likely"
    return "maybe" if confidence > 0 else ""


def rows_of_outages(
    db: Session, outages: Sequence[Outage], reach: PlaceReach, now: datetime
) -> list[OutageRow]:
    """Return the rows of outages within reach, in the order they are given."""
    numbers = [one.id for one in outages]
    held: dict[int, list[OutageCamera]] = {number: [] for number in numbers}
    query = select(OutageCamera).where(OutageCamera.outage.in_(numbers)).order_by(OutageCamera.id)
    for row in db.scalars(query):
        held[row.outage].append(row)
    tickets = {
        row.outage: row for row in db.scalars(select(FaultTicket).where(FaultTicket.outage.in_(numbers)))
    }
    city = _City.read(db, now)
    rows = []
    for outage in outages:
        seen = [row for row in held[outage.id] if reach.holds_camera(row.device, row.camera)]
        if seen:
            keys = tuple(dict.fromkeys((row.device, row.camera) for row in seen))
            is_dark = any(row.is_dark for row in seen)
            rows.append(_row(outage, keys, is_dark, tickets.get(outage.id), city))
    return rows


def wanted_rows(rows: Iterable[OutageRow], wanted: OutageFilter) -> list[OutageRow]:
    """Return the rows that are asked for."""
    return [
        row
        for row in rows
        if wanted.cause in ("", row.cause.value)
        and wanted.owner in ("", row.owner)
        and wanted.site in ("", row.site)
    ]


@dataclass(frozen=True, slots=True)
class _City:
    sites: dict[str, str]
    cameras: dict[CameraKey, tuple[str, str]]
    owners: dict[CameraKey, str]

    @classmethod
    def read(cls, db: Session, now: datetime) -> "_City":
        query = select(CityCamera.device, CityCamera.id, CityCamera.name, CityCamera.medium)
        return cls(
            sites={row.id: row.name for row in db.execute(select(Site.id, Site.name))},
            cameras={(row[0], row[1]): (row[2], row[3]) for row in db.execute(query)},
            owners={key: row.owner for key, row in owners_on(db, now.astimezone(_WIB).date()).items()},
        )


def _row(
    outage: Outage, keys: tuple[CameraKey, ...], is_dark: bool, ticket: FaultTicket | None, city: _City
) -> OutageRow:
    names = tuple(city.cameras.get(key, ("/".join(key), ""))[0] for key in keys)
    owners = Counter(city.owners[key] for key in keys if key in city.owners)
    media = Counter(city.cameras[key][1] for key in keys if key in city.cameras)
    site_name = city.sites.get(outage.site, outage.site)
    return OutageRow(
        number=outage.id,
        scope=Scope(outage.scope),
        place=names[0] if outage.scope == Scope.CAMERA and names else _place(outage, site_name),
        site=outage.site,
        site_name=site_name,
        cause=Cause(outage.cause),
        confidence=outage.confidence,
        facts=tuple(outage.evidence.split()),
        began_at=outage.began_at,
        ended_at=outage.ended_at,
        flaps=outage.flaps,
        is_dark=is_dark,
        owner=owners.most_common(1)[0][0] if owners else "",
        medium=media.most_common(1)[0][0] if media else "",
        cameras=keys,
        camera_names=names,
        ticket="" if ticket is None else ticket.number,
        ticket_state="" if ticket is None else ticket.state,
        assignee="" if ticket is None else ticket.assignee,
    )


def _place(outage: Outage, site_name: str) -> str:
    if outage.scope == Scope.SWITCH:
        return outage.key
    return f"{site_name} ({outage.key})" if outage.scope == Scope.DEVICE else site_name


def site_of_device(db: Session) -> dict[str, str]:
    """Return the point of each device."""
    return {row.id: row.site for row in db.execute(select(Device.id, Device.site))}
