"""Arithmetic of times: what of a period was dark, announced or unknown. Pure.

A span is half open: from its begin until just before its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Uptime:
    """What a period was made of, in seconds; the parts add up to the period.

    What is announced does not count, and what the hub could not know is told apart.
    """

    up_s: float = 0.0
    down_s: float = 0.0
    maintenance_s: float = 0.0
    unknown_s: float = 0.0

    @property
    def share(self) -> float | None:
        """How much of what is known and counts it was there, 0 to 1; ``None``: nothing counts."""
        counted = self.up_s + self.down_s
        return self.up_s / counted if counted > 0 else None

    def __add__(self, other: "Uptime") -> "Uptime":
        """Return both together."""
        return Uptime(
            self.up_s + other.up_s,
            self.down_s + other.down_s,
            self.maintenance_s + other.maintenance_s,
            self.unknown_s + other.unknown_s,
        )


def clip(spans: Iterable[tuple[datetime, datetime | None]], begin: datetime, end: datetime) -> list[Span]:
    """Return the parts of spans that lie within a period; an open one lasts until its end."""
    cut = [(max(first, begin), min(last or end, end)) for first, last in spans]
    return [(first, last) for first, last in cut if first < last]


def union(spans: Iterable[Span]) -> list[Span]:
    """Return spans that cover the same, in order and without overlaps."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def minus(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what of ``spans`` is not in ``taken``; both as :func:`union` returns them."""
    left: list[Span] = []
    for first, last in spans:
        rest = first
        for begin, end in taken:
            if end <= rest or begin >= last:
                continue
            if begin > rest:
                left.append((rest, begin))
            rest = max(rest, end)
        if rest < last:
            left.append((rest, last))
    return left


def length_s(spans: Iterable[Span]) -> float:
    """Return how long spans without overlaps are together."""
    return sum((last - first).total_seconds() for first, last in spans)


def reckon(
    begin: datetime,
    end: datetime,
    *,
    down: Iterable[tuple[datetime, datetime | None]],
    maintenance: Iterable[tuple[datetime, datetime | None]],
    blind: Iterable[tuple[datetime, datetime | None]],
) -> Uptime:
    """Return what a period was made of.

    Args:
        begin: Of the period.
        end: Of the period, not later than now.
        down: When it was dark.
        maintenance: When that was announced: nothing of it counts.
        blind: When the hub could not know: unknown, whatever was dark before and after.
    """
    if end <= begin:
        return Uptime()
    announced = union(clip(maintenance, begin, end))
    unknown = minus(union(clip(blind, begin, end)), announced)
    dark = minus(minus(union(clip(down, begin, end)), announced), unknown)
    whole = (end - begin).total_seconds()
    parts = (length_s(dark), length_s(announced), length_s(unknown))
    return Uptime(max(0.0, whole - sum(parts)), *parts)
