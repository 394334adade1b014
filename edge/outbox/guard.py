"""One SQLite connection that several threads may use, and that is never used after a failed sync.

Must not know tables.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from edge.errors import EdgeError, OutboxFullError, OutboxUnavailableError
from edge.faultpoints import FaultPoint, reach
from edge.outbox.disk import Connection, primary_code

logger = logging.getLogger(__name__)


class GuardedConnection:
    """A connection with its lock; every method but :meth:`close` needs the lock held."""

    def __init__(self, connection: Connection) -> None:
        """Guard an open connection."""
        self.raw = connection
        self.lock = threading.Lock()
        self._unusable: str | None = None
        self._is_closed = False

    @property
    def is_broken(self) -> bool:
        """Whether only opening the file again can help."""
        return self._unusable is not None and not self._is_closed

    def replace(self, connection: Connection) -> None:
        """Go on with a file that was opened again."""
        self.raw = connection
        self._unusable = None

    def read(self, query: str, values: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        """Run a query.

        Raises:
            OutboxUnavailableError: the disk refused.
        """
        self._check_usable()
        try:
            return list(self.raw.execute(query, values))
        except sqlite3.Error as error:
            raise self._translated(error) from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commit what the block writes, on the disk at its end; or undo it when it raises.

        Raises:
            OutboxFullError: no room.
            OutboxUnavailableError: the disk refused.
        """
        self._check_usable()
        try:
            self.raw.execute("BEGIN IMMEDIATE")
            yield self.raw
            reach(FaultPoint.EDGE_BEFORE_COMMIT, error=sqlite3.OperationalError)
            self.raw.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise self._translated(error) from error
        except BaseException:
            self._roll_back()
            raise

    def close(self) -> None:
        """Close; whoever comes later is told so."""
        with self.lock:
            if not self._is_closed:
                self._is_closed = True
                self._unusable = "it is closed"
                self.raw.close()

    def _roll_back(self) -> None:
        try:
            self.raw.execute("ROLLBACK")
        except sqlite3.Error as error:
            # After some errors SQLite has rolled back by itself.
            logger.debug("nothing to roll back: %s", error)

    def _check_usable(self) -> None:
        if self._unusable is not None:
            raise OutboxUnavailableError(f"the outbox cannot be used: {self._unusable}")

    def _translated(self, error: sqlite3.Error) -> EdgeError:
        code = primary_code(error)
        if code == sqlite3.SQLITE_FULL:
            return OutboxFullError("the disk has no room left for the outbox; free some, or move the outbox")
        if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            # What a failed fsync left behind is unknown (PostgreSQL learnt it in 2018): only opening
            # the file again tells, so nothing more is accepted through this connection.
            self._unusable = f"{error}; open it again"
        return OutboxUnavailableError(f"the disk refused the outbox: {error}")
