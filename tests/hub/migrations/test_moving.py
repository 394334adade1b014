"""A hub's rows go from SQLite to PostgreSQL and back: every table, all or nothing, nobody else there."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from hub.cli import main
from hub.db import Database
from hub.errors import HubError
from hub.migrations import moving
from hub.migrations.moving import Moved, move
from hub.migrations.schema import is_current, metadata
from hub.people import audit
from hub.people.models import AuditEntry
from tests.hub.backup.small_hub import NOW, say, stamp
from tests.hub.migrations.every_table import fill
from tests.hub.prepared import place_empty_database

pytestmark = pytest.mark.postgres
_NUMBERS = itertools.count(1)


def moved(source: str, target: str) -> Moved:
    return move(source, target, now=NOW, actor="uji", say=lambda _line: None)


def sqlite(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db"


@pytest.fixture
def postgresql(postgres_server: str) -> Iterator[str]:
    """A database of PostgreSQL without any table."""
    name = f"moving{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/template1", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield f"{postgres_server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def full(tmp_path: Path) -> str:
    """A SQLite hub with rows in every table."""
    return hub(tmp_path, fill)


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A SQLite hub with three entries of its audit chain."""
    return hub(tmp_path, lambda db: say(db, "kota"))


def hub(folder: Path, fill_it: Callable[[Session], object]) -> str:
    place_empty_database(folder)
    url = sqlite(folder, "hub")
    database = Database(url)
    stamp(database)
    with database.writing() as db:
        fill_it(db)
    database.close()
    return url


def content(url: str) -> dict[str, moving._Content]:
    database = Database(url)
    with database.reading() as db:
        found = {table.name: moving._content(table, db) for table in moving._tables_of(db)}
    database.close()
    return found


def is_empty(url: str) -> bool:
    return all(one.rows == 0 for one in content(url).values())


def test_every_row_of_every_table_arrives_and_goes_back(full: str, postgresql: str, tmp_path: Path) -> None:
    before = content(full)
    assert all(one.rows for one in before.values()), "a table that nothing was tried with"
    assert "telemetry_day_20261122" in before
    there = moved(full, postgresql)
    assert there == Moved(len(before), sum(one.rows for one in before.values()))
    assert content(full) == before, "the old database stays as it was"
    # The audit chain alone has grown, by the move itself.
    at_server = content(postgresql)
    assert {name for name in before if before[name] != at_server[name]} == {"audit_entry"}
    moved(postgresql, sqlite(tmp_path, "kembali"))
    back = content(sqlite(tmp_path, "kembali"))
    assert {name for name in before if at_server[name] != back[name]} == {"audit_entry"}


def test_the_new_database_is_as_a_new_hub_would_make_it(full: str, postgresql: str) -> None:
    moved(full, postgresql)
    database = Database(postgresql)
    assert is_current(database)
    with database.reading() as db:
        late = db.scalars(text("SELECT conname FROM pg_constraint WHERE condeferrable")).all()
    assert late == [], "references that are looked at late were for the move only"
    # New rows are numbered after those that came.
    with database.writing() as db:
        for table in metadata().sorted_tables:
            if (column := table.autoincrement_column) is None:
                continue
            sequence = db.scalar(text(f"SELECT pg_get_serial_sequence('{table.name}', '{column.name}')"))
            if sequence:
                last = db.scalar(text(f"SELECT max({column.name}) FROM {table.name}"))
                assert db.scalar(text(f"SELECT nextval('{sequence}')")) == last + 1, table.name
    database.close()


def test_the_audit_chain_holds_and_tells_of_the_move(small: str, postgresql: str) -> None:
    moved(small, postgresql)
    database = Database(postgresql)
    with database.reading() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert audit.first_broken(db) is None
    database.close()
    assert [entry.object for entry in entries] == ["kota", "kota", "kota", "postgresql"]
    assert (entries[-1].actor, entries[-1].action, entries[-1].detail) == ("uji", "database.move", "3")


def test_rows_of_another_hub_are_never_written_over(small: str, postgresql: str) -> None:
    moved(small, postgresql)
    before = content(postgresql)
    with pytest.raises(HubError, match="holds rows already, in audit_entry"):
        moved(small, postgresql)
    assert content(postgresql) == before
    with pytest.raises(HubError, match="the same database"):
        moved(small, small)


def test_tables_of_another_program_are_left_alone(small: str, postgresql: str) -> None:
    with psycopg.connect(postgresql) as db:
        db.execute("CREATE TABLE pelanggan (nama text)")
    with pytest.raises(HubError, match="not Pontive's: pelanggan"):
        moved(small, postgresql)


def test_a_hub_that_runs_is_not_moved(small: str, postgresql: str, tmp_path: Path) -> None:
    running = Database(small)
    with running.reading() as db:
        db.execute(text("SELECT count(*) FROM audit_entry"))
        with pytest.raises(HubError, match="in use; stop the hub first"):
            moved(small, postgresql)
    running.close()
    moved(small, postgresql)
    with psycopg.connect(postgresql), pytest.raises(HubError, match="in use; stop the hub first"):
        moved(postgresql, sqlite(tmp_path, "baru"))


def test_nobody_writes_to_the_old_database_meanwhile(
    small: str, postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(small, postgresql)
    copy, tried = moving._copy_all, []

    def copy_beside_a_writer(old: Session, new: Session, say: Callable[[str], None]) -> Moved:
        with psycopg.connect(postgresql) as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("DELETE FROM audit_entry")
            tried.append(1)
        return copy(old, new, say)

    monkeypatch.setattr(moving, "_copy_all", copy_beside_a_writer)
    moved(postgresql, sqlite(tmp_path, "baru"))
    assert tried


def test_a_row_that_the_new_database_cannot_keep_stops_the_move_and_nothing_is_there(
    full: str, postgresql: str
) -> None:
    database = Database(full)
    with database.writing() as db:
        # SQLite keeps a text of any length with any sign in it.
        db.execute(text("UPDATE case_record SET title = 'a' || char(0) || 'b' WHERE id = 2"))
    database.close()
    before = content(full)
    with pytest.raises(HubError, match=r"nothing was moved: case_record: .*NUL"):
        moved(full, postgresql)
    assert is_empty(postgresql)
    assert content(full) == before
    with database.writing() as db:
        db.execute(text("UPDATE case_record SET title = 'ab' WHERE id = 2"))
    database.close()
    moved(full, postgresql)
    assert content(postgresql)["case_record"].rows == before["case_record"].rows


def test_whoever_is_killed_in_the_middle_leaves_a_database_that_can_be_moved_to(
    full: str, postgresql: str
) -> None:
    dying = f"""
import os, signal
from datetime import UTC, datetime
from hub.migrations import moving
go_on = moving._go_on_counting
def die(table, new):
    go_on(table, new)
    if table.name == "case_record":
        os.kill(os.getpid(), signal.SIGKILL)
moving._go_on_counting = die
moving.move({full!r}, {postgresql!r}, now=datetime.now(UTC), actor="uji", say=print)
"""
    died = subprocess.run([sys.executable, "-c", dying], capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    wait_until_alone(postgresql)
    assert is_empty(postgresql)
    moved(full, postgresql)
    assert not is_empty(postgresql)


def wait_until_alone(url: str) -> None:
    """The server takes a moment to see that somebody is dead."""
    with psycopg.connect(url, autocommit=True) as db:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        while db.execute(others).fetchone() != (1,):
            time.sleep(0.1)


def test_what_arrives_as_something_else_is_noticed(
    small: str, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = moving._copy

    def copy_and_spoil(
        table: Table, old: Session, new: Session, say: Callable[[str], None]
    ) -> moving._Content:
        sent = copy(table, old, new, say)
        new.execute(text("UPDATE audit_entry SET detail = 'lain' WHERE seq = 2"))
        return sent

    monkeypatch.setattr(moving, "_copy", copy_and_spoil)
    with pytest.raises(HubError, match="audit_entry has 3 rows, and 3 arrived or differ"):
        moved(small, postgresql)
    assert is_empty(postgresql)


def test_the_command_names_the_next_step_and_keeps_passwords_out_of_its_words(
    small: str, postgresql: str, tmp_path: Path
) -> None:
    old, new = tmp_path / "hub.toml", tmp_path / "hub.toml.new"
    old.write_text(f'database = "{small}"\n')
    new.write_text(f'database = "{postgresql}"\n')
    words = ["move-database", "--config", str(old), "--to", str(new)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert f"Now: mv {new} {old}" in done.output
    again = CliRunner().invoke(main, words)
    assert (again.exit_code, "holds rows already" in again.output) == (1, True)
    (tmp_path / "elsewhere").mkdir()
    new.write_text(f'database = "{postgresql}"\nfolder = "{tmp_path}/elsewhere"\n')
    other = CliRunner().invoke(main, words)
    assert (other.exit_code, "the files stay in" in other.output) == (1, True)
    assert os.listdir(tmp_path / "elsewhere") == []
