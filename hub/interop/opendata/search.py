"""Rows of a dataset as they are asked for: filtered, searched, ordered, one page. Pure.

Rows are gone through once and not kept, so that a large dataset costs time and no memory; only an
order asked for needs them together, and is refused beyond :data:`MOST_SORTED`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from hub.interop.opendata.shape import Cell, Row

# CKAN 2.11 documentation, datastore_search: 100 unless said, 32,000 at most.
USUAL_LIMIT = 100
MOST_ROWS = 32_000
MOST_SORTED = 100_000


class SearchError(Exception):
    """What was asked for cannot be answered; ``field`` names which part of the question it is."""

    def __init__(self, field: str, reason: str) -> None:
        """Take the part of the question and what is wrong with it."""
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Order:
    """One part of an order."""

    column: str
    is_falling: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a dataset."""

    filters: Mapping[str, Sequence[Cell]]
    text: str = ""
    order: tuple[Order, ...] = ()
    offset: int = 0
    limit: int = USUAL_LIMIT
    is_distinct: bool = False
    columns: tuple[str, ...] = ()

    @property
    def is_of_all(self) -> bool:
        """Whether every row is wanted as it comes: then none after the page needs to be read."""
        return not (self.filters or self.text or self.order or self.is_distinct)


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of rows, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def read_order(text: str, columns: Sequence[str]) -> tuple[Order, ...]:
    """Read ``"tahun desc, nama"``.

    Raises:
        SearchError: a column is not there, or a direction is neither ``asc`` nor ``desc``.
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _space, direction = part.partition(" ")
        direction = direction.strip().lower() or "asc"
        if name.strip('"') not in columns:
            raise SearchError("sort", f"there is no column {name!r}")
        if direction not in ("asc", "desc"):
            raise SearchError("sort", f"{direction!r} is neither asc nor desc")
        found.append(Order(name.strip('"'), direction == "desc"))
    return tuple(found)


def answer(rows: Iterable[Row], question: Question, *, total: int | None = None) -> Answer:
    """Return the page that is asked for.

    Args:
        rows: All there are.
        question: Which of them, and in what order.
        total: How many rows there are, when that is known without reading them.

    Raises:
        SearchError: an order is asked for over more rows than can be held.
    """
    if total is not None and question.is_of_all:
        end = min(question.offset + question.limit, total)
        page = islice(rows, min(question.offset, end), end)
        return Answer(tuple(_cut(page, question)), total)
    kept: Iterable[Row] = (row for row in rows if _is_wanted(row, question))
    kept = _cut(kept, question)
    if question.is_distinct:
        kept = _each_once(kept)
    if question.order:
        kept = _in_order(kept, question.order)
    found, seen = [], 0
    end = question.offset + question.limit
    for row in kept:
        if question.offset <= seen < end:
            found.append(row)
        seen += 1
    return Answer(tuple(found), seen)


def _cut(rows: Iterable[Row], question: Question) -> Iterable[Row]:
    if not question.columns:
        return rows
    return ({name: row.get(name) for name in question.columns} for row in rows)


def _is_wanted(row: Row, question: Question) -> bool:
    for name, wanted in question.filters.items():
        if not any(_is_same(row.get(name), value) for value in wanted):
            return False
    if not question.text:
        return True
    text = " ".join(str(cell).lower() for cell in row.values() if cell is not None)
    return all(word in text for word in question.text.lower().split())


def _is_same(cell: Cell, wanted: Cell) -> bool:
    """Compare as a client means it: ``"2021"`` in an address is the number 2021 of a column."""
    if isinstance(cell, int | float) and not isinstance(wanted, int | float):
        try:
            return wanted is not None and float(wanted) == cell
        except ValueError:
            return False
    return cell == wanted


def _each_once(rows: Iterable[Row]) -> Iterable[Row]:
    seen: set[tuple[tuple[str, Cell], ...]] = set()
    for row in rows:
        key = tuple(row.items())
        if key not in seen:
            seen.add(key)
            yield row


def _in_order(rows: Iterable[Row], order: Sequence[Order]) -> list[Row]:
    held = list(islice(rows, MOST_SORTED + 1))
    if len(held) > MOST_SORTED:
        raise SearchError("sort", f"more than {MOST_SORTED} rows: narrow them by filters first")
    for one in reversed(order):
        held.sort(key=_key_of(one.column), reverse=one.is_falling)
    return held


def _key_of(column: str) -> Callable[[Row], tuple[int, float, str]]:
    def key(row: Row) -> tuple[int, float, str]:
        match row.get(column):
            case None:
                return (0, 0.0, "")
            case int() | float() as number:
                return (1, float(number), "")
            case text:
                return (2, 0.0, str(text))

    return key
