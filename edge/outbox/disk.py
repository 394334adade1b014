"""Port to the disk under the outbox, and its real adapter.

The only other adapter is the crash disk of the power-cut test, which is why every change to
a folder goes through here too. Must not know tables.
"""

import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

logger = logging.getLogger(__name__)

# Another process that holds the file is a second agent, or a person looking: wait a moment for it.
_BUSY_TIMEOUT_S = 5.0


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code of an error; ``SQLITE_ERROR`` when it carries none."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


class Connection(Protocol):
    """An SQLite connection in autocommit mode; raises :class:`sqlite3.Error`."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Iterable[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run one statement for many rows."""
        ...

    def close(self) -> None:
        """Close without giving back the room that the write-ahead log holds."""
        ...


class Disk(Protocol):
    """Files of one folder, as far as the outbox needs them."""

    def connect(self, path: Path) -> Connection:
        """Open or create a database. Raises :class:`sqlite3.Error`."""
        ...

    def exists(self, path: Path) -> bool:
        """Say whether a file is there."""
        ...

    def rename(self, old: Path, new: Path) -> None:
        """Rename a file over whatever has the new name. Raises :class:`OSError`."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file if it is there. Raises :class:`OSError`."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Make renames and new files of a folder durable. Raises :class:`OSError`."""
        ...


class LocalDisk:
    """The disk of this machine."""

    def connect(self, path: Path) -> Connection:
        """Open or create a database file; its folder must exist."""
        return LocalConnection(path)

    def exists(self, path: Path) -> bool:
        """Say whether a file is there."""
        return path.exists()

    def rename(self, old: Path, new: Path) -> None:
        """Rename a file."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Remove a file if it is there."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Flush the folder's own entries."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class LocalConnection:
    """The standard library's SQLite, used by several threads under the outbox's lock."""

    def __init__(self, path: Path) -> None:
        """Open ``path``."""
        self._path = path
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        # A damaged text must come out as a wrong checksum, not as an error that hides the row.
        self._connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Iterable[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        return self._connection.execute(sql, values).fetchall()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run one statement for many rows."""
        return self._connection.executemany(sql, rows)

    def close(self) -> None:
        """Close, leaving the log file and its room on the disk.

        SQLite removes the log when the last connection goes, and on a full disk another program
        would take its place before the next start. A connection that may only read cannot remove
        it, so such a one goes last.
        """
        keeper = None
        try:
            keeper = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)
            keeper.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            # A damaged file, or one that is gone: then there is no room worth keeping.
            logger.debug("the log of %s gives its room back: %s", self._path, error)
        finally:
            self._connection.close()
            if keeper is not None:
                keeper.close()
