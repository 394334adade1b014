"""The answers of the API for payroll: pages of months and adjustments. No names, no NIP: numbers only.

A field is never taken away or given another meaning under /v1; new ones may be added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.hadir.models import DayAdjustment, DayOutcome, MonthClosing
from hub.hadir.results.publishing.outcomes import last_of
from hub.hadir.results.reading.rows import month_of
from hub.hadir.results.rules import DayStatus
from hub.hadir.results.showing.recap import Recap, RecapLine, letters, recap_of
from hub.people.reach import PlacedPerson, Reach, people_within

MAX_LIMIT = 500
# Three years back: what an auditor may still ask for.
MAX_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page of a month: ``after`` is the last number of the page before."""

    reach: Reach
    month: date
    opd: int | None
    after: int
    limit: int


def months_answer(db: Session) -> dict[str, Any]:
    """Say which months have published results, the newest first."""
    first, last = db.execute(select(func.min(DayOutcome.day), func.max(DayOutcome.day))).one()
    closings = {row.first: row.closed_at for row in db.scalars(select(MonthClosing))}
    found: list[dict[str, Any]] = []
    month = month_of(last) if last else None
    while month is not None and month >= month_of(first) and len(found) < MAX_MONTHS:
        closed_at = closings.get(month)
        found.append(
            {
                "month": f"{month:%Y-%m}",
                "is_closed": closed_at is not None,
                "closed_at": closed_at.isoformat() if closed_at else None,
            }
        )
        month = month_of(date.fromordinal(month.toordinal() - 1))
    return {"months": found}


def people_answer(db: Session, wanted: Wanted, *, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """Return one page of people with their month."""
    people = _page(db, wanted)
    shown = people[: wanted.limit]
    found = recap_of(db, people=shown, month=wanted.month, today=today, zone=zone)
    return {
        "month": f"{wanted.month:%Y-%m}",
        "is_closed": found.is_closed,
        "rule_versions": list(found.versions),
        "is_example": found.is_example,
        "complete_until": found.complete_until.isoformat() if found.complete_until else None,
        "people": [_person(found, line) for line in found.lines],
        "next_cursor": str(shown[-1].number) if len(people) > wanted.limit else None,
    }


def adjustments_answer(db: Session, wanted: Wanted) -> dict[str, Any]:
    """Return one page of what is booked in a month for months that were closed before."""
    numbers = {person.number for person in _people(db, wanted)}
    query = (
        select(DayAdjustment)
        .where(DayAdjustment.booked_in == wanted.month, DayAdjustment.id > wanted.after)
        .order_by(DayAdjustment.id)
    )
    rows = [row for row in db.scalars(query) if row.person_number in numbers]
    shown = rows[: wanted.limit]
    return {
        "month": f"{wanted.month:%Y-%m}",
        "adjustments": [_adjustment(row) for row in shown],
        "next_cursor": str(shown[-1].id) if len(rows) > wanted.limit else None,
    }


def _people(db: Session, wanted: Wanted) -> Sequence[PlacedPerson]:
    return people_within(
        db, wanted.reach, wanted.month, last_of(wanted.month), opd=wanted.opd, also_left=True
    )


def _page(db: Session, wanted: Wanted) -> list[PlacedPerson]:
    """Return one more than the page holds, to know whether there is another."""
    later = [person for person in _people(db, wanted) if person.number > wanted.after]
    return sorted(later, key=lambda person: person.number)[: wanted.limit + 1]


def _person(found: Recap, line: RecapLine) -> dict[str, Any]:
    sums, days = line.month, [day for day in line.days if day is not None]
    return {
        "number": line.person.number,
        "opd": line.person.opd,
        "unit": line.person.unit,
        "days": {f"{day}": code for day, code in zip(found.days, letters(line), strict=True) if code},
        "late_min": sums.late_min,
        "early_min": sums.early_min,
        "worked_min": sums.worked_min,
        "overtime_min": sum(day.overtime_min for day in days),
        "approved_overtime_min": sum(day.approved_overtime_min for day in days),
        "absent_days": sum(day.status is DayStatus.ABSENT for day in days),
        "cut_percent": _text(sums.percent),
        "is_capped": sums.is_capped,
        "adjustment_percent": _text(Decimal(line.adjusted_hundredths) / 100),
        "incomplete_days": sums.incomplete_days,
        "to_review_days": sums.to_review,
        "rule_versions": sorted({day.tariff_version for day in days} - {""}),
    }


def _adjustment(row: DayAdjustment) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.person_number,
        "day": row.day.isoformat(),
        "old_code": row.old_code,
        "new_code": row.new_code,
        "percent": _text(Decimal(row.percent_hundredths) / 100),
        "computed_at": row.computed_at.isoformat(),
    }


def _text(percent: Decimal) -> str:
    """Percentages are texts, so that no reader rounds them."""
    return f"{percent.normalize():f}"
