"""Rows of one kind that somebody sees: searched, narrowed, sorted, by pages; and streamed for files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.reach import RegisterReach, owned_on
from hub.registers.kind.fields import FieldKind, Kind, Where

PAGE_ROWS = 50
_STREAMED = 500
_NUMBERS = (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.YEAR, FieldKind.OPD)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is today; ``owner`` is the number of its OPD, if it has one."""

    id: int
    kind: str
    title: str
    values: Mapping[str, Any]
    owner: int | None
    valid_from: date | None
    valid_to: date | None
    source: str
    quality: str
    version: int
    changed_at: datetime
    changed_by: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is everything. ``sort`` is a field, with a minus the other way round."""

    text: str = ""
    opd: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    quality: str = ""
    is_retired: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of all that are wanted; pages count from 1."""

    rows: tuple[Row, ...]
    total: int
    number: int
    per_page: int = PAGE_ROWS

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.per_page))


def page_of(
    db: Session,
    kind: Kind,
    wanted: Wanted,
    reach: RegisterReach,
    *,
    today: date,
    number: int = 1,
    per_page: int = PAGE_ROWS,
) -> Page:
    """Return one page of rows within reach; a page behind the last one is the last one."""
    query = _query(kind, wanted, reach, today)
    total = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(1, number), max(1, -(-total // per_page)))
    ordered = query.order_by(*_order(kind, wanted.sort)).limit(per_page).offset((number - 1) * per_page)
    return Page(tuple(_row(*found) for found in db.execute(ordered)), total, number, per_page)


def every_row(db: Session, kind: Kind, wanted: Wanted, reach: RegisterReach, *, today: date) -> Iterator[Row]:
    """Yield all rows within reach, by name; a few hundred are in memory at a time."""
    query = _query(kind, wanted, reach, today).order_by(*_order(kind, wanted.sort))
    for found in db.execute(query.execution_options(yield_per=_STREAMED)):
        row = _row(*found)
        db.expunge(found[0])
        yield row


def one_row(db: Session, row: RegisterRow, today: date) -> Row:
    """Return a row that was found already, with its owner."""
    query = select(RegisterOwner.opd).where(owned_on(today), RegisterRow.id == row.id)
    return _row(row, db.scalars(query).first())


def words_in_use(
    db: Session, kind: Kind, name: str, reach: RegisterReach, *, today: date, most: int = 100
) -> list[str]:
    """Return what a field of text holds within reach, for a list to choose from."""
    column = RegisterRow.values[name].as_string()
    query = _query(kind, Wanted(), reach, today).with_only_columns(column).distinct().order_by(column)
    return [found for found in db.scalars(query.limit(most)) if found]


def _query(kind: Kind, wanted: Wanted, reach: RegisterReach, today: date) -> Select[RegisterRow, int]:
    query = (
        select(RegisterRow, RegisterOwner.opd)
        .join(RegisterOwner, owned_on(today), isouter=True)
        .where(RegisterRow.kind == kind.code, RegisterRow.is_retired == wanted.is_retired, reach.condition())
    )
    for word in wanted.text.casefold().split()[:8]:
        letters = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(RegisterRow.words.like(f"%{letters}%", escape="\\"))
    if wanted.opd is not None:
        query = query.where(RegisterOwner.opd == wanted.opd)
    if wanted.quality:
        query = query.where(RegisterRow.quality == wanted.quality)
    for name, word in wanted.fields.items():
        query = query.where(condition_of(kind, Where(field=name, values=(word,))))
    return query


def condition_of(kind: Kind, where: Where) -> ColumnElement[bool]:
    """Return a condition on values as the database understands it."""
    value: Any = RegisterRow.values[where.field]
    found: ColumnElement[bool]
    match kind.field(where.field).kind:
        case FieldKind.CHOICES:
            text = value.as_string()
            found = or_(*(text.contains(f'"{word}"', autoescape=True) for word in where.values))
        case FieldKind.YES_NO:
            found = value.as_boolean().in_([word == "ya" for word in where.values if word in ("ya", "tidak")])
        case FieldKind.YEAR | FieldKind.OPD:
            # Longer ones are no year, and more than a database can compare.
            numbers = [int(word) for word in where.values if word.isdecimal() and len(word) < 10]
            found = value.as_integer().in_(numbers)
        case FieldKind.KELURAHAN:
            found = RegisterRow.kelurahan.in_(where.values)
        case _:
            found = value.as_string().in_(where.values)
    return found


def _order(kind: Kind, sort: str) -> list[Any]:
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    if name == "diubah":
        column: Any = RegisterRow.changed_at
    elif name in kind.ids:
        value = RegisterRow.values[name]
        is_number = kind.field(name).kind in _NUMBERS
        column = value.as_float() if is_number else value.as_string()
    else:
        column = RegisterRow.title
    # What is not said comes last whichever way; equal ones keep one order, so that pages fit.
    return [column.is_(None), column.desc() if is_down else column.asc(), RegisterRow.title, RegisterRow.id]


def _row(row: RegisterRow, owner: int | None) -> Row:
    return Row(
        id=row.id,
        kind=row.kind,
        title=row.title,
        values=row.values,
        owner=owner,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        quality=row.quality,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        is_retired=row.is_retired,
    )
