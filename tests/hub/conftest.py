"""The databases of the hub's tests: a fresh SQLite file, or a real PostgreSQL server of our own."""

import itertools
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.db import Base, Database
from tests.hub.prepared import import_all_models, place_empty_database

_NUMBERS = itertools.count(1)
POSTGRES_BINS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; whoever owns its package is the right user then."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> str:
    """The server when its database ``postgres``, which is only copied, has all tables."""
    import_all_models()
    database = Database(f"{postgres_server}/postgres")
    Base.metadata.create_all(database.engine)
    database.close()
    return postgres_server


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL, without a database, of a PostgreSQL server that lives as long as the test run."""
    if not POSTGRES_BINS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    bins, data, port = POSTGRES_BINS[-1], folder / "data", free_port()
    initdb = [bins / "initdb", "-D", data, "-U", "pontive", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*unprivileged(), *initdb], check=True, capture_output=True, cwd=folder)
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    log = (tmp_path_factory.mktemp("postgres") / "log").open("wb")
    server = subprocess.Popen(
        [*unprivileged(), bins / "postgres", "-D", data, *settings], stdout=log, stderr=log, cwd=folder
    )
    try:
        ready = [bins / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q", "-t", "30"]
        while subprocess.run(ready).returncode:
            assert server.poll() is None, Path(log.name).read_text()
        yield f"postgresql://pontive@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        log.close()
        shutil.rmtree(folder)


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
