"""Limits with hysteresis: what raises, what clears, and what leaves an alarm as it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.models import Alarm, AlarmStep
from hub.alarms.watching.conditions import RENEW_EVERY, Condition, Keeper, Sight, below, beyond
from hub.db import Database
from tests.hub.screens import FakeClock


@pytest.mark.parametrize(
    ("value", "sight"),
    [
        (None, Sight.UNSEEN),
        (81, Sight.BAD),
        (80, Sight.BAD),
        (77, Sight.BETWEEN),
        (74, Sight.GOOD),
        (20, Sight.GOOD),
    ],
)
def test_a_value_is_beyond_a_limit_or_inside_the_second_one(value: float | None, sight: Sight) -> None:
    assert beyond(value, 80, 74) is sight


@pytest.mark.parametrize(
    ("value", "sight"),
    [(None, Sight.UNSEEN), (300, Sight.BAD), (400, Sight.BAD), (500, Sight.BETWEEN), (600, Sight.GOOD)],
)
def test_a_value_is_below_a_limit_or_inside_the_second_one(value: float | None, sight: Sight) -> None:
    assert below(value, 400, 600) is sight


class Heat:
    """A source of one condition, whose value a test sets."""

    def __init__(self) -> None:
        self.sight: Sight | None = Sight.GOOD
        self.severity = Severity.MEDIUM
        self.value = "81"
        self.lasting = timedelta()

    def __call__(self, _db: Session, _now: datetime) -> Iterator[Condition]:
        if self.sight is not None:
            yield Condition(
                kind=AlarmKind.DEVICE_HOT,
                about="pi-jawi",
                sight=self.sight,
                severity=self.severity,
                facts={"name": "Pi", "value": self.value, "limit": "80"},
                lasting=self.lasting,
            )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def heat() -> Heat:
    return Heat()


@pytest.fixture
def keeper(database: Database, heat: Heat, clock: FakeClock) -> Keeper:
    return Keeper(database=database, sources=(heat,), now=clock)


def alarms(database: Database) -> list[Alarm]:
    with database.reading() as db:
        return list(db.scalars(select(Alarm)))


def look(keeper: Keeper, heat: Heat, sight: Sight | None) -> None:
    heat.sight = sight
    keeper()


def test_it_is_raised_and_clears_only_inside_the_second_limit(
    database: Database, keeper: Keeper, heat: Heat
) -> None:
    look(keeper, heat, Sight.GOOD)
    look(keeper, heat, Sight.BETWEEN)
    assert alarms(database) == []
    look(keeper, heat, Sight.BAD)
    look(keeper, heat, Sight.BETWEEN)
    assert alarms(database)[0].is_active
    look(keeper, heat, Sight.GOOD)
    assert not alarms(database)[0].is_active


def test_what_cannot_be_seen_stays_as_it_is(database: Database, keeper: Keeper, heat: Heat) -> None:
    look(keeper, heat, Sight.UNSEEN)
    look(keeper, heat, Sight.BAD)
    look(keeper, heat, Sight.UNSEEN)
    assert alarms(database)[0].is_active


def test_what_is_no_longer_in_service_is_cleared(database: Database, keeper: Keeper, heat: Heat) -> None:
    look(keeper, heat, Sight.BAD)
    look(keeper, heat, None)
    assert not alarms(database)[0].is_active


def test_a_value_must_last_before_it_is_raised(
    database: Database, keeper: Keeper, heat: Heat, clock: FakeClock
) -> None:
    heat.lasting = timedelta(minutes=2)
    look(keeper, heat, Sight.BAD)
    clock.advance(seconds=90)
    look(keeper, heat, Sight.GOOD)
    look(keeper, heat, Sight.BAD)
    clock.advance(seconds=90)
    look(keeper, heat, Sight.BAD)
    assert alarms(database) == []
    clock.advance(seconds=30)
    look(keeper, heat, Sight.BAD)
    assert len(alarms(database)) == 1


def test_a_graver_value_is_told_at_once_and_a_new_one_now_and_then(
    database: Database, keeper: Keeper, heat: Heat, clock: FakeClock
) -> None:
    look(keeper, heat, Sight.BAD)
    heat.value = "83"
    look(keeper, heat, Sight.BAD)
    assert '"81"' in alarms(database)[0].facts
    clock.at += RENEW_EVERY
    look(keeper, heat, Sight.BAD)
    assert '"83"' in alarms(database)[0].facts
    heat.severity, heat.value = Severity.HIGH, "86"
    look(keeper, heat, Sight.BAD)
    assert alarms(database)[0].severity == Severity.HIGH


def test_after_a_restart_nothing_is_raised_twice(
    database: Database, keeper: Keeper, heat: Heat, clock: FakeClock
) -> None:
    look(keeper, heat, Sight.BAD)
    again = Keeper(database=database, sources=(heat,), now=clock)
    again()
    with database.reading() as db:
        assert len(db.scalars(select(AlarmStep)).all()) == 1


def test_a_keeper_leaves_the_alarms_of_others_alone(
    database: Database, keeper: Keeper, heat: Heat, clock: FakeClock
) -> None:
    look(keeper, heat, Sight.BAD)
    other = Keeper(database=database, sources=(), now=clock, kinds=(AlarmKind.HUB_INGEST,))
    other()
    assert alarms(database)[0].is_active
