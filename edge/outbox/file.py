"""The outbox's file: made with all its room at once, checked at every start, replaced when damaged.

Must not decide which rows are worth keeping: that is ``room.py``.
"""

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge.errors import OutboxUnavailableError
from edge.outbox.disk import Connection, Disk, primary_code
from edge.outbox.row import COLUMNS, MAX_GENERATION
from edge.outbox.salvage import Salvaged, salvage

logger = logging.getLogger(__name__)

PAGE_BYTES = 4096
CHECKPOINT_PAGES = 64
_VERSION = 1

_SCHEMA = (
    """CREATE TABLE row (
        place INTEGER PRIMARY KEY, epoch TEXT NOT NULL, seq INTEGER NOT NULL, lane TEXT NOT NULL,
        boot_id TEXT NOT NULL, mono_ns INTEGER NOT NULL, at_us INTEGER NOT NULL, clock TEXT NOT NULL,
        payload BLOB NOT NULL, crc INTEGER NOT NULL)""",
    "CREATE TABLE epoch (generation INTEGER PRIMARY KEY, name TEXT NOT NULL, last_seq INTEGER NOT NULL)",
    "CREATE TABLE damaged_row (number INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE filler (content BLOB NOT NULL)",
)
# What says that the file itself, not the moment, is to blame. SQLITE_ERROR is a missing table.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many pages the database and its write-ahead log may hold."""

    database_pages: int
    log_pages: int

    @classmethod
    def of(cls, max_bytes: int) -> "Sizes":
        """Share ``max_bytes`` out.

        The log must hold what is not checkpointed yet and the largest transaction.
        """
        pages = max_bytes // PAGE_BYTES
        log_pages = min(max(pages // 8, 2 * CHECKPOINT_PAGES), 1024)
        return cls(database_pages=pages - log_pages, log_pages=log_pages)


@dataclass(frozen=True, slots=True)
class Opened:
    """An outbox file ready for use; ``salvaged`` when a damaged one had to be replaced."""

    connection: Connection
    salvaged: Salvaged | None


class _DamagedError(Exception):
    """The file is there and is no sound outbox."""


class OutboxFile:
    """The file at one path, and the names it has while it is being made."""

    def __init__(
        self,
        path: Path,
        *,
        sizes: Sizes,
        disk: Disk,
        new_epoch: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        """Remember the collaborators; nothing is touched yet."""
        self._path = path
        self._sizes = sizes
        self._disk = disk
        self._new_epoch = new_epoch
        self._now = now

    def open(self) -> Opened:
        """Open the file; make it or replace it when needed.

        Raises:
            OutboxUnavailableError: the disk refuses; says what and the remedy.
        """
        try:
            self._put_ready_in_place()
            if not self._disk.exists(self._path):
                self._make(reason=None)
            return self._open_or_replace()
        except (OSError, sqlite3.Error) as error:
            raise OutboxUnavailableError(
                f"the outbox {self._path} cannot be opened ({error}); "
                "check that its folder exists, is writable and has room for it"
            ) from error

    def _open_or_replace(self) -> Opened:
        try:
            return Opened(self._connect_checked(), None)
        except _DamagedError as damage:
            logger.error("the outbox %s is damaged (%s); it is set aside and replaced", self._path, damage)
            salvaged = self._make(reason=str(damage))
        try:
            return Opened(self._connect_checked(), salvaged)
        except _DamagedError as again:
            raise OutboxUnavailableError(
                f"a new outbox at {self._path} is damaged at once ({again}); replace the disk"
            ) from again

    def _connect_checked(self) -> Connection:
        has_log = self._disk.exists(_beside(self._path, "-wal"))
        connection = self._disk.connect(self._path)
        try:
            self._configure(connection)
            _check(connection)
            if not has_log:
                self._fill_log(connection)
            self._disk.sync_folder(self._path.parent)
        except sqlite3.Error as error:
            connection.close()
            if primary_code(error) in _DAMAGE:
                raise _DamagedError(str(error)) from error
            raise
        except BaseException:
            connection.close()
            raise
        return connection

    def _configure(self, connection: Connection) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"max_page_count={self._sizes.database_pages}",
        ):
            list(connection.execute(f"PRAGMA {pragma}"))

    def _fill_log(self, connection: Connection) -> None:
        """Let the log grow once to its full size, so that it needs no room of the disk later."""
        try:
            connection.execute(
                "INSERT INTO filler VALUES (zeroblob(?))", (self._sizes.log_pages * (PAGE_BYTES - 4),)
            )
        except sqlite3.Error as error:
            if primary_code(error) != sqlite3.SQLITE_FULL:
                raise
            logger.warning("no room to preallocate the log of the outbox %s", self._path)
        connection.execute("DELETE FROM filler")

    def _make(self, *, reason: str | None) -> Salvaged | None:
        """Make a complete file under another name, then put it in place.

        ``reason`` is what is wrong with the file there is; ``None`` when there is none.
        """
        new = _beside(self._path, ".new")
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._disk.remove(_beside(new, suffix))
        connection = self._disk.connect(new)
        try:
            self._build(connection)
            salvaged = None
            if reason is not None:
                salvaged = salvage(self._disk, self._path, connection, reason=reason)
            self._begin_epoch(connection, 0 if salvaged is None else salvaged.next_generation())
        finally:
            connection.close()
        for suffix in ("-wal", "-shm"):
            self._disk.remove(_beside(new, suffix))
        self._disk.sync_folder(self._path.parent)
        self._disk.rename(new, _beside(self._path, ".ready"))
        self._disk.sync_folder(self._path.parent)
        self._put_ready_in_place()
        return salvaged

    def _build(self, connection: Connection) -> None:
        list(connection.execute("PRAGMA journal_mode=OFF"))  # nobody reads a half-made file
        list(connection.execute("PRAGMA synchronous=FULL"))
        connection.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={_VERSION}")
        room = (self._sizes.database_pages - 16) * (PAGE_BYTES - 4)
        connection.execute("INSERT INTO filler VALUES (zeroblob(?))", (room,))
        connection.execute("COMMIT")
        connection.execute("DELETE FROM filler")
        self._configure(connection)

    def _begin_epoch(self, connection: Connection, generation: int) -> None:
        if generation > MAX_GENERATION:
            raise OutboxUnavailableError(f"the outbox {self._path} was replaced too often; replace the disk")
        connection.execute("INSERT INTO epoch VALUES (?, ?, 0)", (generation, self._new_epoch()))
        list(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _put_ready_in_place(self) -> None:
        """Finish a replacement; also one that a power cut interrupted."""
        ready = _beside(self._path, ".ready")
        if not self._disk.exists(ready):
            return
        bad = self._free_bad_name()
        # The log goes first: a log without its database could be taken for the new one's.
        for suffix in ("-wal", ""):
            if self._disk.exists(_beside(self._path, suffix)):
                self._disk.rename(_beside(self._path, suffix), _beside(bad, suffix))
        self._disk.remove(_beside(self._path, "-shm"))
        self._disk.sync_folder(self._path.parent)
        self._disk.rename(ready, self._path)
        self._disk.sync_folder(self._path.parent)

    def _free_bad_name(self) -> Path:
        now = self._now()
        name = _beside(self._path, f".bad-{now:%Y%m%dT%H%M%SZ}")
        number = 1
        while self._disk.exists(name) or self._disk.exists(_beside(name, "-wal")):
            number += 1
            name = _beside(self._path, f".bad-{now:%Y%m%dT%H%M%SZ}-{number}")
        return name


def _check(connection: Connection) -> None:
    findings = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    if findings != ["ok"]:
        raise _DamagedError("; ".join(findings)[:200])
    ((version,),) = connection.execute("PRAGMA user_version")
    if version != _VERSION:
        raise _DamagedError(f"version {version} instead of {_VERSION}")
    list(connection.execute(f"SELECT {COLUMNS} FROM row LIMIT 1"))  # noqa: S608 - constants only
    if not list(connection.execute("SELECT generation, name, last_seq FROM epoch LIMIT 1")):
        raise _DamagedError("it has no epoch")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
