"""A copy of the database while the hub runs: SQLite's online backup, or pg_dump."""

import os
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from hub.errors import HubError

DUMP_TIMEOUT_S = 3_600.0


def copy_database(url: str, folder: Path) -> Path:
    """Write a copy that is whole at one moment into a folder; return its path.

    Args:
        url: As in ``hub.toml``.
        folder: Where there is room for it.

    Raises:
        HubError: it cannot be copied; says why.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _copy_sqlite(Path(str(make_url(url).database)), folder / "database.sqlite")
    return _dump_postgresql(url, folder / "database.dump")


def _copy_sqlite(path: Path, copy: Path) -> Path:
    try:
        source = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
    except sqlite3.OperationalError as error:
        raise HubError(f"{path}: {error}; is it the database of hub.toml?") from error
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise HubError(f"{path} cannot be copied: {error}") from error
    finally:
        target.close()
        source.close()
    if found != "ok":
        raise HubError(f"the copy of {path} is damaged: {found}; keep the older backups")
    return copy


def _dump_postgresql(url: str, dump: Path) -> Path:
    words, environment = postgresql_words(url)
    command = ["pg_dump", "--format=custom", f"--file={dump}", *words]
    try:
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=DUMP_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HubError(f"pg_dump does not work: {error}; install postgresql-client") from error
    if result.returncode != 0:
        raise HubError(f"pg_dump: {result.stderr.strip()}")
    return dump


def postgresql_words(url: str) -> tuple[list[str], dict[str, str]]:
    """Return how PostgreSQL's own programs reach a database: words of a command, and its environment."""
    parts = make_url(url)
    words = [f"--dbname={parts.database}"]
    words += [f"--host={parts.host}"] if parts.host else []
    words += [f"--port={parts.port}"] if parts.port else []
    words += [f"--username={parts.username}"] if parts.username else []
    # In the environment: what is in a command's words, every user of the machine can read.
    return words, {**os.environ, **({"PGPASSWORD": str(parts.password)} if parts.password else {})}
