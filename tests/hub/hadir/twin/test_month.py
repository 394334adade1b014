"""The invented past of a demonstration: real scans for real rules, the same again, and only once."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.db import Database
from hub.errors import InputError
from hub.hadir.corrections.service import Standing
from hub.hadir.models import DayCorrection, DayOutcome, DoorScan, PersonLeave
from hub.hadir.results.publishing.outcomes import recount
from hub.hadir.results.showing.recap import recap_of
from hub.hadir.review.findings import Kind, findings_of
from hub.hadir.twin.habits import HABITS, habit_of
from hub.hadir.twin.month import Simulated, simulate_past
from hub.people.models import Opd, Person, Placement
from hub.people.reach import Reach, people_within
from hub.places.models import Door
from tests.browser.sample import SampleCity
from tests.hub.hadir.conftest import NOW, WIB

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 20)
SEED = 1


@pytest.fixture
def city(database: Database, tmp_path: Path) -> Database:
    """Sixty people of one OPD, two of them without a phone."""
    SampleCity(database, tmp_path).load()
    SampleCity(database, tmp_path).employ(NOW)
    with database.writing() as db:
        for placement in db.scalars(select(Placement)):
            placement.valid_from = date(2025, 1, 1)
        db.merge(Opd(number=1, name="Kominfo"))
        for number in range(301, 354):
            db.add(
                Person(number=number, short_name=f"P {number}", changed_at=NOW, may_use_badge=number < 303)
            )
        db.flush()
        for number in range(301, 354):
            db.add(Placement(person_number=number, opd=1, unit=0, valid_from=date(2025, 1, 1)))
    return database


def simulated(database: Database, seed: int = SEED) -> Simulated:
    with database.writing() as db:
        return simulate_past(db, first=FIRST, last=LAST, zone=WIB, seed=seed, now=NOW)


def test_a_past_month_is_published_and_believable(city: Database) -> None:
    made = simulated(city)
    with city.reading() as db:
        codes = Counter(db.scalars(select(DayOutcome.code)))
        assert made.scans == db.scalar(select(func.count()).select_from(DoorScan))
    worked = sum(count for code, count in codes.items() if code not in ("-", "LB", "C", "DL", "S", "I"))
    assert 0.7 < codes["H"] / worked < 0.98, codes
    assert 0 < codes.get("TK", 0) / worked < 0.03, codes
    assert codes.get("TL1", 0) > 10
    assert codes.get("TS", 0) > 3
    assert "?" not in codes


def test_what_it_says_is_what_the_rules_say(city: Database) -> None:
    simulated(city)
    with city.reading() as db:
        found = list(recount(db, persons=None, first=FIRST, last=LAST, zone=WIB))
    assert [change for part in found for change in part.changes] == []


def test_every_kind_of_exception_but_positions_is_there_to_look_at(city: Database) -> None:
    simulated(city)
    with city.reading() as db:
        people = people_within(db, Reach(is_city=True), FIRST, LAST)
        month = LAST.replace(day=1)
        recap = recap_of(db, people=people, month=month, today=LAST + timedelta(days=1), zone=WIB)
        found = findings_of(db, people=people, recap=recap, month=month, zone=WIB)
    assert {kind for kind, some in found.items() if some} == set(Kind) - {Kind.SAME_POSITION}


def test_corrections_stand_at_every_step_and_leave_is_on_paper(city: Database) -> None:
    assert simulated(city).corrections >= 4
    with city.reading() as db:
        standings = set(db.scalars(select(DayCorrection.standing)))
        assert standings == {Standing.ASKED, Standing.APPROVED, Standing.APPLIED, Standing.REFUSED}
        assert {leave.kind for leave in db.scalars(select(PersonLeave))} >= {"C", "DL", "S", "I"}
        revised = db.scalars(select(DayOutcome.revision).where(DayOutcome.revision > 1)).all()
    assert revised != []


def test_the_same_seed_invents_the_same_past_and_another_another(city: Database) -> None:
    assert habit_of(101, 1) == habit_of(101, 1)
    assert [habit_of(n, 1) for n in range(40)] != [habit_of(n, 2) for n in range(40)]
    assert sum(share for share, _habit in HABITS) == pytest.approx(1)
    first = simulated(city)
    with city.reading() as db:
        tokens = set(db.scalars(select(DoorScan.token)))
    assert len(tokens) == first.scans - 1, "one code came twice"


def test_where_somebody_scanned_or_no_door_stands_nothing_is_invented(city: Database) -> None:
    with city.writing() as db:
        for door in db.scalars(select(Door)):
            door.is_retired = True
    with pytest.raises(InputError, match="belum ada pintu"):
        simulated(city)
    with city.writing() as db:
        for door in db.scalars(select(Door)):
            door.is_retired = False
    simulated(city)
    with pytest.raises(InputError, match="hub yang masih kosong"):
        simulated(city)
