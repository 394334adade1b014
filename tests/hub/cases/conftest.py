"""An office with everything that ships, copied from one that was filled once a test run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.cases.keeping.versions import load_shipped
from hub.db import Base, Database
from hub.places.areas import load_areas
from tests.hub.cases.office import MONDAY, Office
from tests.hub.prepared import import_all_models


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables, areas and services; copied, never opened again."""
    import_all_models()
    path = tmp_path_factory.mktemp("cases") / "hub.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.writing() as db:
        load_areas(db)
        load_shipped(db, now=MONDAY)
    database.close()
    return path


@pytest.fixture
def office(filled_database: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of one test."""
    database = Database(f"sqlite:///{shutil.copy(filled_database, tmp_path / 'hub.db')}")
    one = Office(database)
    one.opds()
    yield one
    database.close()
