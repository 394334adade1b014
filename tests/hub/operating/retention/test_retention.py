"""Every table has a line that is true; what is over its time goes, in portions, and nothing else does."""

import importlib
import json
import random
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, inspect, select, update

from hub.cli import main
from hub.config import load_config
from hub.db import Base, Database, UtcDateTime
from hub.errors import ConfigError
from hub.ingest.models import DeviceCommand, Event
from hub.operating.retention import purging
from hub.operating.retention.schedule import By, Unit, schedule_of, shipped
from hub.operating.retention.wiring import retention_chores, retention_of
from hub.people.models import AuditEntry
from hub.telemetry.models import TelemetryHourly
from hub.telemetry.store import Channel, Reading, ms_of_instant
from hub.telemetry.tables import TableTelemetry
from hub.upkeep import RetentionLimit, RetentionSettings
from tests.hub.backup.small_hub import make_hub
from tests.hub.prepared import import_all_models

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


def resolve(path: str) -> object:
    """Return the module, or the name in one, that a dotted path leads to."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(module), name)


def test_every_table_of_the_hub_has_a_line_and_every_line_a_table() -> None:
    import_all_models()
    assert set(shipped().tables) == set(Base.metadata.tables), (
        "add it to hub/operating/retention/schedule.toml"
    )


def test_every_line_names_a_basis_and_what_it_rests_on_exists() -> None:
    import_all_models()
    schedule = shipped()
    assert {line.basis for line in schedule.tables.values()} == set(schedule.basis)
    for name, line in schedule.tables.items():
        table = Base.metadata.tables[name]
        match line.by:
            case By.PURGE:
                column = table.c[line.time].type
                kinds = {Unit.INSTANT: datetime, Unit.DATE: date}
                assert column.python_type is kinds.get(line.unit, int) or isinstance(column, UtcDateTime), (
                    name
                )
            case By.OWN:
                assert resolve(line.rule), name
            case By.PARENT:
                assert line.parent in schedule.tables, name
            case By.STAYS:
                assert (line.days, line.rule, line.parent) == (0, "", ""), name


def event(number: int, at: datetime) -> dict[str, object]:
    return {
        "device": "pi-1",
        "epoch": "a",
        "seq": number,
        "kind": "motion-event",
        "source": "cam",
        "at": at,
        "received_at": at,
        "clock": "synced",
        "is_late": False,
        "body": "{}",
    }


def hours(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(TelemetryHourly)) or 0


def fill(database: Database) -> None:
    with database.writing() as db:
        db.execute(insert(Event), [event(number, NOW - 3 * YEAR) for number in range(25)])
        db.execute(insert(Event), [event(100 + number, NOW - YEAR) for number in range(7)])
        channel = Channel("pi-1", "cam", ("a", "b"))
        for ago in (6 * YEAR, 3 * YEAR, timedelta(days=1)):
            at_ms = ms_of_instant(NOW - ago)
            TableTelemetry(db).append([Reading(channel, at_ms, 1, (1.0, 2.0), at_ms)])


def test_what_is_over_its_time_goes_in_portions_and_is_counted_in_the_audit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "ROWS_AT_ONCE", 10)
    fill(database)
    retention = retention_of(RetentionSettings(), database, lambda: NOW)
    due = {one.table: one.rows for one in retention.due() if one.rows}
    assert due == {"event": 25, "telemetry_day": 2, "telemetry_hourly": 2}
    assert hours(database) == 6, "looking deletes nothing"
    changes = database.changes
    assert retention.purge() == due
    assert database.changes - changes >= 3 + 2, "several short transactions"
    assert {one.table for one in retention.due() if one.rows} == set()
    assert retention.purge() == {}
    assert hours(database) == 4
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Event)) == 7
        assert not inspect(db.connection()).has_table("telemetry_day_20231123")
        entries = db.execute(select(AuditEntry.object, AuditEntry.detail)).all()
    assert ("event", "25 rows older than 730 days (policy)") in [tuple(one) for one in entries]
    assert len(entries) == 3


def test_writers_go_on_while_rows_are_looked_for_and_taken_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "ROWS_AT_ONCE", 5)
    fill(database)
    retention = retention_of(RetentionSettings(), database, lambda: NOW)
    thread = threading.Thread(target=retention.purge)
    thread.start()
    written = 10
    for number in range(written):
        with database.writing() as db:
            db.execute(insert(Event), [event(10_000 + number, NOW)])
    thread.join()
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Event)) == 7 + written


def test_a_row_that_changed_since_it_was_looked_at_stays(database: Database) -> None:
    import_all_models()
    fill(database)
    table = Base.metadata.tables["event"]
    purger = purging.RowPurger(table, shipped().tables["event"])
    before = NOW - 2 * YEAR
    with database.reading() as db:
        keys = purger.some(db, before)
    with database.writing() as db:
        db.execute(update(Event).where(Event.seq == 3).values(received_at=NOW))
        assert purger.drop(db, keys, before) == 24


def test_a_city_keeps_longer_or_shorter_and_only_what_is_purged() -> None:
    chosen = schedule_of(RetentionSettings(limits=(RetentionLimit(table="event", days=31),)))
    assert chosen.tables["event"].days == 31
    assert chosen.tables["device_command"] == shipped().tables["device_command"]
    with pytest.raises(ConfigError, match="audit_entry is not purged by age"):
        schedule_of(RetentionSettings(limits=(RetentionLimit(table="audit_entry", days=31),)))


def test_the_command_tells_first_and_takes_away_then(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", word="x")
    database = Database(load_config(hub).database)
    asked = NOW - timedelta(days=random.choice((400, 500)))
    with database.writing() as db:
        row = {"device": "d", "body": "{}", "correlation": "c", "created_at": asked, "expires_at": asked}
        db.execute(insert(DeviceCommand), [row])
    database.close()

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["retention", *words, "--config", str(hub)])
        assert result.exit_code == 0, result.output
        return result.output

    told = run("--dry-run")
    assert "1 rows would go" in told
    assert "UU 27/2022" in told
    assert json.loads(run("--json"))["gone"] == {"device_command": 1}
    assert "0 rows would go" in run("--dry-run")


def test_ingest_purges_by_itself(database: Database) -> None:
    fill(database)
    (chore,) = retention_chores(RetentionSettings(), database, lambda: NOW)
    chore.act()
    chore.act.wait()  # type: ignore[attr-defined]  # a Background
    assert hours(database) == 4
