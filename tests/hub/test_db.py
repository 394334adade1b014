"""The database of the hub beside its sessions: indexes of SQLite, silence and locks of PostgreSQL."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from hub.db import Database
from hub.ingest.keeping.isolation import is_held_up, is_transient
from tests.hub.conftest import empty_database


def test_weighing_tables_lets_sqlite_choose_and_leaves_postgresql_alone(database: Database) -> None:
    database.weigh_tables()
    database.weigh_tables()
    if database.is_sqlite:
        with database.reading() as db:
            assert (
                db.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar()
                == 1
            )


@contextmanager
def standing_still(database: Database) -> Iterator[None]:
    """Somebody who holds a row and sends the rest of a pipeline never."""
    pooled = database.engine.raw_connection()
    connection = pooled.driver_connection
    pipeline = connection.pipeline()
    pipeline.__enter__()
    connection.execute("UPDATE held SET word = 'frozen' WHERE id = 1")
    connection.pgconn.send_flush_request()
    while connection.pgconn.flush():
        time.sleep(0.01)
    yield
    with suppress(psycopg.OperationalError):
        pipeline.__exit__(None, None, None)
    pooled.invalidate()
    pooled.close()
    database.close()


@pytest.mark.postgres
def test_who_stands_still_in_the_middle_of_a_pipeline_is_ended_by_who_waits(
    request: pytest.FixtureRequest,
) -> None:
    url = empty_database("postgresql", request)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE TABLE held (id integer PRIMARY KEY, word text)")
        admin.execute("INSERT INTO held VALUES (1, 'old')")
    waiting = Database(url, longest_silence_s=1)

    def write(word: str) -> None:
        with waiting.writing() as db:
            db.execute(text("UPDATE held SET word = :word WHERE id = 1"), {"word": word})

    with standing_still(Database(url, longest_silence_s=1)):
        # PostgreSQL's own timer does not see it, or this would be no error.
        time.sleep(2.5)
        with pytest.raises(OperationalError) as held:
            write("too early")
        assert is_held_up(held.value)
        assert is_transient(held.value)
        assert waiting.end_silent_transactions() == 1
        write("new")
    with waiting.reading() as db:
        assert db.execute(text("SELECT word FROM held")).scalar() == "new"
    waiting.close()


def test_nobody_who_may_be_silent_is_ended(database: Database) -> None:
    with database.reading() as db:
        db.execute(text("SELECT 1"))
        assert database.end_silent_transactions() == 0
        assert db.execute(text("SELECT 1")).scalar() == 1
