"""Who is replaced when, by a clock that the test moves."""

import itertools
import random

import pytest

from edge.supervision.liveness import Liveness, Pace


def make(silent_after_s: float = 8, startup_s: float = 30, jitter: float = 0.0) -> Liveness:
    return Liveness(silent_after_s=silent_after_s, startup_s=startup_s, jitter=lambda: jitter)


def test_a_worker_is_due_at_once_and_not_while_it_runs() -> None:
    life = make()
    assert life.is_due(0)
    life.started(0)
    assert not life.is_due(1_000)


def test_a_silent_worker_is_overdue_after_its_time_and_not_before() -> None:
    life = make()
    life.started(100)
    life.beat(101)
    assert not life.is_overdue(108.9)
    assert life.is_overdue(109)


def test_a_starting_worker_gets_its_allowance() -> None:
    life = make()
    life.started(100)
    assert not life.is_overdue(129.9)
    assert life.is_overdue(130)


def test_a_start_that_was_cut_short_gets_twice_the_time_and_never_more_than_eight_times() -> None:
    life = make(startup_s=30)
    at_s = 0.0
    allowed_s = []
    for _ in range(5):
        life.started(at_s)
        allowed_s.append(life.startup_s)
        assert not life.is_overdue(at_s + life.startup_s - 0.1)
        at_s += life.startup_s
        assert life.is_overdue(at_s)
        life.lost(at_s)
        at_s += 100
    assert allowed_s == [30, 60, 120, 240, 240]


def test_a_start_that_failed_by_itself_or_became_steady_gets_no_more_time() -> None:
    life = make(startup_s=30)
    life.started(0)
    life.lost(5)
    life.started(10)
    assert life.startup_s == 30
    life.lost(40)
    life.started(50)
    assert life.startup_s == 60
    life.beat(100)
    life.beat(110)
    assert life.silent_after_s == 8
    life.lost(200)
    life.started(210)
    assert life.startup_s == 30


def test_a_worker_cut_short_by_a_silence_soon_after_its_start_gets_twice_the_time() -> None:
    """A board that writes an update needs more than 8 s for a picture: killing it makes it slower."""
    life = make(silent_after_s=8)
    allowed_s = []
    at_s = 0.0
    for _ in range(5):
        life.started(at_s)
        life.beat(at_s + 1)
        allowed_s.append(life.silent_after_s)
        assert not life.is_overdue(at_s + 1 + life.silent_after_s - 0.1)
        at_s += 1 + life.silent_after_s
        assert life.is_overdue(at_s)
        life.lost(at_s)
        at_s += 100
    assert allowed_s == [8, 16, 32, 64, 64]


def test_a_silence_after_steady_progress_is_judged_as_ever() -> None:
    life = make(silent_after_s=8)
    life.started(0)
    life.beat(1)
    life.lost(9.5)
    life.started(20)
    for at_s in range(21, 32):
        life.beat(at_s)
    assert life.silent_after_s == 8
    assert life.is_overdue(39)
    life.lost(39)
    life.started(40)
    assert life.silent_after_s == 8


def test_the_first_beat_ends_the_allowance() -> None:
    life = make()
    life.started(100)
    life.beat(100.5)
    assert life.is_overdue(108.5)


def test_a_silence_that_the_agent_caused_is_forgiven() -> None:
    life = make()
    life.started(100)
    life.beat(101)
    life.excuse(20)
    assert not life.is_overdue(128.9)
    assert life.is_overdue(129)


def test_a_worker_that_does_not_run_is_never_overdue() -> None:
    life = make()
    life.started(0)
    life.lost(5)
    assert not life.is_overdue(1_000)


def test_hang_to_replacement_takes_at_most_ten_seconds() -> None:
    life = make()
    life.started(0)
    for at in range(1, 40):
        life.beat(at)
    assert life.is_overdue(39 + 8)
    life.lost(39 + 8.5)
    assert life.is_due(39 + 10)


def test_the_first_restart_is_quick_and_the_next_ones_are_spaced_and_capped() -> None:
    life = make()
    now, gaps = 0.0, []
    for _ in range(9):
        life.started(now)
        life.lost(now)
        begun = now
        while not life.is_due(now):
            now += 0.125
        gaps.append(now - begun)
    assert gaps == [0.25, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0]


def test_steady_progress_forgets_earlier_failures() -> None:
    life = make()
    for now in (0.0, 10.0):
        life.started(now)
        life.lost(now)
    life.started(20)
    life.beat(21)
    life.lost(31)
    assert life.is_due(31.2)


def test_no_sequence_of_failures_restarts_faster_than_the_pace() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    life = Liveness(silent_after_s=8, startup_s=30, jitter=chance.random, pace=Pace(cap_s=20))
    now, starts = 0.0, []
    for _ in range(300):
        life.started(now)
        starts.append(now)
        now += chance.uniform(0, 3)
        life.beat(now)
        life.lost(now + chance.uniform(0, 3))
        while not life.is_due(now):
            now += 0.05
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts[1:])]
    assert min(gaps) >= 4
    assert max(gaps) <= 20 * 1.25 + 6.1
    assert life.restarts == 299


def test_the_backoff_of_months_does_not_overflow() -> None:
    life = make()
    for number in range(3_000):
        life.started(number)
        life.lost(number)
    assert life.is_due(3_000 + 40)


@pytest.mark.parametrize("jitter", [0.0, 0.999])
def test_chance_adds_at_most_a_quarter(jitter: float) -> None:
    life = make(jitter=jitter)
    life.started(0)
    life.lost(0)
    life.started(1)
    life.lost(1)
    assert not life.is_due(1 + 4 * (1 + jitter / 4) - 0.1)
    assert life.is_due(1 + 4 * (1 + jitter / 4) + 0.01)
