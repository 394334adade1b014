"""The population register: three answers and nothing else, the same from every adapter."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from hub.cases.citizens.models import PopulationEntry
from hub.cases.citizens.nik import NikBox
from hub.cases.citizens.population import KnownPopulation, LocalPopulation, Match, Population
from hub.db import Base

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SITI = ("6171014108900047", "Siti Aminah, S.Pd.")


@pytest.fixture
def db() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[PopulationEntry.metadata.tables["population_entry"]])
    with Session(engine) as session:
        yield session
    engine.dispose()


def local(db: Session) -> Population:
    register = LocalPopulation(db, NikBox(bytes(32)))
    assert register.add([SITI], NOW) == 1
    return register


def known(_db: Session) -> Population:
    return KnownPopulation({SITI[0]: SITI[1]})


@pytest.mark.parametrize("make", [local, known])
def test_a_register_says_same_different_or_unknown(
    make: Callable[[Session], Population], db: Session
) -> None:
    register = make(db)
    assert register.match(nik=SITI[0], name="SITI  AMINAH") is Match.SAME
    assert register.match(nik=SITI[0], name="Siti Aminoh") is Match.DIFFERENT
    assert register.match(nik="6171014108900048", name="Siti Aminah") is Match.UNKNOWN


def test_the_local_register_holds_no_nik_and_no_name_and_takes_corrections(db: Session) -> None:
    register = LocalPopulation(db, NikBox(bytes(32)))
    register.add([SITI], NOW)
    register.add([(SITI[0], "Siti Aminah Zahra")], NOW)
    (row,) = db.scalars(select(PopulationEntry))
    assert "SITI" not in (row.nik_digest + row.name_digest).upper()
    assert SITI[0] not in row.nik_digest
    assert register.match(nik=SITI[0], name="Siti Aminah Zahra") is Match.SAME
