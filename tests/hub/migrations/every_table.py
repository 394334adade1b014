"""Rows for every table of the hub, of all that a column can hold, whatever the table means."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Double,
    Integer,
    LargeBinary,
    Table,
    Text,
    Time,
    insert,
    text,
)
from sqlalchemy.orm import Session

from hub.db import UtcDateTime
from hub.migrations.schema import metadata
from hub.telemetry.catalogue import Catalogue

ROWS = 3
DAY = 20_779  # 22 Nov 2026
_AT = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC)
_REALS = (0.1 + 0.2, -0.0, 1e300)


def fill(db: Session) -> int:
    """Put rows into all tables, those of telemetry's days too; return how many."""
    if db.connection().dialect.name == "sqlite":
        db.execute(text("PRAGMA defer_foreign_keys=ON"))
    rows: dict[tuple[str, str], list[Any]] = {}
    number = 0
    for table in metadata().sorted_tables:
        if table.name == "telemetry_day":
            continue
        # Backwards: where a table refers to itself, the row that is referred to comes later.
        for n in range(ROWS):
            values = {column.name: _value(table, column, n, rows) for column in table.columns}
            for name, value in values.items():
                rows.setdefault((table.name, name), []).append(value)
            db.execute(insert(table).values(values))
            number += 1
    Catalogue().open_day(db, DAY)
    day = text("INSERT INTO telemetry_day_20261122 VALUES (1, :at, 0, :packed)")
    for at in range(ROWS):
        db.execute(day, {"at": at, "packed": bytes(range(at, at + 16))})
    return number + 1 + ROWS


def _value(table: Table, column: Column[Any], n: int, rows: dict[tuple[str, str], list[Any]]) -> Any:
    for reference in column.foreign_keys:
        if reference.column.table is table:
            return _plain(reference.column, ROWS - 1) if n < ROWS - 1 else None
        return rows[reference.column.table.name, reference.column.name][n]
    if column.nullable and n == ROWS - 1:
        return None
    return _plain(column, n)


def _plain(column: Column[Any], n: int) -> Any:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return _AT + timedelta(days=n)
    if isinstance(kind, Date):
        return date(2024, 2, 29) + timedelta(days=n)
    if isinstance(kind, Time):
        return time(7, 30, n)
    if isinstance(kind, Boolean):
        return n % 2 == 0
    if isinstance(kind, Integer):
        return n + 1
    if isinstance(kind, Double):
        return _REALS[n % len(_REALS)]
    if isinstance(kind, LargeBinary):
        return bytes([0, 255, n])
    if isinstance(kind, JSON):
        return {"ß": [n, None, {"b": 1.5, "a": True}]}
    if isinstance(kind, Text):
        return f"{n} Ḱota\n\t'\"\\ 'é'"
    words = f"{n}ñ'\"\\"
    return words[: getattr(kind, "length", None) or len(words)]
