"""Noting who looks at kept pictures and why; without a purpose nobody sees one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.pictures.models import PictureLook
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.models import Account
from hub.places.purposes import Purpose

# Long enough to look closely; whoever comes back later says again why.
GOOD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of the log of looks."""

    who: str
    purpose: Purpose
    at: datetime


def purpose_of(text: str) -> Purpose:
    """Return the purpose that a form names.

    Raises:
        InputError: it names none of the declared ones.
    """
    try:
        return Purpose(text)
    except ValueError as error:
        raise InputError("Pilih tujuan melihat gambar lebih dahulu.") from error


def note_look(db: Session, look: PictureLook, *, actor: str) -> PictureLook:
    """Write a look, also in the audit chain."""
    db.add(look)
    db.flush()
    audit.append(
        db,
        at=look.at,
        actor=actor,
        action="camera.picture",
        target=f"camera:{look.device}/{look.camera}",
        detail=f"{look.purpose} {look.source} {look.event or ''}".rstrip(),
    )
    return look


def own_look(db: Session, number: int, *, account_id: int, now: datetime) -> PictureLook:
    """Return a look that this account began a short while ago.

    Raises:
        NotFoundError: there is none, it is somebody else's, or it is over.
    """
    look = db.get(PictureLook, number)
    if look is None or look.account_id != account_id or now - look.at > GOOD_FOR:
        raise NotFoundError(f"look {number}")
    return look


def looks_at_event(db: Session, event: int) -> Sequence[Looked]:
    """Return who looked at the pictures of an event, newest first."""
    rows = db.execute(
        select(PictureLook, Account.display_name)
        .join(Account, Account.id == PictureLook.account_id)
        .where(PictureLook.event == event)
        .order_by(PictureLook.at.desc(), PictureLook.id.desc())
        .limit(100)
    ).all()
    return [Looked(name, Purpose(look.purpose), look.at) for look, name in rows]
