"""Waiting before the next connection."""

import random

from edge.uplink import Backoff


def longest_waits(backoff: Backoff, times: int) -> list[float]:
    return [backoff.next_wait_s(connected_for_s=0) for _ in range(times)]


class Highest(random.Random):
    """Chance that always draws the longest wait."""

    def uniform(self, low: float, high: float) -> float:
        return high


def test_waits_double_up_to_the_cap() -> None:
    waits = longest_waits(Backoff(Highest(), first_s=2, cap_s=300), 10)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_connection_that_held_starts_anew_and_one_that_broke_at_once_does_not() -> None:
    backoff = Backoff(Highest(), first_s=2, cap_s=300, steady_s=10)
    longest_waits(backoff, 5)
    assert backoff.next_wait_s(connected_for_s=9) == 64
    assert backoff.next_wait_s(connected_for_s=10) == 2


def test_the_wait_is_anywhere_between_nothing_and_the_ceiling() -> None:
    waits = [Backoff(random.Random(seed)).next_wait_s(connected_for_s=0) for seed in range(200)]
    assert 0 <= min(waits) < 0.2
    assert 1.8 < max(waits) <= 2
