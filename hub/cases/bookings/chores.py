"""Rooms that nobody came to are free again, and those that are used end by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.cases.bookings.models import Booking
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.holders import SYSTEM_ACTOR
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on
from hub.cases.machine.rules import Given, Refused
from hub.db import Database

LOOK_EVERY_S = 60.0
# Ours to choose: longer than the walk from the car park, shorter than a meeting.
NO_SHOW_AFTER = timedelta(minutes=20)
_ROOMS = "pinjam-ruang"


def look(db: Session, engine: CaseEngine, now: datetime) -> int:
    """Do what time does to bookings of rooms; return how many cases moved."""
    moved = 0
    for booking, case in db.execute(_begun(now)).all():
        action = _due(booking, case, now)
        if action:
            done = act_on(
                db, engine=engine, case=case, actor=SYSTEM_ACTOR, action=action, given=Given(), now=now
            )
            moved += not isinstance(done, Refused)
    return moved


def _begun(now: datetime) -> Select[Booking, CaseRecord]:
    return (
        select(Booking, CaseRecord)
        .join(CaseRecord, CaseRecord.id == Booking.case_id)
        .where(Booking.released_at.is_(None), Booking.begins_at <= now, CaseRecord.service == _ROOMS)
    )


def _due(booking: Booking, case: CaseRecord, now: datetime) -> str:
    if case.stage == "disetujui" and now >= booking.begins_at + NO_SHOW_AFTER:
        return "tidak_hadir"
    return "selesai" if case.stage == "berlangsung" and now >= booking.ends_at else ""


def booking_keeper(database: Database, engine: CaseEngine, now: Callable[[], datetime]) -> Callable[[], None]:
    """Return the same as a chore; nothing is written while nothing is due."""

    def keep() -> None:
        with database.reading() as db:
            if db.execute(_begun(now()).limit(1)).first() is None:
                return
        with database.writing() as db:
            look(db, engine, now())

    return keep
