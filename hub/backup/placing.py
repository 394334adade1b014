"""Puts a database in the place of another, at one moment: whoever is killed here leaves old or new.

SQLite: the new file takes the old one's name; the old one stays beside it. PostgreSQL: one
transaction takes the old tables away and loads the new ones.
"""

import contextlib
import os
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import make_url, text

from hub.backup.database import postgresql_words
from hub.db import Database
from hub.errors import HubError
from hub.migrations.schema import upgrade

LOAD_TIMEOUT_S = 6 * 3_600.0
_IN_USE = "the database is in use; stop the hub first: systemctl stop pontive-ingest pontive-web"
_OTHERS = """SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_DROP_ALL = """DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE 'DROP TABLE public.' || quote_ident(one.tablename) || ' CASCADE';
    END LOOP; END $$"""


def make_current(copy: Path) -> None:
    """Bring the copy of a SQLite database to this version's tables, as one file without a journal.

    Raises:
        HubError: a newer version made it.
    """
    database = Database(f"sqlite:///{copy}")
    try:
        upgrade(database)
    except CommandError as error:
        raise HubError(f"a newer version of Pontive made this backup: {error}") from error
    finally:
        database.close()
    _fold_journal(copy)
    _sync(copy)


def place_sqlite(copy: Path, path: Path, *, now: datetime) -> Path | None:
    """Let a copy take the place of a database; both on one file system.

    Returns:
        Where the old database is now; ``None``: there was none.

    Raises:
        HubError: somebody has it open.
    """
    before = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}")
    if path.exists():
        try:
            _fold_journal(path)
        except sqlite3.OperationalError as error:
            raise HubError(f"{path}: {_IN_USE} ({error})") from error
        except sqlite3.DatabaseError:
            _keep_journal(path, before)  # it is damaged, which may be why we are here
        before.unlink(missing_ok=True)
        os.link(path, before)
    copy.replace(path)
    _sync(path.parent)
    return before if before.exists() else None


def load_postgresql(dump: Path, url: str) -> None:
    """Load a dump in the place of what a database holds, in one transaction.

    Raises:
        HubError: somebody is connected, or it cannot be loaded; then nothing has changed.
    """
    refuse_others(url)
    words, environment = postgresql_words(url)
    read = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump)]
    load = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *words]
    load += ["--output=/dev/null", f"--command={_DROP_ALL}", "--file=-"]
    try:
        with subprocess.Popen(read, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source:
            loaded = subprocess.run(
                load,
                env=environment,
                stdin=source.stdout,
                capture_output=True,
                text=True,
                timeout=LOAD_TIMEOUT_S,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HubError(f"psql or pg_restore does not work: {error}; install postgresql-client") from error
    if loaded.returncode or source.returncode:
        raise HubError(f"nothing was restored: {loaded.stderr.strip() or 'pg_restore stopped'}")
    database = Database(url)
    upgrade(database)
    database.close()


def refuse_others(url: str) -> None:
    """Make sure that nobody else is connected to a database; a SQLite file need not be there yet.

    Raises:
        HubError: somebody is.
    """
    if make_url(url).get_backend_name() == "sqlite":
        path = Path(str(make_url(url).database))
        try:
            if path.exists():
                _fold_journal(path)
        except sqlite3.OperationalError as error:
            raise HubError(f"{path}: {_IN_USE} ({error})") from error
        return
    database = Database(url)
    with database.reading() as db:
        others = db.scalar(text(_OTHERS))
    database.close()
    if others:
        raise HubError(f"{make_url(url).database}: {_IN_USE} ({others} connections)")


def _fold_journal(path: Path) -> None:
    """Make one file of a database and its journal; fails while anybody has it open."""
    with contextlib.closing(sqlite3.connect(path, timeout=1.0)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise sqlite3.OperationalError(f"its journal stays in mode {mode}")


def _keep_journal(path: Path, before: Path) -> None:
    for end in ("-wal", "-shm"):
        journal = path.with_name(path.name + end)
        if journal.exists():
            journal.replace(before.with_name(before.name + end))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
