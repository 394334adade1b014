"""A year of absence as PP 94/2021 counts it: an indication on a screen, a person decides.

Only published results count: a day before the readers were there, or that nobody published yet,
accuses nobody. Nothing here writes.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.hadir.models import DayOutcome
from hub.hadir.results.month import ladder_indication, longest_absence
from hub.hadir.results.reading.rows import result_of
from hub.hadir.results.rules import DayStatus


@dataclass(frozen=True, slots=True)
class YearOfAbsence:
    """Unexcused days of one person since the first of January.

    ``minutes`` are those of lateness and leaving early; whether PP 94/2021 keeps the conversion of
    PP 53/2010 into days could not be verified, so they are shown and not added.
    """

    year: int
    until: date
    absent_days: int
    longest_run: int
    minutes: int
    indication: str | None


def year_of(db: Session, *, person: int, until: date) -> YearOfAbsence:
    """Count somebody's year up to a day.

    Args:
        db: Any session.
        person: Whose.
        until: The last day that counts.
    """
    query = (
        select(DayOutcome.body)
        .where(
            DayOutcome.person_number == person,
            DayOutcome.is_current.is_(True),
            DayOutcome.day.between(until.replace(month=1, day=1), until),
        )
        .order_by(DayOutcome.day)
    )
    days = [result_of(body) for body in db.scalars(query)]
    absent_days, run = sum(day.status is DayStatus.ABSENT for day in days), longest_absence(days)
    return YearOfAbsence(
        year=until.year,
        until=until,
        absent_days=absent_days,
        longest_run=run,
        minutes=sum(day.late_min + day.early_min for day in days),
        indication=ladder_indication(absent_days, run),
    )
