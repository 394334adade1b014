"""Counts of complaints, added up along one side at a time. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.cases.complaints.statistics.figures import OF_HANDED_ON


@dataclass(frozen=True, slots=True)
class Cell:
    """How many complaints are alike; ``month`` as ``2026-11`` in the city's time, ``opd`` 0: none yet."""

    month: str
    opd: int
    status: str
    category: str
    kelurahan: str
    count: int

    @property
    def year(self) -> str:
        """The year they came in."""
        return self.month[:4]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``percent`` of all lines, which together are 100."""

    key: str
    count: int
    percent: int


def lines_by(
    cells: Iterable[Cell], side: str, *, order: Sequence[str] = (), is_by_count: bool = False
) -> tuple[Line, ...]:
    """Return the counts along one side.

    Args:
        cells: What is counted.
        side: A field of :class:`Cell`, or ``year``.
        order: Keys that stand first and always, also with nothing.
        is_by_count: The most first; else in the order of the keys.
    """
    counts: Counter[str] = Counter(dict.fromkeys(order, 0))
    for cell in cells:
        counts[str(getattr(cell, side))] += cell.count
    rest = sorted(key for key in counts if key not in order)
    keys = [*order, *rest]
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
