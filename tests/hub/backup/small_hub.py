"""A small hub with everything a backup must hold."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy.orm import Session

from hub.config import load_config
from hub.db import Database
from hub.migrations.schema import alembic_config
from hub.people import audit
from tests.hub.prepared import place_empty_database

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def make_hub(folder: Path, *, word: str) -> Path:
    """Make a hub whose audit chain says ``word``; return its ``hub.toml``."""
    (folder / "case-files").mkdir(parents=True)
    (folder / "case-files" / f"{word}.pdf").write_bytes(word.encode())
    (folder / "hub-signing.key").write_bytes(b"of " + word.encode())
    (folder / "hub.toml").write_text('city = "Kota Contoh"\n')
    place_empty_database(folder)
    database = Database(load_config(folder / "hub.toml").database)
    stamp(database)
    with database.writing() as db:
        say(db, word)
    database.close()
    return folder / "hub.toml"


def stamp(database: Database) -> None:
    """Tell Alembic that the tables are today's."""
    with database.engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.stamp(config, "head")


def say(db: Session, word: str) -> None:
    """Write three entries with everything in them that a dump must escape."""
    for number in range(3):
        audit.append(db, at=NOW, actor="kota\\utara\t", action="test", target=word, detail=f"{number}\n")
