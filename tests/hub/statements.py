"""Counts what a piece of work asks of the database: nothing that grows with the fleet is asked one by one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.event import listen, remove

from hub.db import Database


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Yield the statements that are executed in the block, in their order; one with many rows is one."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        remove(database.engine, "before_cursor_execute", note)
