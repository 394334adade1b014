"""Trying less when the processor is too slow or too hot, and more again when it is not."""

import pytest

from edge.hadir.reading.effort import Effort, EffortKeeper


def keeper() -> EffortKeeper:
    return EffortKeeper(frame_every_s=0.066)


def spend(kept: EffortKeeper, cost_s: float, *, frames: int, from_s: float = 0.0) -> float:
    """Let so many frames cost the same; return when it is over."""
    for number in range(frames):
        kept.spent(cost_s, from_s + number * 0.066)
    return from_s + frames * 0.066


def test_a_door_that_keeps_up_does_everything() -> None:
    kept = keeper()
    spend(kept, 0.04, frames=1_000)
    assert kept.effort is Effort.FULL


def test_a_door_that_falls_behind_gives_up_retries_one_after_the_other() -> None:
    kept = keeper()
    seen = []
    for number in range(400):
        kept.spent(0.2, number * 0.066)
        seen.append(kept.effort)
    assert list(dict.fromkeys(seen)) == [Effort.FULL, Effort.ONE_RETRY, Effort.FIRST_LOOK]


def test_one_slow_frame_changes_nothing() -> None:
    kept = keeper()
    spend(kept, 0.02, frames=100)
    spend(kept, 0.5, frames=1)
    assert kept.effort is Effort.FULL


def test_a_door_with_time_to_spare_tries_more_again_after_a_while() -> None:
    kept = keeper()
    now_s = spend(kept, 0.2, frames=400)
    now_s = spend(kept, 0.01, frames=30, from_s=now_s)
    assert kept.effort is Effort.FIRST_LOOK
    now_s = spend(kept, 0.01, frames=60, from_s=now_s)
    assert kept.effort is Effort.ONE_RETRY
    now_s = spend(kept, 0.01, frames=200, from_s=now_s)
    assert kept.effort is Effort.ONE_RETRY, "not at once, or it would swing to and fro"
    spend(kept, 0.01, frames=200, from_s=now_s)
    assert kept.effort is Effort.FULL


@pytest.mark.parametrize(
    ("readings_c", "effort"),
    [
        ([70.0], Effort.FULL),
        ([81.0], Effort.ONE_RETRY),
        ([85.0], Effort.FIRST_LOOK),
        ([85.0, 81.0], Effort.FIRST_LOOK),
        ([81.0, 78.0], Effort.ONE_RETRY),
        ([85.0, 74.0], Effort.FULL),
        ([85.0, None], Effort.FULL),
    ],
)
def test_heat_limits_what_is_tried_until_it_is_cool_again(
    readings_c: list[float | None], effort: Effort
) -> None:
    kept = keeper()
    for reading_c in readings_c:
        kept.feel(reading_c)
    assert kept.effort is effort
