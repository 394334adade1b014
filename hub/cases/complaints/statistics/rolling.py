"""Adds complaints up by month, so that no page counts 200,000: months that changed are counted anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import ComplaintTally, TalliesMade
from hub.cases.complaints.statistics.counted import MonthCount, all_months, count_months, month_of
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.db import Database

ADD_UP_EVERY_S = 60.0
# Steps are numbered before they are committed: a younger number may be seen before an older one.
# No transaction lasts as long as this; until then a step is looked at again each time.
_SETTLED_AFTER = timedelta(minutes=10)
# Whatever changed without a step (a row taken out by hand) is right again the next day.
_WHOLE_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted: all lines of some months, and up to which step that is true."""

    months: tuple[str, ...]
    lines: tuple[MonthCount, ...]
    up_to_step: int
    is_whole: bool


def adder(database: Database, zone: ZoneInfo, now: Callable[[], datetime]) -> Callable[[], None]:
    """Return the chore."""

    def add_up() -> None:
        at = now()
        # Counting takes a while the first time: it is done before anybody has to wait for the writer.
        with database.reading() as db:
            sums = changed_sums(db, zone, at)
        with database.writing() as db:
            keep_sums(db, sums, at)

    return add_up


def changed_sums(db: Session, zone: ZoneInfo, now: datetime) -> Sums:
    """Count the months in which something changed since the last time; all of them once a day."""
    made = db.get(TalliesMade, TalliesMade.ONLY)
    is_whole = made is None or now - made.whole_at >= _WHOLE_EVERY
    after = 0 if made is None else made.up_to_step
    settled = select(func.max(CaseStep.id)).where(CaseStep.id > after, CaseStep.at <= now - _SETTLED_AFTER)
    up_to_step = db.scalars(settled).one() or after
    months = all_months(db, zone) if is_whole else _touched(db, after, zone)
    return Sums(months, count_months(db, months, zone), up_to_step, is_whole)


def _touched(db: Session, after: int, zone: ZoneInfo) -> tuple[str, ...]:
    query = (
        select(CaseRecord.opened_at)
        .join(CaseStep, CaseStep.case_id == CaseRecord.id)
        .where(CaseStep.id > after, CaseRecord.family == Family.COMPLAINT)
        .distinct()
    )
    return tuple(sorted({month_of(at, zone) for at in db.scalars(query)}))


def keep_sums(db: Session, sums: Sums, now: datetime) -> None:
    """Put what was counted in the place of what stood there. Never commits."""
    old = delete(ComplaintTally)
    db.execute(old if sums.is_whole else old.where(ComplaintTally.month.in_(sums.months)))
    rows = [{"month": one.month, "side": one.side, "key": one.key, "count": one.count} for one in sums.lines]
    if rows:
        db.execute(insert(ComplaintTally), rows)
    made = db.get(TalliesMade, TalliesMade.ONLY)
    if made is None:
        made = TalliesMade(id=TalliesMade.ONLY, whole_at=now)
        db.add(made)
    made.up_to_step, made.at = sums.up_to_step, now
    if sums.is_whole:
        made.whole_at = now
