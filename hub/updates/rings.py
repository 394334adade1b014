"""Rings: which devices get a release first. Rows, with three to begin with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.places.models import Device, Site
from hub.updates.models import RingMember, UpdateRing

# A day covers what happens daily: the quiet hours, the heat of noon, the morning queue at the doors.
_FIRST = (("uji", "Uji", 60), ("awal", "Awal", 1440), ("semua", "Semua", 0))


def ensure_rings(db: Session) -> None:
    """Make the first rings where there are none."""
    if db.scalar(select(func.count()).select_from(UpdateRing)) == 0:
        for place, (code, name, minutes) in enumerate(_FIRST):
            db.add(UpdateRing(code=code, name=name, place=place, settle_minutes=minutes))
        db.flush()


def rings_of(db: Session) -> Sequence[UpdateRing]:
    """Return the rings in order."""
    return db.scalars(select(UpdateRing).order_by(UpdateRing.place)).all()


def places_of(db: Session) -> dict[str, int]:
    """Return the place of the ring of every device in the inventory: its own, its site's, or the last."""
    places = {ring.code: ring.place for ring in rings_of(db)}
    last = max(places.values(), default=0)
    members = {(row.kind, row.target): places[row.ring] for row in db.scalars(select(RingMember))}
    return {
        device.id: members.get(("device", device.id), members.get(("site", device.site), last))
        for device in db.scalars(select(Device).where(Device.is_retired.is_(False)))
    }


def put_in_ring(db: Session, *, kind: str, target: str, ring: str, actor: str, now: datetime) -> None:
    """Put a device, or all of a site, into a ring; an empty ``ring`` takes it out of the list.

    Raises:
        InputError: there is no such device, site or ring.
    """
    ensure_rings(db)
    if db.get(Device if kind == "device" else Site, target) is None:
        raise InputError(f"{target!r} tidak ada di inventaris; periksa namanya")
    if ring and db.get(UpdateRing, ring) is None:
        known = ", ".join(row.code for row in rings_of(db))
        raise InputError(f"gelombang {ring!r} tidak ada; yang ada: {known}")
    db.execute(delete(RingMember).where(RingMember.kind == kind, RingMember.target == target))
    if ring:
        db.add(RingMember(kind=kind, target=target, ring=ring))
    audit.append(db, at=now, actor=actor, action="update.ring", target=f"{kind}:{target}", detail=ring)


def set_settle_minutes(db: Session, code: str, minutes: int, *, actor: str, now: datetime) -> None:
    """Say how long a ring has to be well before the next is opened.

    Raises:
        InputError: there is no such ring.
    """
    ensure_rings(db)
    row = db.get(UpdateRing, code)
    if row is None:
        raise InputError(f"gelombang {code!r} tidak ada")
    row.settle_minutes = minutes
    audit.append(
        db, at=now, actor=actor, action="update.ring", target=f"ring:{code}", detail=f"{minutes} min"
    )
