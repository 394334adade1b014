"""Complaints counted in the database: all sides at once in one query, kept for a short while. Reads only."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import PublishedFigure
from hub.cases.complaints.statistics.counting import Cell
from hub.cases.complaints.statistics.figures import Figure, Part, read_period
from hub.cases.definition.service import Family
from hub.cases.keeping.models import CaseRecord

# A number that is so old is still right for a page about years; 200,000 rows take a moment to count.
KEPT_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts and when they were made."""

    cells: tuple[Cell, ...]
    at: datetime


def count_all(db: Session, zone: ZoneInfo, now: datetime) -> Counted:
    """Count all complaints, the secret ones too: a number names nobody."""
    month = _month(db, zone, now)
    query = (
        select(
            month,
            func.coalesce(CaseRecord.opd, 0),
            CaseRecord.public_status,
            CaseRecord.category,
            func.coalesce(CaseRecord.kelurahan, ""),
            func.count(),
        )
        .where(CaseRecord.family == Family.COMPLAINT)
        .group_by(month, CaseRecord.opd, CaseRecord.public_status, CaseRecord.category, CaseRecord.kelurahan)
    )
    return Counted(tuple(Cell(*row) for row in db.execute(query).all()), now)


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
