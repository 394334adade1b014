"""Arithmetic of times, against counting every minute by hand."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from hub.cctv.outages.uptime.spans import Uptime, clip, length_s, minus, reckon, union

BEGIN = datetime(2026, 11, 21, tzinfo=UTC)


def at(minute: float) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def span(first: float, last: float) -> tuple[datetime, datetime]:
    return at(first), at(last)


def test_spans_are_cut_to_the_period_and_open_ones_last_to_its_end() -> None:
    assert clip([(at(-5), at(5)), (at(8), None), (at(20), at(30))], at(0), at(10)) == [
        span(0, 5),
        span(8, 10),
    ]


def test_overlaps_are_joined_and_taken_out() -> None:
    joined = union([span(4, 6), span(0, 2), span(1, 3), span(6, 7)])
    assert joined == [span(0, 3), span(4, 7)]
    assert minus(joined, [span(1, 2), span(5, 9)]) == [span(0, 1), span(2, 3), span(4, 5)]
    assert length_s(joined) == 360


def test_a_period_that_has_not_begun_counts_nothing() -> None:
    assert reckon(at(5), at(5), down=[], maintenance=[], blind=[]) == Uptime()
    assert Uptime().share is None


@pytest.mark.parametrize("seed", range(12))
def test_every_minute_is_counted_once_and_for_what_it_was(seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)

    def some() -> list[tuple[datetime, datetime | None]]:
        starts = [chance.randrange(-10, 120) for _ in range(chance.randrange(5))]
        return [
            (at(start), None if chance.random() < 0.1 else at(start + chance.randrange(40)))
            for start in starts
        ]

    down, maintenance, blind = some(), some(), some()

    def holds(spans: list[tuple[datetime, datetime | None]], moment: datetime) -> bool:
        return any(first <= moment and (last is None or moment < last) for first, last in spans)

    wanted = {"up": 0, "down": 0, "maintenance": 0, "unknown": 0}
    for minute in range(100):
        moment = at(minute + 0.5)
        kind = (
            "maintenance"
            if holds(maintenance, moment)
            else "unknown"
            if holds(blind, moment)
            else "down"
            if holds(down, moment)
            else "up"
        )
        wanted[kind] += 60
    found = reckon(at(0), at(100), down=down, maintenance=maintenance, blind=blind)
    assert (found.up_s, found.down_s, found.maintenance_s, found.unknown_s) == tuple(wanted.values())


def test_parts_of_cameras_add_up() -> None:
    both = Uptime(50, 50, 10, 5) + Uptime(150, 0, 0, 0)
    assert (both.share, both.maintenance_s) == (0.8, 10)
