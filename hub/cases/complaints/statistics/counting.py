"""Counts of complaints along one side, with percents that are 100 together. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.cases.complaints.statistics.figures import OF_HANDED_ON


@dataclass(frozen=True, slots=True)
class Tally:
    """How many complaints of one year are alike on one side: of a month, an OPD, a status …"""

    year: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``percent`` of all lines, which together are 100."""

    key: str
    count: int
    percent: int


def lines_of(
    tallies: Iterable[Tally], *, year: str = "", order: Sequence[str] = (), is_by_count: bool = False
) -> tuple[Line, ...]:
    """Return the lines of a table.

    Args:
        tallies: Of one side.
        year: Of this year alone; empty is all.
        order: Keys that stand first and always, also with nothing.
        is_by_count: The most first; else in the order of the keys.
    """
    counts: Counter[str] = Counter(dict.fromkeys(order, 0))
    for one in tallies:
        if not year or one.year == year:
            counts[one.key] += one.count
    keys = [*order, *sorted(key for key in counts if key not in order)]
    if is_by_count:
        keys.sort(key=lambda key: -counts[key])
    percents = percents_of([counts[key] for key in keys])
    return tuple(Line(key, counts[key], share) for key, share in zip(keys, percents, strict=True))


def percents_of(counts: Sequence[int]) -> list[int]:
    """Return whole percents that together are 100 (largest remainders); nothing of nothing is 0."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    percents = [count * 100 // total for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda place: (-(counts[place] * 100 % total), place))
    for place in by_rest[: 100 - sum(percents)]:
        percents[place] += 1
    return percents


def handed_on(by_status: Mapping[str, int]) -> int:
    """Return how many were handed on to an OPD, whatever became of them ("terdisposisi")."""
    return sum(by_status.get(status, 0) for status in OF_HANDED_ON)
