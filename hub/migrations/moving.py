"""Brings all rows of a hub from one database into another, SQLite or PostgreSQL on either side.

Either all of them are there in the end, compared one by one, or none. Must never change the old
database, nor write over rows of another hub. Files beside the database (letters, photos) stay where they are.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Select,
    Table,
    func,
    insert,
    inspect,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub.backup.placing import refuse_others
from hub.db import Database
from hub.errors import HubError
from hub.migrations.schema import DAY_TABLE_PREFIX, is_current, metadata, upgrade
from hub.people import audit
from hub.telemetry.catalogue import Catalogue
from hub.telemetry.models import TelemetryDay

_ROWS_AT_ONCE = 1_000
# Tables this large are told of while they are under way.
_LARGE = 100_000
_SUMS = 2**64


@dataclass(frozen=True, slots=True)
class Moved:
    """What was brought over."""

    tables: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Content:
    """A table's rows, told from any other by their number and a sum that knows no order."""

    rows: int
    sum: int


def move(source_url: str, target_url: str, *, now: datetime, actor: str, say: Callable[[str], None]) -> Moved:
    """Copy every row, compare what has arrived, and note it in the new audit chain.

    Args:
        source_url: Of a hub that is stopped.
        target_url: Of a database without rows; its tables are made.
        now: When it is done.
        actor: Who is named in the audit chain.
        say: Takes a line for a person.

    Raises:
        HubError: somebody uses one of the two, the new one holds rows, or a row cannot be kept there; the
            old one is as it was, the new one without rows.
    """
    if make_url(source_url) == make_url(target_url):
        raise HubError("both configurations name the same database")
    source, target = Database(source_url), Database(target_url)
    try:
        for url in (source_url, target_url):
            refuse_others(url)
        if not is_current(source):
            raise HubError("the old database has no tables of this version; run pontive-hub migrate first")
        _refuse_rows(target)
        upgrade(target)
        with _held_still(source) as old, target.writing() as new:
            moved = _copy_all(old, new, say)
            broken = audit.first_broken(new)
            if broken != audit.first_broken(old):
                raise HubError(f"the audit chain breaks at entry {broken} in the new database")
            name = make_url(target_url).get_backend_name()
            audit.append(
                new, at=now, actor=actor, action="database.move", target=name, detail=f"{moved.rows}"
            )
    except DBAPIError as error:
        raise HubError(f"nothing was moved: {str(error.orig).strip()}") from error
    finally:
        source.close()
        target.close()
    return moved


def _refuse_rows(target: Database) -> None:
    """Make sure that nothing is written over."""
    with target.reading() as db:
        there = set(inspect(db.connection()).get_table_names()) - {"alembic_version"}
        if foreign := sorted(name for name in there if not _is_known(name)):
            raise HubError(f"the new database has tables that are not Pontive's: {', '.join(foreign[:5])}")
        for name in sorted(there):
            row = db.execute(select(literal(1)).select_from(Table(name, MetaData())).limit(1)).first()
            if row is not None:
                remedy = "name an empty database; pontive-hub migrate is not needed there"
                raise HubError(f"the new database holds rows already, in {name}; {remedy}")


def _is_known(name: str) -> bool:
    return name in metadata().tables or name.startswith(DAY_TABLE_PREFIX)


@contextmanager
def _held_still(source: Database) -> Iterator[Session]:
    """A session of the old database in which nobody else can write until it ends."""
    with source.writing() as db:
        if not source.is_sqlite:  # SQLite has one writer, and this is it
            names = ", ".join(f'"{table.name}"' for table in _tables_of(db))
            db.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
        yield db


def _tables_of(db: Session) -> list[Table]:
    """Return all tables with what they refer to before them, and the day tables of telemetry."""
    names = inspect(db.connection()).get_table_names()
    days = MetaData()
    # As hub.telemetry.catalogue makes them.
    made = [
        Table(
            name,
            days,
            *(Column(each, BigInteger, primary_key=True) for each in ("channel", "at_ms", "rank")),
            Column("packed", LargeBinary),
        )
        for name in sorted(names)
        if name.startswith(DAY_TABLE_PREFIX)
    ]
    return [*metadata().sorted_tables, *made]


def _copy_all(old: Session, new: Session, say: Callable[[str], None]) -> Moved:
    catalogue = Catalogue()
    for day in old.scalars(select(TelemetryDay.day)):
        catalogue.open_day(new, day)
    new.execute(text("DELETE FROM telemetry_day"))  # what was noted by opening comes with the rows
    tables = _tables_of(old)
    rows = 0
    with _references_later(new.connection()):
        for table in tables:
            try:
                sent = _copy(table, old, new, say)
            except DBAPIError as error:
                raise HubError(f"nothing was moved: {table.name}: {str(error.orig).strip()}") from error
            arrived = _content(table, new)
            if sent != arrived:
                raise HubError(
                    f"nothing was moved: {table.name} has {sent.rows} rows, and {arrived.rows} "
                    "arrived or differ"
                )
            _go_on_counting(table, new)
            rows += sent.rows
    return Moved(len(tables), rows)


def _copy(table: Table, old: Session, new: Session, say: Callable[[str], None]) -> _Content:
    names = [column.name for column in table.columns]
    count, total = 0, 0
    for part in old.execute(_all_of(table)).partitions(_ROWS_AT_ONCE):
        rows = [tuple(row) for row in part]
        new.connection().execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        total += sum(map(_number_of, rows))
        count += len(rows)
        if count % _LARGE == 0:
            say(f"{table.name}: {count:,} rows")
    return _Content(count, total % _SUMS)


def _content(table: Table, db: Session) -> _Content:
    count, total = 0, 0
    for part in db.execute(_all_of(table)).partitions(_ROWS_AT_ONCE):
        total += sum(_number_of(tuple(row)) for row in part)
        count += len(part)
    return _Content(count, total % _SUMS)


def _all_of(table: Table) -> Select[Any]:
    return select(table).execution_options(yield_per=_ROWS_AT_ONCE)


def _number_of(row: tuple[object, ...]) -> int:
    # repr of a float is exact, and tells infinities and "not a number", which JSON cannot.
    words = msgspec.msgpack.encode(
        [repr(one) if isinstance(one, float) else one for one in row], order="sorted"
    )
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest())


@contextmanager
def _references_later(new: Connection) -> Iterator[None]:
    """Let rows come before the row of their own table that they refer to; all must be there at the end."""
    if new.dialect.name == "sqlite":
        new.execute(text("PRAGMA defer_foreign_keys=ON"))
        yield
        return
    own = [
        (new.dialect.identifier_preparer.format_table(table), _name_of(new, constraint))
        for table in metadata().sorted_tables
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
    ]
    for table, name in own:
        new.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"))
    yield
    new.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in own:
        new.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))


def _name_of(new: Connection, constraint: ForeignKeyConstraint) -> str:
    name = new.dialect.identifier_preparer.format_constraint(constraint)
    assert name is not None, "all constraints are named, see hub.db"
    return name


def _go_on_counting(table: Table, new: Session) -> None:
    """Let PostgreSQL number new rows after those that came; SQLite looks by itself."""
    column = table.autoincrement_column
    if column is None or new.connection().dialect.name == "sqlite":
        return
    sequence = new.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    last = new.scalar(select(func.max(column)))
    if sequence is not None and last is not None:
        new.execute(select(func.setval(sequence, last)))
