"""Rows that hold the newest word of somebody: written in one statement, and only over an older word.

For handlers of ingest: asking first and writing then costs a question and an object a row. Never commits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Insert, and_, bindparam, not_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from hub.db import UtcDateTime

# In each row beside its columns: when it reached the hub.
HEARD_AT = "heard_at"

Rule = Callable[[Any, Any], ColumnElement[bool]]
"""Given the row that comes and the one that is kept (columns of both), whether it takes its place."""


def unless_older(new: Any, kept: Any) -> ColumnElement[bool]:
    """As :meth:`hub.ingest.handlers.Arrival.is_older_than`: a kept time still to come says nothing."""
    heard_at = bindparam(HEARD_AT, type_=UtcDateTime())
    return not_(and_(new.at < kept.at, kept.at <= heard_at))


def as_late(new: Any, kept: Any) -> ColumnElement[bool]:
    """Whatever is not dated earlier takes the place."""
    return new.at >= kept.at  # type: ignore[no-any-return]  # columns of a model given as Any


class NewestRows:
    """The statement for one table, made once a kind of database."""

    def __init__(self, model: type[DeclarativeBase], *, takes_place: Rule) -> None:
        """Take the table, which has a column ``at``, and the rule."""
        self._key = [column.name for column in model.__table__.primary_key]
        self._on_sqlite = _statement(model, takes_place, is_sqlite=True)
        self._on_postgresql = _statement(model, takes_place, is_sqlite=False)

    def keep(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows, each key once.

        Args:
            session: A writing session.
            rows: Every column of the table, and :data:`HEARD_AT` where the rule asks for it.
        """
        if not rows:
            return
        connection = session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        # In one order, so that two workers wait for each other in turn and not in a ring.
        ordered = sorted(rows, key=lambda row: [row[name] for name in self._key])
        connection.execute(self._on_sqlite if is_sqlite else self._on_postgresql, ordered)


def _statement(model: type[DeclarativeBase], takes_place: Rule, *, is_sqlite: bool) -> Insert:
    table = model.__table__
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(table)  # type: ignore[arg-type]  # a mapped class has a Table
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={column.name: new[column.name] for column in table.columns if not column.primary_key},
        where=takes_place(new, table.c),
    )
