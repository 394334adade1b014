"""Four states, an order, and deadlines."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.alarms.kinds import Severity
from hub.alarms.rules import (
    MOST_ESCALATIONS,
    STALE_AFTER,
    STATE_WORDS,
    TELL_AFTER,
    AlarmState,
    is_stale,
    next_telling_at,
    order,
    state_of,
)
from hub.alarms.settings import Escalation

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("is_active", "is_acknowledged", "state"),
    [
        (True, False, AlarmState.NEW),
        (True, True, AlarmState.KNOWN),
        (False, False, AlarmState.GONE),
        (False, True, AlarmState.DONE),
    ],
)
def test_there_are_four_states(is_active: bool, is_acknowledged: bool, state: AlarmState) -> None:
    assert state_of(is_active=is_active, is_acknowledged=is_acknowledged) is state
    assert STATE_WORDS[state]


def test_what_nobody_knows_of_comes_first_then_the_gravest_then_the_newest() -> None:
    rows = [
        (AlarmState.KNOWN, Severity.CRITICAL, NOW),
        (AlarmState.NEW, Severity.LOW, NOW),
        (AlarmState.GONE, Severity.CRITICAL, NOW),
        (AlarmState.NEW, Severity.HIGH, NOW - MINUTE),
        (AlarmState.NEW, Severity.HIGH, NOW),
    ]
    assert sorted(rows, key=lambda row: order(*row)) == [rows[4], rows[3], rows[1], rows[2], rows[0]]


def test_an_alarm_that_stands_for_a_day_is_stale() -> None:
    assert not is_stale(is_active=True, active_since=NOW - STALE_AFTER, now=NOW)
    assert is_stale(is_active=True, active_since=NOW - STALE_AFTER - MINUTE, now=NOW)
    assert not is_stale(is_active=False, active_since=NOW - 3 * STALE_AFTER, now=NOW)


def told_next(severity: Severity, told: int, told_at: datetime | None = NOW) -> datetime | None:
    return next_telling_at(
        severity=severity, told=told, active_since=NOW, told_at=told_at, waits=Escalation()
    )


def test_the_first_are_told_when_blips_have_settled() -> None:
    assert told_next(Severity.LOW, 0, None) == NOW + TELL_AFTER


def test_the_next_are_told_the_sooner_the_graver_it_is() -> None:
    assert told_next(Severity.CRITICAL, 1) == NOW + 3 * MINUTE
    assert told_next(Severity.MEDIUM, 2) == NOW + 60 * MINUTE


def test_what_is_low_is_told_once_and_nothing_is_told_for_ever() -> None:
    assert told_next(Severity.LOW, 1) is None
    assert told_next(Severity.CRITICAL, MOST_ESCALATIONS) is None
    assert told_next(Severity.CRITICAL, 1, None) is None
