"""What a rollout does next, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.wire.updates import UpdateFault, UpdateState
from hub.updates.rules import RolloutState, Standing, Step, next_step, order_of
from hub.updates.words import FAULT_WORDS, ROLLOUT_WORDS, STATE_WORDS

BEGAN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def one(
    state: str = "committed", *, place: int = 0, fault: str = "", online: bool = True, at: datetime = BEGAN
) -> Standing:
    return Standing(place=place, state=state, fault=fault, is_online=online, at=at)


def step(
    *standings: Standing, place: int = 0, after: timedelta = HOUR, since: datetime = BEGAN - HOUR
) -> Step:
    return next_step(
        standings,
        place=place,
        last_place=2,
        place_since=BEGAN,
        settle=timedelta(minutes=30),
        most_failed_percent=10,
        failures_since=since,
        now=BEGAN + after,
    )


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ((), Step.OPEN_NEXT),
        ((one(),), Step.OPEN_NEXT),
        ((one(), one("downloading")), Step.WAIT),
        ((one(), one("downloading", online=False)), Step.OPEN_NEXT),
        ((one("downloading", online=False),), Step.WAIT),
        ((one(online=False),), Step.WAIT),
        ((one(at=BEGAN + timedelta(minutes=40)),), Step.WAIT),
        ((one(), one("returned")), Step.PAUSE),
        ((one(), one("refused", fault="unsupported")), Step.OPEN_NEXT),
        ((*[one()] * 9, one("failed")), Step.OPEN_NEXT),
        ((*[one()] * 8, one("failed")), Step.PAUSE),
    ],
    ids=[
        "an empty ring proves nothing and holds nothing up",
        "all took it",
        "one is at it",
        "one is away",
        "nobody is there",
        "who took it fell silent",
        "not well for long enough",
        "half failed",
        "one cannot take any",
        "exactly the share that may fail",
        "more than may fail",
    ],
)
def test_a_ring_is_passed_when_it_proved_the_release(standings: tuple[Standing, ...], expected: Step) -> None:
    assert step(*standings) is expected


def test_the_last_ring_ends_a_rollout_that_reached_somebody() -> None:
    assert step(one(), one(place=2), place=2) is Step.COMPLETE
    assert step(one(), place=2) is Step.COMPLETE
    assert step(place=2) is Step.WAIT


def test_failures_that_somebody_knows_of_do_not_stop_it_again() -> None:
    assert step(one(), one("returned"), since=BEGAN) is Step.OPEN_NEXT


def test_every_state_and_fault_has_words() -> None:
    assert set(STATE_WORDS) == {"", *UpdateState}
    assert set(FAULT_WORDS) == set(UpdateFault)
    assert set(ROLLOUT_WORDS) == set(RolloutState)
    assert all(sentence.endswith(".") for words in FAULT_WORDS.values() for sentence in words)
    assert order_of(3, 2) == "3.2"
