"""Complaints counted in the database, side by side, and kept for a short while. Reads only."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import PublishedFigure
from hub.cases.complaints.statistics.counting import Tally
from hub.cases.complaints.statistics.figures import Figure, Part, read_period
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord

# A number that is so old is still right for a page about years; 200,000 rows take a moment to count.
KEPT_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of month, OPD, status, category and kelurahan, and when they were made."""

    sides: Mapping[str, tuple[Tally, ...]]
    at: datetime

    @property
    def years(self) -> tuple[str, ...]:
        """The years in which complaints came in."""
        return tuple(sorted({one.year for one in self.sides["month"]}))


def count_all(db: Session, zone: ZoneInfo, now: datetime) -> Counted:
    """Count all complaints along each side, the secret ones too: a number names nobody.

    One short query a side: together they would have nearly as many rows as there are complaints.
    """
    month = _month(db, zone, now)
    year = func.substr(month, 1, 4)
    sides: dict[str, ColumnElement[Any]] = {
        "month": month,
        "opd": cast(func.coalesce(CaseRecord.opd, 0), String),
        "status": _column(CaseRecord.public_status),
        "category": _column(CaseRecord.category),
        "kelurahan": func.coalesce(CaseRecord.kelurahan, ""),
    }
    return Counted({name: _tallies(db, year, key) for name, key in sides.items()}, now)


def _tallies(db: Session, year: ColumnElement[Any], key: ColumnElement[Any]) -> tuple[Tally, ...]:
    query = (
        select(year.label("tally_year"), key.label("tally_key"), func.count())
        .where(CaseRecord.family == Family.COMPLAINT)
        # By name: PostgreSQL does not know an expression again whose values come apart from it.
        .group_by("tally_year", "tally_key")
    )
    return tuple(Tally(*row) for row in db.execute(query).all())


def _column(column: Any) -> ColumnElement[Any]:
    return cast(column, String)


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
        self._last: Counted | None = None

    def counted(self, db: Session, zone: ZoneInfo, now: datetime) -> Counted:
        """Return the counts, made now or a moment ago."""
        with self._lock:
            last = self._last
        if last is not None and timedelta(0) <= now - last.at < self.kept_for:
            return last
        made = count_all(db, zone, now)
        with self._lock:
            self._last = made
        return made


def _month(db: Session, zone: ZoneInfo, now: datetime) -> ColumnElement[Any]:
    """Return ``2026-11`` of the city's calendar as the database writes it."""
    if db.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone(zone.key, CaseRecord.opened_at), "YYYY-MM")
    # The city has no daylight saving: its offset today is its offset always.
    offset = zone.utcoffset(now) or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    return cast(func.strftime("%Y-%m", CaseRecord.opened_at, f"{minutes:+d} minutes"), String)
