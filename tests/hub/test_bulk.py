"""Statements of many rows, the same on both databases."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from hub.bulk import BulkInsert, BulkSelect, is_one_of, rows_by_key, upsert
from hub.db import Database
from hub.ingest.models import IngestLease, IngestStream
from tests.hub.prepared import place_empty_database

KEY = (("device", "text"), ("epoch", "text"))
INSERT = BulkInsert("ingest_stream", (*KEY, ("watermark", "bigint")), "ON CONFLICT DO NOTHING")
SELECT = BulkSelect("ingest_stream", KEY, ("watermark",), for_update=True)


def test_rows_go_in_and_come_back_by_key(database: Database) -> None:
    rows = [(f"pi-{number}", "e", number) for number in range(3_000)]
    with database.writing() as session:
        INSERT.run(session, rows)
        INSERT.run(session, [("pi-7", "e", 99)])
        wanted = [("pi-7", "e"), ("pi-9", "e"), ("pi-9", "other")]
        assert sorted(map(tuple, SELECT.run(session, wanted))) == [("pi-7", "e", 7), ("pi-9", "e", 9)]


def test_nothing_to_do_is_no_statement(database: Database) -> None:
    with database.writing() as session:
        INSERT.run(session, [])
        assert list(SELECT.run(session, [])) == []
        upsert(session, IngestStream, [], key=("device", "epoch"))
        assert not session.in_transaction() or session.scalars(select(IngestStream)).all() == []


def test_keys_may_hold_what_sql_and_json_would_mind(database: Database) -> None:
    hostile = """a"b'c\\d $[0] %s ? é"""
    with database.writing() as session:
        INSERT.run(session, [(hostile, "e", 1)])
        assert [tuple(row) for row in SELECT.run(session, [(hostile, "e")])] == [(hostile, "e", 1)]


def test_an_upsert_changes_or_leaves_the_row_that_is_there(database: Database) -> None:
    row = {"device": "pi-1", "epoch": "e", "watermark": 1}
    with database.writing() as session:
        upsert(session, IngestStream, [row], key=("device", "epoch"))
        upsert(session, IngestStream, [row | {"watermark": 5}], key=("device", "epoch"))
        assert session.execute(text("SELECT watermark FROM ingest_stream")).scalar() == 1
        upsert(
            session,
            IngestStream,
            [row | {"watermark": 5}],
            key=("device", "epoch"),
            changes=lambda new: {"watermark": IngestStream.watermark + new.watermark},
        )
        assert session.execute(text("SELECT watermark FROM ingest_stream")).scalar() == 6


def test_rows_of_a_model_are_had_by_key_in_one_question(database: Database) -> None:
    with database.writing() as session:
        INSERT.run(session, [(f"pi-{number}", "e", number) for number in range(9)])
        session.add(IngestLease(name="chores", holder="x", until=datetime.now(UTC)))
        found = rows_by_key(session, IngestStream, [("pi-3", "e"), ("pi-3", "other"), ("pi-7", "e")])
        assert {key: row.watermark for key, row in found.items()} == {("pi-3", "e"): 3, ("pi-7", "e"): 7}
        assert [row.holder for row in rows_by_key(session, IngestLease, ["chores", "none"]).values()] == ["x"]
        assert rows_by_key(session, IngestLease, []) == {}


def test_rows_by_a_key_of_two_columns_are_sought_and_the_table_is_not_read(tmp_path: Path) -> None:
    # SQLite alone: PostgreSQL seeks by the index of such a key without being told.
    place_empty_database(tmp_path)
    database = Database(f"sqlite:///{tmp_path}/hub.db")
    place = is_one_of((IngestStream.device, IngestStream.epoch), [("pi-1", "e"), ("pi-2", "e")])
    statement = select(IngestStream).where(place)
    with database.reading() as session:
        compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = [str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    database.close()
    assert any(line.startswith("SEARCH ingest_stream") for line in plan), plan
    assert not any(line.startswith("SCAN ingest_stream") for line in plan), plan
