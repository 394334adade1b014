"""A year of absence as PP 94/2021 counts it: an indication on a screen, a person decides.

Published days count, and days as they stand where nothing is published yet. Nothing here writes.
"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hub.hadir.results.month import ladder_indication, longest_absence, month_result
from hub.hadir.results.outcomes import results
from hub.hadir.results.rules import DayStatus
from hub.hadir.results.tariff import tariff_on


@dataclass(frozen=True, slots=True)
class YearOfAbsence:
    """Unexcused days of one person since the first of January.

    ``converted_days`` are summed minutes of lateness and leaving early as days (whether PP 94/2021
    keeps that conversion of PP 53/2010 could not be verified), so they are shown and not added.
    """

    year: int
    until: date
    absent_days: int
    longest_run: int
    converted_days: int
    indication: str | None


def year_of(db: Session, *, person: int, until: date, zone: ZoneInfo) -> YearOfAbsence:
    """Count somebody's year up to a day.

    Args:
        db: Any session.
        person: Whose.
        until: The last day that counts.
        zone: The city's.
    """
    first = until.replace(month=1, day=1)
    inputs, found = results(db, persons=[person], first=first, last=until, zone=zone)
    days = [found[person, day] for day in inputs.days if (person, day) in found]
    tariff = tariff_on(until, inputs.tariffs_of(person, until))
    absent_days, run = sum(day.status is DayStatus.ABSENT for day in days), longest_absence(days)
    return YearOfAbsence(
        year=until.year,
        until=until,
        absent_days=absent_days,
        longest_run=run,
        converted_days=month_result(days, tariff).converted_days,
        indication=ladder_indication(absent_days, run),
    )
