"""Due times follow the calendar: a holiday that is entered later moves what was promised before.

The times of a case are written with each of its steps; whoever changes the calendar touches no case.
So a digest of the calendar tells when it changed, and then the open cases are counted anew, some at
a time: nobody waits for twelve thousand of them.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.cases.clock.working_days import WorkingDays
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.models import CalendarSeen, CaseRecord
from hub.cases.keeping.steps.settling import settle
from hub.cases.keeping.versions import of_case
from hub.db import Database

log = logging.getLogger(__name__)

ANEW_EVERY_S = 300.0
MOST_AT_ONCE = 200


class CalendarFollower:
    """Turned by ingest; see ``hub/casework.py``."""

    def __init__(self, *, database: Database, engine: CaseEngine, now: Callable[[], datetime]) -> None:
        """Take collaborators; nothing is read yet."""
        self._database, self._engine, self._now = database, engine, now

    def __call__(self) -> bool:
        """Count some open cases anew if the calendar changed; return whether there are more."""
        now = self._now()
        with self._database.reading() as db:
            digest = digest_of(self._engine.working_days(db), now)
            seen = db.get(CalendarSeen, CalendarSeen.ONLY)
        if seen is not None and seen.digest == digest and seen.next_case is None:
            return False
        with self._database.writing() as db:
            return count_anew(db, self._engine, digest, now)


def digest_of(calendar: WorkingDays, now: datetime) -> str:
    """Return what tells a calendar from another one: the hours of last year, this one and the next."""
    year = now.astimezone(calendar.zone).year
    days = (date(year - 1, 1, 1) + timedelta(days=number) for number in range(3 * 366))
    hours = "\n".join(f"{day} {calendar.hours_of(day)}" for day in days)
    return hashlib.sha256(hours.encode()).hexdigest()


def count_anew(db: Session, engine: CaseEngine, digest: str, now: datetime) -> bool:
    """Write the due times of some open cases anew; return whether there are more. Never commits.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        digest: Of the calendar that is counted by.
        now: The present.
    """
    seen = db.get(CalendarSeen, CalendarSeen.ONLY)
    if seen is None or seen.digest != digest:
        seen = db.merge(CalendarSeen(id=CalendarSeen.ONLY, digest=digest, next_case=0))
    open_cases = select(CaseRecord).where(
        CaseRecord.closed_at.is_(None), CaseRecord.id >= (seen.next_case or 0)
    )
    cases = db.scalars(open_cases.order_by(CaseRecord.id).limit(MOST_AT_ONCE).with_for_update()).all()
    calendar = engine.working_days(db)
    # Read once for all of them.
    same = replace(engine, working_days=lambda _db: calendar)
    for case in cases:
        _settle_safely(db, same, case, now)
    has_more = len(cases) == MOST_AT_ONCE
    seen.next_case = cases[-1].id + 1 if has_more else None
    db.flush()
    return has_more


def _settle_safely(db: Session, engine: CaseEngine, case: CaseRecord, now: datetime) -> None:
    """Settle one case; whatever is wrong with it keeps no other from its new time."""
    try:
        with db.begin_nested():
            settle(db, engine, case, of_case(db, case), now=now.astimezone(UTC))
    except OperationalError:
        raise  # it is the database's trouble, not this case's
    except Exception:
        log.exception("case %s: its due time cannot be counted anew", case.id)
