"""Many rows in one statement at the driver, the same on SQLite and PostgreSQL.

For the hot path of ingest only; everything else speaks SQLAlchemy's own language. Values are
those of the drivers: integers, floats, text, bytes.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, alias, and_, inspect, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

# Columns as (name, PostgreSQL type): PostgreSQL is given one array a column.
Columns = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BulkInsert:
    """``INSERT`` of any number of tuples.

    ``conflict`` is the text after the values, the same for both databases; rows of one run must
    not conflict with each other when it updates.
    """

    table: str
    columns: Columns
    conflict: str = ""

    def run(self, session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert ``rows``, each with one value a column."""
        if not rows:
            return
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self._for_sqlite, list(rows))
        else:
            connection.exec_driver_sql(self._for_postgresql, tuple(map(list, zip(*rows, strict=True))))

    @cached_property
    def _head(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(name for name, _ in self.columns)})"

    @cached_property
    def _for_sqlite(self) -> str:
        return f"{self._head} VALUES ({', '.join('?' * len(self.columns))}) {self.conflict}"

    @cached_property
    def _for_postgresql(self) -> str:
        # One statement with arrays: executemany would cost a round trip of the pipeline for each row.
        return f"{self._head} SELECT * FROM {_unnest(self.columns)} AS given {self.conflict}"  # noqa: S608 (names are constants of this program)


@dataclass(frozen=True)
class BulkSelect:
    """Rows of a table by many keys at once; ``key`` columns should be a prefix of an index."""

    table: str
    key: Columns
    values: tuple[str, ...]
    for_update: bool = False

    def run(self, session: Session, keys: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        """Return key columns and values of the rows that exist, in no order."""
        if not keys:
            return []
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            return connection.exec_driver_sql(self._for_sqlite, (json.dumps(keys),)).all()
        arrays = tuple(map(list, zip(*keys, strict=True)))
        return connection.exec_driver_sql(self._for_postgresql, arrays).all()

    @cached_property
    def _wanted(self) -> str:
        names = [name for name, _ in self.key] + list(self.values)
        return "SELECT " + ", ".join(f"held.{name}" for name in names)

    @cached_property
    def _for_sqlite(self) -> str:
        match = " AND ".join(
            f"held.{name} = json_extract(wanted.value, '$[{index}]')"
            for index, (name, _) in enumerate(self.key)
        )
        # CROSS JOIN keeps SQLite from scanning the table instead of the keys.
        return f"{self._wanted} FROM json_each(?) AS wanted CROSS JOIN {self.table} AS held ON {match}"

    @cached_property
    def _for_postgresql(self) -> str:
        match = " AND ".join(f"held.{name} = wanted.{name}" for name, _ in self.key)
        names = ", ".join(name for name, _ in self.key)
        # Locked in one order, so that two workers wait for each other in turn and not in a ring.
        lock = f" ORDER BY {', '.join(f'held.{name}' for name, _ in self.key)} FOR UPDATE OF held"
        return (
            f"{self._wanted} FROM {_unnest(self.key)} AS wanted({names}) JOIN {self.table} AS held ON {match}"
            + (lock if self.for_update else "")
        )


def _unnest(columns: Columns) -> str:
    return f"unnest({', '.join(f'%s::{kind}[]' for _, kind in columns)})"


def upsert(
    session: Session,
    model: type[DeclarativeBase],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    changes: Callable[[Any], Mapping[str, Any]] | None = None,
) -> None:
    """Insert rows of a model; where the key exists, change that row or leave it.

    Args:
        session: A writing session.
        model: The table.
        rows: Values by column name, types of the model.
        key: Columns of a unique constraint.
        changes: Given the refused row (``excluded``), returns what to set; ``None``: nothing.
    """
    if not rows:
        return
    is_sqlite = session.connection().dialect.name == "sqlite"
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(model.__table__)  # type: ignore[arg-type]  # a mapped class has a Table
    if changes is None:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    else:
        statement = statement.on_conflict_do_update(
            index_elements=key, set_=dict(changes(_excluded_of(model)))
        )
    session.execute(statement, [dict(row) for row in rows])


@cache
def _excluded_of(model: type[DeclarativeBase]) -> Any:
    # As Insert.excluded, made once a table: one a call is a ring of a hundred objects that waits for the
    # garbage collector, each time that something is heard of a device.
    return alias(model.__table__, name="excluded").columns


def is_one_of(columns: Sequence[Any], keys: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return the condition that some columns together are one of ``keys``.

    Args:
        columns: In the order of an index; SQLite looks there for the first column. Asked for tuples alone
            it reads the whole table.
        keys: Values, one a column; SQLite's limit of variables is 32,766.
    """
    first = columns[0].in_(sorted({key[0] for key in keys}))
    return and_(first, tuple_(*columns).in_(keys))


# SQLite's limit of variables is 32,766; no key of ours has more than four columns.
_MOST_KEYS = 5_000
_Row = TypeVar("_Row", bound=DeclarativeBase)


def rows_by_key(session: Session, model: type[_Row], keys: Iterable[Any]) -> dict[Any, _Row]:
    """Return the rows that exist, by primary key: one question for a batch and not one a row.

    Args:
        session: The session; what is changed in it and not written yet is written first.
        model: The table.
        keys: As ``Session.get`` takes them: a tuple, or the value when the key is one column.
    """
    mapper = inspect(model)
    columns = mapper.primary_key
    is_single = len(columns) == 1
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), _MOST_KEYS):
        some = wanted[start : start + _MOST_KEYS]
        place = columns[0].in_(some) if is_single else is_one_of(columns, some)
        for row in session.scalars(select(model).where(place)):
            key = mapper.primary_key_from_instance(row)
            found[key[0] if is_single else tuple(key)] = row
    return found
