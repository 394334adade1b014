"""N of M: when a state is believed."""

import pytest

from edge.vision.health.votes import Votes
from edge.wire.records.bodies import PictureState as State


def after(*votes: State) -> State:
    ballot = Votes()
    for vote in votes:
        state = ballot.cast(vote)
    return state


def test_ten_of_thirteen_are_believed() -> None:
    bad, good = State.COVERED, State.GOOD
    assert after(*[bad] * 9) is good
    assert after(*[bad] * 10) is bad
    assert after(*[bad] * 7, good, good, good, *[bad] * 3) is bad
    assert after(*[bad] * 6, *[good] * 4, *[bad] * 3) is good


@pytest.mark.parametrize("state", [State.FROZEN])
def test_frozen_is_believed_at_once_and_ends_at_once(state: State) -> None:
    assert after(State.GOOD, state) is state
    assert after(State.GOOD, state, State.GOOD) is State.GOOD


def test_torn_half_of_the_time_is_torn() -> None:
    assert after(*[State.SMEARED, State.GOOD] * 6) is State.SMEARED


def test_looks_that_are_bad_but_do_not_agree_are_bad() -> None:
    votes = [State.COVERED, State.DEFOCUSED, State.MOVED] * 4 + [State.COVERED]
    assert after(*votes) is State.COVERED


def test_it_is_good_again_after_ten_good_looks() -> None:
    assert after(*[State.BLACK] * 13, *[State.GOOD] * 9) is State.BLACK
    assert after(*[State.BLACK] * 13, *[State.GOOD] * 10) is State.GOOD
