"""The revisions make exactly the tables of the models, on both databases."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import hub
from hub.db import Base, Database
from hub.migrations.schema import MODEL_MODULES, is_current, is_ours, metadata, upgrade


def empty(database: Database) -> None:
    Base.metadata.drop_all(database.engine)


def test_upgrading_gives_the_tables_of_the_models(database: Database) -> None:
    empty(database)
    assert not is_current(database)
    upgrade(database)
    assert is_current(database)
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, _parents: is_ours(name, kind)}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata())
    assert differences == [], "run: python -m hub.migrations.baseline"


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    empty(database)
    upgrade(database)
    with database.writing() as db:
        db.execute(text("INSERT INTO kecamatan VALUES ('61.71.01', 'Pontianak Selatan', 0, 0)"))
    upgrade(database)
    with database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM kecamatan")).scalar() == 1


def test_tables_of_days_are_left_alone(database: Database) -> None:
    empty(database)
    upgrade(database)
    with database.writing() as db:
        db.execute(text("CREATE TABLE telemetry_day_20261121 (x INTEGER)"))
    upgrade(database)
    assert inspect(database.engine).has_table("telemetry_day_20261121")


def test_every_module_of_models_is_listed() -> None:
    root = Path(hub.__file__).parent
    found = {".".join(path.relative_to(root).parts[:-1]) for path in root.rglob("models.py")}
    listed = {re.sub(r"^hub\.([\w.]+)\.models$", r"\1", module.__name__) for module in MODEL_MODULES}
    assert listed == found
