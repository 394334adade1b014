"""A drill of PostgreSQL runs in a database of its own, on a real server, and touches no other."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from hub.backup.making import make_backup
from hub.backup.restoring import drill
from hub.backup.scratch import scratch_database
from hub.config import HubConfig, load_config
from hub.db import Database
from hub.errors import HubError
from hub.rehearsal import screens_answer
from tests import postgres
from tests.hub.backup.small_hub import NOW, say, stamp
from tests.hub.backup.test_restoring import KEY, word_of

pytestmark = pytest.mark.postgres


class City:
    """A hub on PostgreSQL, and a backup of it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self.name = url, url.rpartition("/")[2]
        (folder / "hub.toml").write_text(f'database = "{url}"\n')
        (folder / "hub-signing.key").write_bytes(b"k" * 32)
        self.config = load_config(folder / "hub.toml")
        database = Database(url)
        stamp(database)
        with database.writing() as db:
            say(db, "kota")
        database.close()
        self.backup = make_backup(self.config, folder / "hub.toml", folder / "b", KEY, now=NOW).path

    def drill(self, health: Callable[[HubConfig], None], *, url: str = "") -> None:
        drill(self.backup, KEY, load_config, health, database=url or self.url)

    def databases(self) -> set[str]:
        with psycopg.connect(self.url) as db:
            names = db.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{self.name}%",))
            return {row[0] for row in names}


@pytest.fixture
def city(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    if database_url.startswith("sqlite"):
        pytest.skip("drills of SQLite are in test_restoring")
    monkeypatch.setenv("PATH", f"{postgres.BINS[-1]}:{os.environ['PATH']}")
    return City(tmp_path, database_url)


def test_the_screens_start_over_a_database_of_their_own_and_it_is_gone_afterwards(city: City) -> None:
    asked = []

    def health(config: HubConfig) -> None:
        screens_answer(config)
        asked.append(config.database)
        assert word_of(config) == "kota"
        # What is done there is done to nobody else.
        with psycopg.connect(config.database) as db:
            db.execute("DELETE FROM audit_entry")

    # The hub runs meanwhile.
    with psycopg.connect(city.url):
        city.drill(health)
    assert asked == [f"{city.url}_drill"]
    assert word_of(city.config) == "kota"
    assert city.databases() == {city.name}


def test_a_drill_that_was_killed_is_cleared_away_by_the_next(city: City) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover (measured in the parent only)
        try:
            city.drill(lambda _config: os.kill(os.getpid(), signal.SIGKILL))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert city.databases() == {city.name, f"{city.name}_drill"}
    city.drill(lambda _config: None)
    assert city.databases() == {city.name}


def test_a_database_that_no_drill_made_is_left_and_a_role_without_the_right_is_told(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(city.url, autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{city.name}_drill"')
        with pytest.raises(HubError, match="already exists"):
            city.drill(lambda _config: None)
        assert f"{city.name}_drill" in city.databases()
        db.execute(f'DROP DATABASE "{city.name}_drill"')
        db.execute("CREATE ROLE clerk LOGIN")
        with pytest.raises(HubError, match="ALTER ROLE clerk CREATEDB"):
            city.drill(screens_answer, url=city.url.replace("pontive@", "clerk@"))
        db.execute("DROP ROLE clerk")
        # As on a socket of the machine, where the address names nobody.
        db.execute('CREATE ROLE "pontive-hub" LOGIN')
        monkeypatch.setenv("PGUSER", "pontive-hub")
        with pytest.raises(HubError, match='ALTER ROLE "pontive-hub" CREATEDB'):
            city.drill(screens_answer, url=city.url.replace("pontive@", ""))
        monkeypatch.delenv("PGUSER")
        db.execute('DROP ROLE "pontive-hub"')
    with pytest.raises(HubError, match="whose database is on a server"), scratch_database("sqlite:///hub.db"):
        pass
    with pytest.raises(HubError, match="too long"), scratch_database(f"postgresql://db/{'x' * 63}"):
        pass
