"""Two people at once, a double click, a number for each: on both databases, with real threads."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.cases.keeping.engine import EffectRefusedError, Handed
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.numbering import next_in_series
from hub.cases.keeping.service import act_on, actor_for
from hub.cases.keeping.versions import load_shipped
from hub.cases.machine.rules import Given, Refusal, Refused
from hub.db import Database
from hub.places.areas import load_areas
from tests.hub.cases.office import MONDAY, PUPR, Office


@pytest.fixture
def busy(database: Database) -> Office:
    """An office on an empty database of either kind."""
    office = Office(database)
    with office.writing() as db:
        load_areas(db)
        load_shipped(db, now=MONDAY)
    office.opds()
    return office


def together(*jobs: Callable[[], None]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_who_act_on_what_they_both_saw_exactly_one_wins(busy: Office) -> None:
    number = busy.file("pengaduan").number
    people = [busy.account("coordinator"), busy.account("coordinator")]
    seen = busy.read(number).revision
    gate, said = threading.Barrier(2), []

    def act(index: int) -> None:
        gate.wait()
        with busy.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            actor = actor_for(db, case=case, viewer=people[index], now=busy.now)
            action = ("teruskan", "tolak")[index]
            given, handed = Given(note="lihat"), Handed(to_opd=PUPR)
            said.append(
                act_on(
                    db,
                    engine=busy.engine,
                    case=case,
                    actor=actor,
                    action=action,
                    given=given,
                    handed=handed,
                    seen=seen,
                    now=busy.now,
                )
            )

    together(lambda: act(0), lambda: act(1))
    assert [one for one in said if isinstance(one, Refused)] == [Refused(Refusal.CHANGED_MEANWHILE)]
    with busy.database.reading() as db:
        assert len(db.scalars(select(CaseStep)).all()) == 2, "the filing, and one step"


def test_numbers_of_a_series_have_no_gaps_when_many_file_and_one_fails(busy: Office) -> None:
    gate, numbers = threading.Barrier(2), []

    def count() -> None:
        gate.wait()
        for _ in range(5):
            with busy.writing() as db:
                numbers.append(next_in_series(db, "SRT", 2026))

    def fail() -> None:
        with busy.writing() as db:
            next_in_series(db, "SRT", 2026)
            raise EffectRefusedError("batal")

    together(count, count)
    assert sorted(numbers) == list(range(1, 11))
    with pytest.raises(EffectRefusedError):
        fail()
    with busy.writing() as db:
        assert next_in_series(db, "SRT", 2026) == 11, "a number that was rolled back is given again"
        assert next_in_series(db, "SRT", 2027) == 1, "each year begins with 1"


def test_a_second_press_within_the_same_stage_is_noticed_too(busy: Office) -> None:
    number = busy.file("pengaduan").number
    coordinator, liaison = busy.account("coordinator"), busy.account("liaison")
    for who, action in ((coordinator, "teruskan"), (liaison, "kerjakan")):
        assert isinstance(busy.act_fully(number, who, action), CaseRecord)
    seen = busy.read(number).revision
    outcomes = []
    for _ in range(2):
        with busy.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            actor = actor_for(db, case=case, viewer=liaison, now=busy.now + timedelta(seconds=1))
            given = Given(note="alat tiba")
            outcomes.append(
                act_on(
                    db, engine=busy.engine, case=case, actor=actor, action="kabari", given=given, seen=seen,
                    now=busy.now,
                )
            )  # fmt: skip
    assert isinstance(outcomes[0], CaseRecord)
    assert outcomes[1] == Refused(Refusal.CHANGED_MEANWHILE)
