"""What is in the copy of a database: rows a table, and whether its audit chain holds.

Of a PostgreSQL dump too, without any server: ``pg_restore`` spells it out and the lines are counted.
"""

import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hub.db import Database
from hub.errors import HubError
from hub.people import audit
from hub.people.models import AuditEntry

_AUDIT = "audit_entry"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found; ``broken_audit`` is the first entry of the audit chain that does not hold."""

    rows: dict[str, int]
    broken_audit: int | None


def count_copy(copy: Path) -> Counted:
    """Count a copy that :func:`hub.backup.database.copy_database` made.

    Raises:
        HubError: it is damaged.
    """
    return _count_sqlite(copy) if copy.suffix == ".sqlite" else _count_dump(copy)


def _count_sqlite(copy: Path) -> Counted:
    try:
        with sqlite3.connect(copy) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise HubError(f"{copy.name}: {found}")
            names = [
                row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            counts = {name: f'SELECT COUNT(*) FROM "{name}"' for name in names}  # noqa: S608 (names of its own tables)
            rows = {name: database.execute(query).fetchone()[0] for name, query in counts.items()}
        database.close()
    except sqlite3.DatabaseError as error:
        raise HubError(f"{copy.name} is damaged: {error}") from error
    if _AUDIT not in rows:
        return Counted(rows, None)
    opened = Database(f"sqlite:///{copy}")
    try:
        with opened.reading() as db:
            return Counted(rows, audit.first_broken(db))
    finally:
        opened.close()


def _count_dump(copy: Path) -> Counted:
    rows: dict[str, int] = {}
    entries: list[AuditEntry] = []
    for table, columns, line in _lines_of(copy):
        rows.setdefault(table, 0)
        if line is None:
            continue
        rows[table] += 1
        if table == _AUDIT:
            entries.append(_entry(columns, line))
    return Counted(rows, audit.first_broken_of(sorted(entries, key=lambda one: one.seq)))


def _lines_of(copy: Path) -> Iterator[tuple[str, list[str], str | None]]:
    """Yield each table once without a line, and then each of its lines."""
    command = ["pg_restore", "--data-only", "--file=-", str(copy)]
    try:
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise HubError(f"pg_restore does not work: {error}; install postgresql-client") from error
    with program:
        table, columns = "", list[str]()
        for line in program.stdout or ():
            if table:
                if line == "\\.\n":
                    table = ""
                else:
                    yield table, columns, line.removesuffix("\n")
            elif line.startswith("COPY "):
                table, columns = _head(line)
                yield table, columns, None
        said = (program.stderr.read() if program.stderr else "").strip()
    if program.returncode:
        raise HubError(f"{copy.name} is damaged: {said}")


def _head(line: str) -> tuple[str, list[str]]:
    name, _, rest = line.removeprefix("COPY ").partition(" (")
    return name.rpartition(".")[2].strip('"'), [one.strip('"') for one in rest.partition(")")[0].split(", ")]


def _entry(columns: list[str], line: str) -> AuditEntry:
    held = dict(zip(columns, map(_unescaped, line.split("\t")), strict=True))
    at = datetime.fromisoformat(held.pop("at")).astimezone(UTC)
    return AuditEntry(at=at, seq=int(held.pop("seq")), **held)


def _unescaped(text: str) -> str:
    parts = iter(text.split("\\"))
    found = next(parts)
    for part in parts:
        # Two backslashes in a row come as an empty part: the next one is plain text.
        found += "\\" + next(parts, "") if not part else _ESCAPES.get(part[0], part[0]) + part[1:]
    return found
