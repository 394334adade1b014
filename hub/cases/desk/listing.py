"""The lists of an officer: what waits at their desks, what was given to them, all that they may see.

Paged by key, never by counting rows: the thousandth page costs what the first does. Each list is a
few simple queries that an index answers, put together here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.cases.keeping.holders import holds_of
from hub.cases.keeping.models import CaseRecord, CaseWait
from hub.cases.keeping.numbering import plain_tracking_code
from hub.cases.keeping.seeing import branches_of
from hub.web.formats import YEARS
from hub.web.typed.whole_numbers import is_whole_number

PAGE = 50
# A number above this is shown as "more than": nobody counts further.
MOST_COUNTED = 1000


class Shelf(StrEnum):
    """Which list; the values are words of addresses."""

    DESK = "meja"  # waits at a desk that I hold
    MINE = "saya"  # was given to me
    ALL = "semua"  # all that I may see, closed ones too


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for; empty: everything."""

    shelf: Shelf = Shelf.DESK
    service: str = ""
    stage: str = ""
    is_late: bool = False


# Where a page begins: after this moment and case in lists by due time, below this case in lists by age.
Cursor = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases and where the next page begins, if there is one."""

    cases: tuple[CaseRecord, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What the head of the inbox says; at most :data:`MOST_COUNTED` each."""

    waiting: int
    late: int
    mine: int


class Inbox:
    """The lists of one account at one moment."""

    def __init__(self, db: Session, *, account_id: int, now: datetime) -> None:
        """Take a session and whose lists they are."""
        self._db, self._account_id, self._now = db, account_id, now
        self._desks = sorted({hold.desk for hold in holds_of(db, account_id, now)})

    def page(self, wanted: Wanted, after: Cursor | None = None, size: int = PAGE) -> Page:
        """Return one page.

        Args:
            wanted: The list and its filters.
            after: As the page before said; ``None``: the first.
            size: How many cases.
        """
        # One more than is shown tells whether there is a next page.
        keys = list(islice(self._keys(wanted, after, size + 1), size + 1))
        shown = keys[:size]
        rows = self._db.scalars(select(CaseRecord).where(CaseRecord.id.in_([key[1] for key in shown]))).all()
        by_id = {row.id: row for row in rows}
        cases = tuple(by_id[number] for _at, number in shown if number in by_id)
        return Page(cases, shown[-1] if len(keys) > size else None)

    def counts(self) -> Counts:
        """Return how much there is to do."""
        mine = select(CaseRecord.id).where(self._is_mine())
        return Counts(
            waiting=self._count(self._waiting()),
            late=self._count(self._waiting().where(CaseWait.queue_at < self._now)),
            mine=self._count(mine),
        )

    def _keys(self, wanted: Wanted, after: Cursor | None, most: int) -> Iterator[Cursor]:
        if wanted.shelf is Shelf.DESK:
            found = (self._of_desk(desk, wanted, after, most) for desk in self._desks)
            return _once(merge(*found))
        if wanted.shelf is Shelf.MINE:
            return iter(self._by_due(self._filtered(wanted, self._is_mine()), after, most))
        branches = branches_of(self._db, self._account_id, self._now)
        conditions = [self._filtered(wanted, branch.condition) for branch in branches]
        if wanted.is_late:
            return _once(merge(*(self._by_due(condition, after, most) for condition in conditions)))
        newest = merge(*(self._by_age(condition, after, most) for condition in conditions), reverse=True)
        return _once(newest)

    def _of_desk(self, desk: str, wanted: Wanted, after: Cursor | None, most: int) -> list[Cursor]:
        query = select(CaseWait.queue_at, CaseWait.case_id).where(CaseWait.desk == desk)
        if wanted.service:
            query = query.where(CaseWait.service == wanted.service)
        if wanted.stage:
            query = query.where(CaseWait.stage == wanted.stage)
        if wanted.is_late:
            query = query.where(CaseWait.queue_at < self._now)
        if after is not None:
            query = query.where(_beyond(CaseWait.queue_at, CaseWait.case_id, after))
        rows = self._db.execute(query.order_by(CaseWait.queue_at, CaseWait.case_id).limit(most))
        return [(at, number) for at, number in rows]

    def _by_due(self, condition: ColumnElement[bool], after: Cursor | None, most: int) -> list[Cursor]:
        query = select(CaseRecord.queue_at, CaseRecord.id).where(condition)
        if after is not None:
            query = query.where(_beyond(CaseRecord.queue_at, CaseRecord.id, after))
        rows = self._db.execute(query.order_by(CaseRecord.queue_at, CaseRecord.id).limit(most))
        return [(at, number) for at, number in rows]

    def _by_age(self, condition: ColumnElement[bool], after: Cursor | None, most: int) -> list[Cursor]:
        query = select(CaseRecord.id).where(condition)
        if after is not None:
            query = query.where(CaseRecord.id < after[1])
        rows = self._db.scalars(query.order_by(CaseRecord.id.desc()).limit(most))
        # Newer cases have higher numbers; the moment plays no part in this order.
        return [(self._now, number) for number in rows]

    def _filtered(self, wanted: Wanted, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        parts = [condition]
        if wanted.service:
            parts.append(CaseRecord.service == wanted.service)
        if wanted.stage:
            parts.append(CaseRecord.stage == wanted.stage)
        if wanted.is_late:
            # What is late is open; said so, the index of the few open ones is enough.
            parts += [CaseRecord.queue_at < self._now, CaseRecord.closed_at.is_(None)]
        return and_(*parts)

    def _is_mine(self) -> ColumnElement[bool]:
        return and_(CaseRecord.assigned_account == self._account_id, CaseRecord.closed_at.is_(None))

    def _waiting(self) -> Select[int]:
        return select(CaseWait.case_id).where(CaseWait.desk.in_(self._desks)).distinct()

    def _count(self, query: Select[int]) -> int:
        return self._db.scalar(select(func.count()).select_from(query.limit(MOST_COUNTED).subquery())) or 0


def number_of(db: Session, typed: str) -> str | None:
    """Return the number of the case that somebody means by a number or a tracking code, or ``None``."""
    words = typed.strip()
    query = select(CaseRecord.number).where(
        or_(CaseRecord.number == words.upper(), CaseRecord.tracking_code == plain_tracking_code(words))
    )
    return db.scalars(query.limit(1)).first() if words else None


def _beyond(
    at: InstrumentedAttribute[datetime], number: InstrumentedAttribute[int], after: Cursor
) -> ColumnElement[bool]:
    """Return the rows after a key, in a form that lets an index begin there."""
    return and_(at >= after[0], or_(at > after[0], number > after[1]))


def _once(keys: Iterable[Cursor]) -> Iterator[Cursor]:
    """Leave out what stands in two lists: both are in the same order, so it comes twice in a row."""
    last: Cursor | None = None
    for key in keys:
        if key != last:
            yield key
        last = key


def cursor_text(cursor: Cursor | None) -> str:
    """Return a cursor as addresses spell it; empty for none."""
    return "" if cursor is None else f"{cursor[0].isoformat()}~{cursor[1]}"


def cursor_of(text: str) -> Cursor | None:
    """Return the cursor that an address spells; what is none begins at the first page."""
    moment, _tilde, number = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or at.year not in YEARS or not is_whole_number(number):
        return None
    return at, int(number)
