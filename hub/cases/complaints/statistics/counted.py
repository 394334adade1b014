"""Complaints counted by month along each side: read from what was added up, or counted now. Reads only.

200,000 complaints take a second to count; a page takes what :mod:`hub.cases.complaints.statistics.rolling`
added up, and counts by itself only where nobody did.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import ComplaintTally, PublishedFigure, TalliesMade
from hub.cases.complaints.statistics.counting import Tally
from hub.cases.complaints.statistics.figures import Figure, Part, read_period
from hub.cases.complaints.statistics.satisfaction import OUTCOME, RATING, count_outcomes
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord

# A number that is so old is still right for a page about years.
KEPT_FOR = timedelta(seconds=60)
# Whoever adds up does it each minute; after so long without it the page counts by itself.
ADDED_UP_WITHIN = timedelta(hours=1)
MONTH = "month"
# All that is counted by lies in the index ix_case_record_opened: no row is read.
_SIDES: Mapping[str, ColumnElement[Any]] = {
    "opd": cast(func.coalesce(CaseRecord.opd, 0), String),
    "status": cast(CaseRecord.public_status, String),
    "category": cast(CaseRecord.category, String),
    "kelurahan": func.coalesce(CaseRecord.kelurahan, ""),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of month, OPD, status, category and kelurahan, and when they were made."""

    sides: Mapping[str, tuple[Tally, ...]]
    at: datetime

    @property
    def years(self) -> tuple[str, ...]:
        """The years in which complaints came in."""
        return tuple(sorted({one.year for one in self.sides[MONTH]}))


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many complaints of one month (``2026-11`` of the city's calendar) are alike on one side."""

    month: str
    side: str
    key: str
    count: int


def count_all(db: Session, zone: ZoneInfo, now: datetime) -> Counted:
    """Count all complaints along each side, the secret ones too: a number names nobody."""
    return _counted(count_months(db, all_months(db, zone), zone), now)


def all_months(db: Session, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the months from the first complaint to the last."""
    # One after the other: together they would look at every complaint.
    first, last = _bound(db, func.min(CaseRecord.opened_at)), _bound(db, func.max(CaseRecord.opened_at))
    if first is None or last is None:
        return ()
    return tuple(_months_between(month_of(first, zone), month_of(last, zone)))


def _bound(db: Session, of: ColumnElement[datetime]) -> datetime | None:
    return db.scalars(select(of).where(CaseRecord.family == Family.COMPLAINT)).one()


def month_of(at: datetime, zone: ZoneInfo) -> str:
    """Return ``2026-11`` of the city's calendar."""
    return f"{at.astimezone(zone):%Y-%m}"


def count_months(db: Session, months: Iterable[str], zone: ZoneInfo) -> tuple[MonthCount, ...]:
    """Count the complaints that came in in some months; a month without any has no line."""
    return tuple(line for month in months for line in _count_month(db, month, zone))


def _count_month(db: Session, month: str, zone: ZoneInfo) -> Iterator[MonthCount]:
    begin, end = _bounds(month, zone)
    came_in = (
        CaseRecord.family == Family.COMPLAINT,
        CaseRecord.opened_at >= begin,
        CaseRecord.opened_at < end,
    )
    total = 0
    for side, column in _SIDES.items():
        # By name: PostgreSQL does not know an expression again whose values come apart from it.
        query = select(column.label("tally_key"), func.count()).where(*came_in).group_by("tally_key")
        rows = db.execute(query).all()
        yield from (MonthCount(month, side, key, count) for key, count in rows)
        total = sum(count for _key, count in rows)
    if total:
        yield MonthCount(month, MONTH, month, total)
        yield from (MonthCount(month, *found) for found in count_outcomes(db, begin, end))


def _bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    number = _number(month)
    return _first_moment(number, zone), _first_moment(number + 1, zone)


def _first_moment(number: int, zone: ZoneInfo) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=zone).astimezone(UTC)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _months_between(first: str, last: str) -> Iterator[str]:
    for number in range(_number(first), _number(last) + 1):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _counted(lines: Iterable[MonthCount], at: datetime) -> Counted:
    counts: dict[str, Counter[tuple[str, str]]] = {
        side: Counter() for side in (MONTH, OUTCOME, RATING, *_SIDES)
    }
    for one in lines:
        counts[one.side][one.month[:4], one.key] += one.count
    sides = {
        side: tuple(Tally(year, key, count) for (year, key), count in found.items())
        for side, found in counts.items()
    }
    return Counted(sides, at)


def added_up(db: Session, now: datetime) -> Counted | None:
    """Return the counts that were added up lately, or ``None`` when nobody does."""
    made = db.get(TalliesMade, TalliesMade.ONLY)
    if made is None or now - made.at > ADDED_UP_WITHIN:
        return None
    year = func.substr(ComplaintTally.month, 1, 4)
    query = select(
        year.label("tally_year"), ComplaintTally.side, ComplaintTally.key, func.sum(ComplaintTally.count)
    ).group_by("tally_year", ComplaintTally.side, ComplaintTally.key)
    lines = (MonthCount(found, side, key, int(count)) for found, side, key, count in db.execute(query))
    return _counted(lines, made.at)


def published(db: Session) -> tuple[Figure, ...]:
    """Return the figures that were published, in the order they were imported."""
    return tuple(
        Figure(
            row.subject,
            read_period(row.period),
            Part(row.part),
            row.key,
            row.count,
            row.source,
            row.is_example,
        )
        for row in db.scalars(select(PublishedFigure).order_by(PublishedFigure.id))
    )


class Shelf:
    """Keeps the last count for all who ask meanwhile."""

    def __init__(self, kept_for: timedelta = KEPT_FOR) -> None:
        """Take for how long a count is good."""
        self.kept_for = kept_for
        self._lock = threading.Lock()
        self._last: tuple[datetime, Counted] | None = None

    def counted(self, db: Session, zone: ZoneInfo, now: datetime) -> Counted:
        """Return the counts, looked up now or a moment ago."""
        with self._lock:
            last = self._last
        if last is not None and timedelta(0) <= now - last[0] < self.kept_for:
            return last[1]
        made = added_up(db, now) or count_all(db, zone, now)
        with self._lock:
            self._last = (now, made)
        return made
