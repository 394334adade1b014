"""Levels that do not flutter."""

from edge.vision.measures.levels import Levels


def levels(values: list[float], *, step_s: float = 1.0, **how: float) -> list[int]:
    watch = Levels((1.0, 2.0), **how)
    return [watch.see(value, number * step_s) for number, value in enumerate(values)]


def test_the_first_value_is_believed_at_once() -> None:
    assert levels([1.5]) == [1]


def test_a_level_changes_when_the_value_stays_beyond_the_step() -> None:
    assert levels([0.5, 1.5, 1.5, 1.5, 1.5, 1.5], hold_s=3) == [0, 0, 0, 0, 1, 1]


def test_a_value_that_comes_back_in_time_changes_nothing() -> None:
    assert set(levels([0.5, 1.5, 1.5, 0.5] * 5, hold_s=3)) == {0}


def test_a_value_at_the_step_keeps_the_level_it_comes_from() -> None:
    assert levels([0.5, *[1.05] * 9], hold_s=2)[-1] == 0
    assert levels([1.5, *[0.95] * 9], hold_s=2)[-1] == 1


def test_two_levels_can_be_left_at_once() -> None:
    assert levels([0.1, *[5.0] * 6], hold_s=2)[-1] == 2


def test_time_that_jumps_back_begins_the_waiting_anew() -> None:
    watch = Levels((1.0,), hold_s=5)
    watch.see(0.0, 100.0)
    watch.see(2.0, 101.0)
    assert watch.see(2.0, 3.0) == 0
    assert watch.see(2.0, 8.0) == 1
