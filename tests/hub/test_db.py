"""The database of the hub beside its sessions: how SQLite learns which index is worth its while."""

from sqlalchemy import text

from hub.db import Database


def test_weighing_tables_lets_sqlite_choose_and_leaves_postgresql_alone(database: Database) -> None:
    database.weigh_tables()
    database.weigh_tables()
    if database.is_sqlite:
        with database.reading() as db:
            assert (
                db.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar()
                == 1
            )
