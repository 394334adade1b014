"""Time that only goes forward, and lateness."""

import pytest

from edge.cameras.sources.timeline import Lag, Timeline


def placed(*raw_s: float | None, step_s: float = 0.1) -> list[float]:
    timeline = Timeline(step_s=step_s)
    return [timeline.place(each) for each in raw_s]


def test_good_timestamps_are_left_as_they_are() -> None:
    assert placed(5.0, 5.1, 5.3) == pytest.approx([5.0, 5.1, 5.3])


def test_a_source_without_time_gets_even_steps() -> None:
    assert placed(None, None, None) == pytest.approx([0.0, 0.1, 0.2])


def test_a_missing_stamp_among_good_ones_gets_the_last_step() -> None:
    assert placed(0.0, 0.2, None, 0.6, 0.8) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])


@pytest.mark.parametrize("jump_to_s", [0.0, 3600.0, -50.0, 0.2])
def test_after_a_jump_time_goes_on_by_one_step(jump_to_s: float) -> None:
    timeline = Timeline(step_s=0.1)
    times = [timeline.place(each) for each in (0.1, 0.2, jump_to_s, jump_to_s + 0.1)]
    assert times == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert timeline.jumps == 1


def test_a_pause_is_a_pause() -> None:
    assert placed(0.0, 0.1, 8.0) == pytest.approx([0.0, 0.1, 8.0])


def test_a_steady_stream_is_not_late() -> None:
    lag = Lag()
    assert [lag.of(n * 0.1, 50 + n * 0.1) for n in range(20)] == pytest.approx([0.0] * 20)


def test_frames_that_come_slower_than_their_time_are_late() -> None:
    lag = Lag()
    assert [lag.of(n * 0.1, n * 0.3) for n in range(4)] == pytest.approx([0.0, 0.2, 0.4, 0.6])


def test_whoever_had_to_wait_is_not_late_however_wrong_the_stamps_are() -> None:
    lag = Lag()
    assert [lag.of(n * 0.1, n * 0.3, has_waited=True) for n in range(4)] == [0.0] * 4


def test_catching_up_brings_the_lag_down() -> None:
    lag = Lag()
    lag.of(0.0, 0.0)
    assert lag.of(1.0, 5.0) == pytest.approx(4.0)
    assert lag.of(5.0, 5.5) == pytest.approx(0.5)
