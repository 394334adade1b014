"""A restoration is all or nothing: whenever it is killed, the hub is the old one or the new one, whole."""

import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from hub.alarms.watching.conditions import Sight
from hub.backup.making import make_backup
from hub.backup.noting import RunKind, Took, backup_watch, failed_drill, newest, note
from hub.backup.restoring import drill, proved_backup, restore
from hub.cli import main
from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError
from hub.operating.doctor.records import look_at_records
from hub.operating.words import Problem
from hub.people.models import AuditEntry
from hub.rehearsal import screens_answer
from hub.wiring import CONDITIONS
from tests import postgres
from tests.hub.backup.small_hub import NOW, make_hub, say, stamp
from tests.hub.telemetry.waiting import until

KEY = bytes(range(32))
# What a program does to the disk, as Python tells its audit hooks.
STEPS = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "sqlite3.connect")


def word_of(config: HubConfig) -> str:
    """Open the hub's database as the hub would, and return what it is about."""
    database = Database(config.database)
    with database.reading() as db:
        words = set(db.scalars(select(AuditEntry.object)))
    database.close()
    assert len(words) == 1
    return words.pop()


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in a process of its own that is killed at one of its steps; whether it came so far."""
    child = os.fork()
    if child == 0:  # pragma: no cover (measured in the parent only)
        count = 0

        def hook(event: str, _given: object) -> None:
            nonlocal count
            if event in STEPS:
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    hub = make_hub(tmp_path / "first", word="baru")
    return make_backup(load_config(hub), hub, tmp_path / "backups", KEY, now=NOW).path


def test_a_backup_that_is_killed_anywhere_leaves_the_older_ones_and_no_half(tmp_path: Path) -> None:
    hub, folder = make_hub(tmp_path / "hub", word="lama"), tmp_path / "backups"
    config, older = load_config(hub), make_backup(load_config(hub), hub, folder, KEY, now=NOW).path
    later, step, kills = NOW + timedelta(hours=1), 1, 0
    while killed_at(step, lambda: make_backup(config, hub, folder, KEY, now=later)):
        kills, step = kills + 1, step + 1
        for path in folder.glob("pontive-*") if step % 4 == 0 else ():
            with proved_backup(path, KEY, tmp_path):
                pass
        assert older.exists()
    assert kills > 10
    make_backup(config, hub, folder, KEY, now=later)
    assert len(list(folder.iterdir())) == 2, "what killed ones left is cleared away"


def test_a_restoration_that_is_killed_anywhere_leaves_the_old_hub_or_the_new(
    backup: Path, tmp_path: Path
) -> None:
    template = make_hub(tmp_path / "template", word="lama").parent
    found, step = set(), 1
    while True:
        place = tmp_path / f"hub-{step}"
        shutil.copytree(template, place)
        config = load_config(place / "hub.toml")
        was_killed = killed_at(step, lambda: restore(backup, KEY, config, place / "hub.toml", now=NOW))  # noqa: B023 (called at once)
        word = word_of(config)
        found.add((was_killed, word))
        if word == "baru":
            assert (place / "case-files/baru.pdf").exists(), "no row without its file"
        # Whatever the killed one left, the next one comes to its end.
        restore(backup, KEY, config, place / "hub.toml", now=NOW + timedelta(minutes=1))
        assert word_of(config) == "baru"
        assert not list(place.glob(".restore-*"))
        shutil.rmtree(place)
        if not was_killed:
            break
        step += 4
    assert (True, "lama") in found
    assert (False, "baru") in found
    assert step > 60, "it was killed at many places"


def test_files_are_added_and_none_is_overwritten_and_the_old_database_stays(
    backup: Path, tmp_path: Path
) -> None:
    hub = make_hub(tmp_path / "hub", word="lama")
    done = restore(backup, KEY, load_config(hub), hub, now=NOW)
    assert done.before is not None
    with sqlite3.connect(done.before) as old:
        assert old.execute("SELECT DISTINCT object FROM audit_entry").fetchall() == [("lama",)]
    assert (hub.parent / "hub-signing.key").read_bytes() == b"of lama"
    assert done.differing == [str(hub.parent / "hub-signing.key")]
    assert (hub.parent / "case-files/baru.pdf").read_bytes() == b"baru"
    assert (hub.parent / "case-files/lama.pdf").exists()


def test_an_empty_place_becomes_the_hub_that_was_backed_up(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "new"
    place.mkdir()
    shutil.copy(tmp_path / "first/hub.toml", place / "hub.toml")
    config = load_config(place / "hub.toml")
    assert restore(backup, KEY, config, place / "hub.toml", now=NOW).before is None
    assert word_of(config) == "baru"
    assert (place / "hub-signing.key").stat().st_mode & 0o077 == 0


def test_a_hub_that_runs_is_not_replaced_and_a_damaged_database_is(backup: Path, tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", word="lama")
    config = load_config(hub)
    running = Database(config.database)
    with running.reading() as db:
        db.execute(text("SELECT 1"))
        with pytest.raises(HubError, match="stop the hub first"):
            restore(backup, KEY, config, hub, now=NOW)
    running.close()
    assert word_of(config) == "lama"
    (hub.parent / "hub.db").write_bytes(b"nothing that SQLite knows" * 1000)
    (hub.parent / "hub.db-wal").write_bytes(b"left")
    done = restore(backup, KEY, config, hub, now=NOW)
    assert word_of(config) == "baru"
    assert done.before is not None
    assert done.before.read_bytes().startswith(b"nothing")


def test_what_is_not_as_it_was_written_is_refused(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = make_hub(tmp_path / "hub", word="lama")
    database = Database(load_config(hub).database)
    with database.writing() as db:
        db.execute(text("UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 2"))
    database.close()
    broken = make_backup(load_config(hub), hub, tmp_path / "broken", KEY, now=NOW).path
    with (
        pytest.raises(HubError, match="audit chain is broken at entry 2"),
        proved_backup(broken, KEY, tmp_path),
    ):
        pass
    monkeypatch.setattr("hub.backup.making.put_file", lambda *_: "0" * 64)
    hollow = make_backup(load_config(hub), hub, tmp_path / "hollow", KEY, now=NOW).path
    with pytest.raises(HubError, match="not as they were written"), proved_backup(hollow, KEY, tmp_path):
        pass


def test_a_drill_starts_the_screens_over_the_backup_and_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    asked: list[HubConfig] = []

    def health(config: HubConfig) -> None:
        screens_answer(config)
        asked.append(config)
        assert word_of(config) == "baru"

    drill(backup, KEY, load_config, health, database="sqlite:///hub.db")
    (config,) = asked
    assert str(tmp_path) not in config.folder, "not the hub that was backed up"
    assert not Path(config.folder).exists()

    def broken(_config: HubConfig) -> None:
        raise HubError("the restored hub answers 500 for /masuk")

    with pytest.raises(HubError, match="500"):
        drill(backup, KEY, load_config, broken, database="sqlite:///hub.db")


def test_the_commands_prove_try_out_restore_and_note(tmp_path: Path) -> None:
    hub, key, folder = make_hub(tmp_path / "hub", word="lama"), tmp_path / "backup.key", tmp_path / "backups"

    def run(*words: str, code: int = 0, answer: str | None = None) -> str:
        result = CliRunner().invoke(main, [*words, "--key", str(key)], input=answer)
        assert result.exit_code == code, result.output
        return result.output

    run("backup", "make", str(folder), "--config", str(hub))
    (made,) = folder.iterdir()
    facts = json.loads(run("verify", str(made), "--json"))
    assert facts["rows"]["audit_entry"] == 3
    assert "audit chain are right" in run("backup", "verify", str(made))
    assert "rows" in run("drill", str(made), "--config", str(hub))
    run("restore", str(made), "--config", str(hub), code=1, answer="n\n")
    assert "the old database" in run("restore", str(made), "--config", str(hub), "--yes")
    database = Database(load_config(hub).database)
    with database.reading() as db:
        restored = newest(db, RunKind.RESTORED)
        assert restored is not None
        assert restored.file == made.name
        assert newest(db, RunKind.DRILLED) is None, "it was noted in the database that is gone now"
    database.close()
    made.write_bytes(made.read_bytes()[:-1])
    assert "cannot be opened" in run("verify", str(made), code=1)


def test_an_old_backup_is_an_alarm_and_a_new_one_ends_it(database: Database, tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with database.writing() as db:
        assert list(backup_watch(db, NOW)) == []
        note(db, RunKind.MADE, tmp_path / "x", Took(1, 0.5), actor="test", now=NOW)
        for hours, sight in ((29, Sight.GOOD), (31, Sight.BAD)):
            (seen,) = backup_watch(db, NOW + timedelta(hours=hours))
            assert seen.sight is sight
        assert seen.facts["since"] == "22-11 09.30"


def test_a_drill_that_fails_is_noted_and_shown_until_one_works(tmp_path: Path) -> None:
    hub, key, folder = make_hub(tmp_path / "hub", word="lama"), tmp_path / "backup.key", tmp_path / "backups"
    folder.mkdir()

    def run(*words: str) -> str:
        where = ["--key", str(key), "--config", str(hub)]
        return CliRunner().invoke(main, [*words, str(folder), *where]).output

    assert "there is no backup in it" in run("drill")
    run("backup", "make")
    (older,) = folder.iterdir()
    (folder / "pontive-29991122T000000Z.pontive-backup").write_bytes(b"cut")
    assert "this is no backup" in run("drill"), "the newest of the folder is tried"
    database = Database(load_config(hub).database)
    with database.reading() as db:
        failed = failed_drill(db)
        assert failed is not None
        assert (failed.file, failed.why) == (
            "pontive-29991122T000000Z.pontive-backup",
            "this is no backup of Pontive",
        )
        found = {one.problem: one for one in look_at_records(load_config(hub), db, NOW)}
        assert found[Problem.DRILL_FAILED].facts["why"] == failed.why
    (folder / failed.file).unlink()
    assert "are right" in run("drill")
    with database.reading() as db:
        assert failed_drill(db) is None
        assert Problem.DRILL_FAILED not in {one.problem for one in look_at_records(load_config(hub), db, NOW)}
    database.close()
    assert older.exists()


@pytest.mark.postgres
def test_postgresql_is_restored_in_one_transaction(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has tests of its own above")
    monkeypatch.setenv("PATH", f"{postgres.BINS[-1]}:{os.environ['PATH']}")
    (tmp_path / "hub.toml").write_text(f'database = "{database_url}"\n')
    config = load_config(tmp_path / "hub.toml")
    fill(config, "lama")
    older = make_backup(config, tmp_path / "hub.toml", tmp_path / "b", KEY, now=NOW).path
    with psycopg.connect(database_url) as db:
        db.execute("TRUNCATE audit_entry")
        db.execute("CREATE TABLE telemetry_day_20261122 (channel BIGINT)")
    fill(config, "baru")
    with proved_backup(older, KEY, tmp_path) as proved:
        assert proved.contents.rows["audit_entry"] == 3
    with psycopg.connect(database_url), pytest.raises(HubError, match="in use"):
        restore(older, KEY, config, tmp_path / "hub.toml", now=NOW)
    with monkeypatch.context() as patch, psycopg.connect(database_url) as holder:
        # The load comes as far as the table that somebody holds, and its connection is killed there.
        holder.execute("LOCK TABLE audit_entry IN ACCESS SHARE MODE")
        patch.setattr("hub.backup.restoring.refuse_others", lambda _url: None)
        patch.setattr("hub.backup.placing.refuse_others", lambda _url: None)
        killer = threading.Thread(target=kill_who_waits, args=(database_url,))
        killer.start()
        with pytest.raises(HubError, match="nothing was restored"):
            restore(older, KEY, config, tmp_path / "hub.toml", now=NOW)
        killer.join()
    assert word_of(config) == "baru"
    restore(older, KEY, config, tmp_path / "hub.toml", now=NOW)
    assert word_of(config) == "lama"
    with psycopg.connect(database_url) as db:
        assert db.execute("SELECT to_regclass('telemetry_day_20261122')").fetchone() == (None,)


def fill(config: HubConfig, word: str) -> None:
    database = Database(config.database)
    stamp(database)
    with database.writing() as db:
        say(db, word)
    database.close()


def kill_who_waits(url: str) -> None:
    query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with psycopg.connect(url, autocommit=True) as db:
        until(lambda: db.execute(query).fetchone() != (0,))


def test_ingest_watches_backups() -> None:
    assert backup_watch in CONDITIONS
