"""Takes away rows that are over their time, a portion a transaction, so that records never wait long.

Looking for rows happens outside the writing transaction. What went is counted in the audit chain.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table, delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from hub.db import Base, Database
from hub.operating.retention.schedule import Line, Schedule, Unit
from hub.people import audit

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000
ACTOR = "system"
_DAY_ONE = date(1970, 1, 1)


class Purger(Protocol):
    """What knows the rows of one table that are over their time."""

    def count(self, db: Session, before: datetime) -> int:
        """Return how many there are."""

    def some(self, db: Session, before: datetime) -> Sequence[Any]:
        """Return the keys of one portion of them; empty: there are no more."""

    def drop(self, db: Session, keys: Sequence[Any], before: datetime) -> int:
        """Delete a portion; return how many rows went."""


class RowPurger:
    """Rows of any table by a column that says when they were."""

    def __init__(self, table: Table, line: Line) -> None:
        """Take the table and its line of the schedule."""
        self._table = table
        self._line = line
        self._key = tuple_(*table.primary_key.columns)

    def count(self, db: Session, before: datetime) -> int:
        """See :class:`Purger`."""
        query = select(func.count()).select_from(self._table).where(*self._old(before))
        return db.scalar(query) or 0

    def some(self, db: Session, before: datetime) -> Sequence[Any]:
        """See :class:`Purger`."""
        columns = self._table.primary_key.columns
        query = select(*columns).where(*self._old(before)).limit(ROWS_AT_ONCE)
        return [tuple(row) for row in db.execute(query)]

    def drop(self, db: Session, keys: Sequence[Any], before: datetime) -> int:
        """See :class:`Purger`; a row that changed since it was looked at stays."""
        gone = db.execute(delete(self._table).where(self._key.in_(keys), *self._old(before)))
        return int(getattr(gone, "rowcount", 0))

    def _old(self, before: datetime) -> list[ColumnElement[bool]]:
        wanted = [self._table.c[self._line.time] < _as_unit(self._line.unit, before)]
        return [*wanted, text(f"({self._line.when})")] if self._line.when else wanted  # type: ignore[list-item]  # a text is a condition too


@dataclass(frozen=True, slots=True)
class Due:
    """What of one table is over its time."""

    table: str
    days: int
    before: datetime
    rows: int
    basis: str


class Retention:
    """All tables that are purged, on one database."""

    def __init__(
        self,
        *,
        database: Database,
        schedule: Schedule,
        now: Callable[[], datetime],
        special: Mapping[str, Purger] | None = None,
    ) -> None:
        """Take collaborators; ``special`` are tables that are not purged row by row."""
        self._database = database
        self._schedule = schedule
        self._now = now
        self._purgers = {
            name: (special or {}).get(name) or RowPurger(Base.metadata.tables[name], line)
            for name, line in schedule.purged.items()
        }

    def due(self) -> Iterator[Due]:
        """Yield what would go now, table by table; deletes nothing."""
        for name, line in self._schedule.purged.items():
            before = self._before(line)
            with self._database.reading() as db:
                rows = self._purgers[name].count(db, before)
            yield Due(name, line.days, before, rows, self._schedule.basis[line.basis])

    def purge(self) -> dict[str, int]:
        """Take away everything that is over its time; return how many rows of which tables."""
        gone: dict[str, int] = {}
        for name, line in self._schedule.purged.items():
            rows = sum(self._portions(name, self._before(line)))
            if rows:
                gone[name] = rows
                self._note(name, line, rows)
        return gone

    def _portions(self, name: str, before: datetime) -> Iterator[int]:
        purger = self._purgers[name]
        while True:
            with self._database.reading() as db:
                keys = purger.some(db, before)
            if not keys:
                return
            with self._database.writing() as db:
                gone = purger.drop(db, keys, before)
            yield gone
            if not gone:
                return

    def _note(self, name: str, line: Line, rows: int) -> None:
        log.info("retention: %s rows of %s were older than %s days", rows, name, line.days)
        with self._database.writing() as db:
            words = f"{rows} rows older than {line.days} days ({line.basis})"
            audit.append(db, at=self._now(), actor=ACTOR, action="retention.purge", target=name, detail=words)

    def _before(self, line: Line) -> datetime:
        return self._now() - timedelta(days=line.days)


def _as_unit(unit: Unit, before: datetime) -> object:
    if unit is Unit.INSTANT:
        return before
    day = before.astimezone(UTC).date()
    if unit is Unit.DATE:
        return day
    days = (day - _DAY_ONE).days
    return days if unit is Unit.DAY else days * 24
