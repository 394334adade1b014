"""Fault tickets followed by whoever works on faults: opened, opened again and closed there as here.

Who that is, this folder does not know: the composition passes it in. A ticket remembers how far it
was followed, so that a restart repeats and loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import Session

from hub.cctv.outages.models import FaultTicket, Outage, OutageCamera
from hub.cctv.rules import Cause
from hub.places.models import CityCamera, Site

FOLLOW_EVERY_S = 5.0
_MOST_AT_ONCE = 50
OPEN, CLOSED = "open", "closed"
_CAUSES: Mapping[str, str] = {Cause.CAMERA: "kamera", Cause.POWER: "listrik", Cause.LINK: "media"}
_UNCLEAR = "belum_jelas"
_IS_OPEN = FaultTicket.closed_at.is_(None)
_BEHIND = or_(
    and_(_IS_OPEN, FaultTicket.followed != OPEN), and_(not_(_IS_OPEN), FaultTicket.followed == OPEN)
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a fault is about; ``cause`` in the city's three words, or "belum_jelas"."""

    title: str
    device: str
    camera: str
    kelurahan: str | None
    latitude: float | None
    longitude: float | None
    cause: str
    owner: str


class FaultDesk(Protocol):
    """Where faults are worked on."""

    def open(self, db: Session, fault: Fault, now: datetime) -> str:
        """Begin work on a fault; return the number of the case."""
        ...

    def open_again(self, db: Session, number: str, now: datetime) -> None:
        """Say that the fault came back."""
        ...

    def close(self, db: Session, number: str, now: datetime) -> None:
        """Say that the fault is over."""
        ...


def is_behind(db: Session) -> bool:
    """Return whether a ticket was opened or closed since it was followed last."""
    return db.scalars(select(FaultTicket.id).where(_BEHIND).limit(1)).first() is not None


def follow(db: Session, desk: FaultDesk, now: datetime) -> bool:
    """Bring the desk of faults up to what the tickets say; return whether there may be more.

    Args:
        db: A writing session.
        desk: Where faults are worked on.
        now: The present.
    """
    query = select(FaultTicket).where(_BEHIND).order_by(FaultTicket.id).limit(_MOST_AT_ONCE)
    tickets = db.scalars(query).all()
    for ticket in tickets:
        _follow_one(db, desk, ticket, now)
    db.flush()
    return len(tickets) == _MOST_AT_ONCE


def _follow_one(db: Session, desk: FaultDesk, ticket: FaultTicket, now: datetime) -> None:
    if ticket.closed_at is not None:
        if ticket.case_number:
            desk.close(db, ticket.case_number, now)
        ticket.followed = CLOSED
    elif ticket.case_number:
        desk.open_again(db, ticket.case_number, now)
        ticket.followed = OPEN
    else:
        fault = _fault_of(db, ticket)
        if fault is not None:
            ticket.case_number = desk.open(db, fault, now)
        ticket.followed = OPEN


def _fault_of(db: Session, ticket: FaultTicket) -> Fault | None:
    """Return what a ticket is about; ``None`` when no camera of it is in the inventory."""
    outage = db.get_one(Outage, ticket.outage)
    rows = db.scalars(
        select(OutageCamera).where(OutageCamera.outage == outage.id).order_by(OutageCamera.id)
    ).all()
    keys = list(dict.fromkeys((row.device, row.camera) for row in rows))
    camera = next((one for key in keys if (one := db.get(CityCamera, key)) is not None), None)
    if camera is None:
        return None
    site = db.get(Site, outage.site)
    place = site.name if site is not None else outage.site
    what = camera.name if len(keys) == 1 else f"{len(keys)} kamera"
    return Fault(
        title=f"Gangguan {what}, {place}",
        device=camera.device,
        camera=camera.id,
        kelurahan=None if site is None else site.kelurahan,
        latitude=None if site is None else site.latitude,
        longitude=None if site is None else site.longitude,
        cause=_CAUSES.get(outage.cause, _UNCLEAR),
        owner=ticket.owner,
    )
