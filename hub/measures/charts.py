"""Lines and columns as numbers for an SVG that the server draws; a table stands behind each. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 36, 12, 26
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across: where, and the value it stands for."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A word below: where, and what it says."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """A bar that stands: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws: one path a line, dots of its newest points or columns, ticks and words."""

    paths: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    columns: tuple[Column, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def line_chart(lines: Sequence[Sequence[float | None]], words: Sequence[str]) -> Chart | None:
    """Return lines over the same places from left to right; ``None`` when there is no value at all.

    Args:
        lines: Values of each line; ``None`` is a gap.
        words: What stands below each place; at most six of them are shown.
    """
    values = [value for line in lines for value in line if value is not None]
    if not values:
        return None
    ticks = nice_ticks(min(values), max(values))
    low, high = ticks[0], ticks[-1]

    def x_of(place: int) -> float:
        span = max(1, len(words) - 1)
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * place / span, 1)

    def y_of(value: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low), 1)

    placed = [
        [None if value is None else (x_of(place), y_of(value)) for place, value in enumerate(line)]
        for line in lines
    ]
    step = max(1, math.ceil(len(words) / 6))
    return Chart(
        paths=tuple(path_through(line) for line in placed),
        dots=tuple(found[-1] for line in placed if (found := [one for one in line if one is not None])),
        ticks=tuple(Tick(y_of(value), value) for value in ticks),
        marks=tuple(Mark(x_of(place), words[place]) for place in range(0, len(words), step)),
    )


def column_chart(values: Sequence[float | None], words: Sequence[str]) -> Chart | None:
    """Return columns from nought up or down; ``None`` when there is no value at all.

    Args:
        values: One a column; ``None`` is a gap.
        words: What stands below each; at most six of them are shown.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    ticks = nice_ticks(min(0.0, *known), max(0.0, *known))
    low, high = ticks[0], ticks[-1]
    slot = (WIDTH - _LEFT - _RIGHT) / len(values)

    def y_of(value: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low), 1)

    nought, step = y_of(0.0), max(1, math.ceil(len(words) / 6))
    return Chart(
        paths=(),
        dots=(),
        ticks=tuple(Tick(y_of(value), value) for value in ticks),
        marks=tuple(
            Mark(round(_LEFT + slot * (place + 0.5), 1), words[place]) for place in range(0, len(words), step)
        ),
        columns=tuple(
            Column(
                x=round(_LEFT + slot * (place + 0.15), 1),
                y=min(nought, y_of(value)),
                width=round(slot * 0.7, 1),
                height=round(abs(y_of(value) - nought), 1),
            )
            for place, value in enumerate(values)
            if value is not None
        ),
    )


def path_through(places: Sequence[tuple[float, float] | None]) -> str:
    """Return the ``d`` of a path through places, broken at gaps."""
    parts, is_down = [], False
    for place in places:
        if place is None:
            is_down = False
            continue
        parts.append(f"{'L' if is_down else 'M'}{place[0]:g} {place[1]:g}")
        is_down = True
    return "".join(parts)


def spark_path(values: Sequence[float], *, width: int = 96, height: int = 24) -> str:
    """Return the ``d`` of a small line without axes."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = high - low or 1.0
    return path_through(
        [
            (
                round(1 + (width - 2) * place / (len(values) - 1), 1),
                round(2 + (height - 4) * (high - value) / span, 1),
            )
            for place, value in enumerate(values)
        ]
    )


def nice_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round values that hold ``low`` and ``high`` between them, some four of them."""
    if math.isclose(low, high):
        low, high = (low - 1, high + 1) if low == 0 else (low - abs(low) / 10, high + abs(high) / 10)
    raw = (high - low) / _TICKS
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= raw)
    first = math.floor(low / step)
    return tuple(round((first + place) * step, 10) for place in range(math.ceil(high / step) - first + 1))
