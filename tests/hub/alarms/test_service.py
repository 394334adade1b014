"""Raising and clearing: one alarm a cause, however often it is said."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.rules import FLAPPING_WITHIN
from hub.alarms.service import forget_old, raise_alarm
from hub.alarms.steps import Step
from hub.db import Database
from tests.hub.alarms.conftest import Sayings
from tests.hub.screens import START

MINUTE = timedelta(minutes=1)


def steps(database: Database, number: int = 1) -> list[str]:
    with database.reading() as db:
        query = select(AlarmStep.what).where(AlarmStep.alarm_id == number).order_by(AlarmStep.id)
        return list(db.scalars(query))


def acknowledge(alarm: Alarm) -> None:
    alarm.acknowledged_at, alarm.acknowledged_by = START, "oki"
    if not alarm.is_active:
        alarm.open_key = None


def test_the_same_cause_said_twice_is_one_alarm(say: Sayings) -> None:
    say.dark("jawi")
    say.dark("jawi", at=START + MINUTE, cause="link")
    (alarm,) = say.all()
    assert (alarm.occurrences, alarm.active_since) == (1, START)
    assert json.loads(alarm.facts)["cause"] == "link"
    assert alarm.changed_at == START + MINUTE
    assert steps(say.database) == [Step.RAISED]


def test_saying_it_again_changes_nothing_that_a_list_shows(say: Sayings) -> None:
    say.dark("jawi")
    say.dark("jawi", at=START + MINUTE)
    assert say.all()[0].changed_at == START


def test_a_cleared_one_that_nobody_acknowledged_becomes_active_again_whenever_it_returns(
    say: Sayings,
) -> None:
    say.dark("jawi")
    say.gone("jawi", at=START + MINUTE)
    assert not say.all()[0].is_active
    assert say.all()[0].open_key is not None
    say.dark("jawi", at=START + timedelta(days=2))
    (alarm,) = say.all()
    assert (alarm.occurrences, alarm.is_active) == (2, True)
    assert alarm.raised_at == START
    assert steps(say.database) == [Step.RAISED, Step.CLEARED, Step.RETURNED]


def test_flapping_makes_no_new_alarm_and_needs_no_second_acknowledgement(say: Sayings) -> None:
    say.dark("jawi")
    say.change(1, acknowledge)
    for turn in range(1, 6):
        say.gone("jawi", at=START + turn * 2 * MINUTE)
        assert say.all()[0].open_key is None
        say.dark("jawi", at=START + (turn * 2 + 1) * MINUTE)
    (alarm,) = say.all()
    assert alarm.occurrences == 6
    assert alarm.is_acknowledged


def test_after_a_while_an_acknowledged_cause_that_returns_is_a_new_alarm(say: Sayings) -> None:
    say.dark("jawi")
    say.change(1, acknowledge)
    say.gone("jawi", at=START)
    say.dark("jawi", at=START + FLAPPING_WITHIN + MINUTE)
    first, second = say.all()
    assert (first.open_key, second.open_key) == (None, "outage:jawi")
    assert not second.is_acknowledged


def test_what_became_graver_must_be_acknowledged_again(say: Sayings) -> None:
    say.dark("jawi", severity=Severity.MEDIUM)
    say.change(1, acknowledge)
    say.dark("jawi", severity=Severity.LOW)
    assert say.all()[0].is_acknowledged
    say.dark("jawi", severity=Severity.HIGH)
    assert not say.all()[0].is_acknowledged
    assert steps(say.database)[-1] == Step.WORSENED


def test_clearing_what_was_never_there_or_is_gone_does_nothing(say: Sayings) -> None:
    say.gone("jawi")
    say.dark("jawi")
    say.gone("jawi")
    say.gone("jawi", at=START + MINUTE)
    assert say.all()[0].cleared_at == START


def test_a_sentence_without_its_facts_is_refused(database: Database) -> None:
    with database.writing() as db, pytest.raises(ValueError, match="limit, value"):
        raise_alarm(
            db,
            key="x",
            kind=AlarmKind.DEVICE_HOT,
            severity=Severity.LOW,
            facts={"name": "Pi"},
            site=None,
            device=None,
            camera=None,
            link="/",
            now=START,
        )


def test_what_was_closed_long_ago_is_forgotten_with_its_history(say: Sayings) -> None:
    for place in range(5):
        say.dark(f"titik-{place}")
    say.dark("lain", at=START + timedelta(days=300))
    for one in say.all():
        say.change(one.id, acknowledge)
    for place in range(5):
        say.gone(f"titik-{place}")
    with say.database.writing() as db:
        forget_old(db, now=START + timedelta(days=399))
    assert len(say.all()) == 7
    with say.database.writing() as db:
        forget_old(db, now=START + timedelta(days=401))
    assert [one.key for one in say.all()] == ["outage:lain"]
    with say.database.reading() as db:
        assert {step.alarm_id for step in db.scalars(select(AlarmStep))} == {say.all()[0].id}


def test_what_went_long_ago_is_forgotten_although_nobody_acknowledged_it(say: Sayings) -> None:
    say.dark("jawi")
    say.dark("tugu")
    say.gone("jawi")
    with say.database.writing() as db:
        forget_old(db, now=START + timedelta(days=399))
    assert len(say.all()) == 2
    with say.database.writing() as db:
        forget_old(db, now=START + timedelta(days=401))
    assert [one.key for one in say.all()] == ["outage:tugu"]


def test_two_open_alarms_of_one_key_cannot_be(say: Sayings) -> None:
    say.dark("jawi")
    row = say.all()[0]
    same = {column.name: getattr(row, column.name) for column in Alarm.__table__.columns}
    twin = Alarm(**(same | {"id": 2}))
    with pytest.raises(IntegrityError), say.database.writing() as db:
        db.add(twin)
