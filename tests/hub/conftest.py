"""The databases of the hub's tests: a fresh SQLite file, or a real PostgreSQL server of our own."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.db import Base, Database
from tests import postgres
from tests.hub.prepared import import_all_models, place_empty_database

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> str:
    """The server when its database ``postgres``, which is only copied, has all tables."""
    import_all_models()
    database = Database(f"{postgres_server}/postgres")
    Base.metadata.create_all(database.engine)
    database.close()
    return postgres_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL, without a database, of a PostgreSQL server that lives as long as the test run."""
    if not postgres.BINS:
        pytest.skip(postgres.MISSING)
    with postgres.running({"fsync": "off"}) as url:
        yield url


DATABASE_KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def empty_database(kind: str, request: pytest.FixtureRequest) -> str:
    """Make an empty database with all tables, ``sqlite`` or ``postgresql``; return its URL."""
    if kind == "sqlite":
        folder: Path = request.getfixturevalue("tmp_path")
        place_empty_database(folder)
        return f"sqlite:///{folder}/hub.db"
    server: str = request.getfixturevalue("postgres_tables")
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/template1", autocommit=True) as admin:
        # Seven times as quick as making the tables anew.
        admin.execute(f"CREATE DATABASE {name} TEMPLATE postgres STRATEGY FILE_COPY")
    request.addfinalizer(lambda: _drop(server, name))
    return f"{server}/{name}"


def _drop(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/template1", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASE_KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database with all tables, once a kind of database."""
    return empty_database(request.param, request)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with all tables, once a kind of database."""
    database = Database(database_url)
    yield database
    database.close()
