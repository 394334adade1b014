"""Work in slices: it goes on where it stopped, begins anew after an error, and forgets what is old."""

from collections.abc import Callable, Iterator

import pytest

from hub.ingest.slicing import LONGEST_PAUSE_S, SLICE_S, Sliced


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(clock: Clock, done: list[int], *, step_s: float = SLICE_S) -> Callable[[], Iterator[None]]:
    def begin() -> Iterator[None]:
        for number in range(5):
            clock.now_s += step_s
            done.append(number)
            yield

    return begin


def test_a_slice_ends_with_its_time_and_the_next_goes_on_there(clock: Clock) -> None:
    done: list[int] = []
    act = Sliced(work(clock, done, step_s=SLICE_S * 0.6), monotonic_s=clock)
    assert act()
    assert done == [0, 1]
    assert act()
    assert not act()
    assert done == [0, 1, 2, 3, 4]
    assert act()
    assert done[5:] == [0, 1], "begun anew"


def test_short_work_is_one_slice(clock: Clock) -> None:
    done: list[int] = []
    assert not Sliced(work(clock, done, step_s=0.0), monotonic_s=clock)()
    assert done == [0, 1, 2, 3, 4]


def test_an_error_ends_the_work_and_the_next_call_begins_it_anew(clock: Clock) -> None:
    begun: list[int] = []

    def begin() -> Iterator[None]:
        begun.append(1)
        clock.now_s += SLICE_S
        yield
        if len(begun) == 1:
            raise LookupError("no such table")

    act = Sliced(begin, monotonic_s=clock)
    assert act()
    with pytest.raises(LookupError):
        act()
    assert act()
    assert not act()
    assert len(begun) == 2


def test_what_was_seen_long_ago_is_not_gone_on_with(clock: Clock) -> None:
    done: list[int] = []
    act = Sliced(work(clock, done), monotonic_s=clock)
    act()
    clock.now_s += LONGEST_PAUSE_S + 1
    act()
    assert done == [0, 0]
