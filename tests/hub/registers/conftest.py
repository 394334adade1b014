"""A hub with a few OPDs and somebody who may do everything, for tests of registers."""

from collections.abc import Iterator

import pytest

from hub.db import Database
from hub.people.models import Opd
from hub.registers.keeping.models import RegisterRow
from hub.registers.keeping.reach import EVERYTHING, RegisterReach
from hub.registers.keeping.service import Actor, Given, add_row
from hub.registers.kind.reading import kind_of
from tests.hub.screens import START, Screens, clock, screens

__all__ = ["clock", "screens"]  # fixtures that the tests here ask for

DISKOMINFO, DISHUB = 1, 2
TODAY = START.date()


def actor(reach: RegisterReach = EVERYTHING, name: str = "budi") -> Actor:
    return Actor(name=name, now=START, today=TODAY, reach=reach)


def add_opds(database: Database) -> None:
    with database.writing() as db:
        db.merge(Opd(number=DISKOMINFO, name="Dinas Komunikasi dan Informatika"))
        db.merge(Opd(number=DISHUB, name="Dinas Perhubungan"))


def add_application(database: Database, name: str, owner: int = DISKOMINFO, **values: object) -> int:
    given = Given(values={"nama": name, "fungsi": f"Untuk {name}", "status": "aktif", **values}, owner=owner)  # type: ignore[dict-item]  # values of a test
    with database.writing() as db:
        return add_row(db, kind_of("aplikasi"), given, actor()).id


def row(database: Database, number: int) -> RegisterRow:
    with database.reading() as db:
        return db.get_one(RegisterRow, number)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Once on SQLite, once on PostgreSQL: rows are JSON, of which each database has its own idea."""
    database = Database(database_url)
    add_opds(database)
    yield database
    database.close()


@pytest.fixture
def office(screens: Screens) -> Screens:
    """The application with two OPDs."""
    add_opds(screens.database)
    return screens
