"""Rows of a camera: what the chart, the table and the files all show.

Rows by day and by hour read the roll-ups of that grain. Only rows by minute read single values, and
there are at most three hours of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.cctv.traffic.columns import LOOKS, Column, Fold, Look, Theme
from hub.cctv.traffic.ranges import Range, Step
from hub.telemetry.store import Hour, Series, TelemetryStore


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a row with the lowest and highest value behind it; already in the unit shown."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """One card: a row for each start, a cell a column, ``None`` where nothing was heard."""

    theme: Theme
    look: Look
    columns: tuple[Column, ...]
    starts: tuple[datetime, ...]
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was heard in all the time."""
        return all(cell is None for row in self.rows for cell in row)

    @property
    def has_sum(self) -> bool:
        """Whether a row has a sum over its columns."""
        return self.look.fold is Fold.SUM and len(self.columns) > 1

    def total(self, place: int) -> float | None:
        """Return the sum over the columns of a row; ``None`` where nothing was heard."""
        known = [cell.value for cell in self.rows[place] if cell is not None]
        return sum(known) if known else None

    def column_total(self, place: int) -> float | None:
        """Return a column's sum, or its mean, over all rows."""
        known = [cell.value for row in self.rows if (cell := row[place]) is not None]
        if not known:
            return None
        return sum(known) if self.look.fold is Fold.SUM else sum(known) / len(known)


def tables_of(
    telemetry: TelemetryStore, columns: Mapping[Theme, Sequence[Column]], wanted: Range
) -> Sequence[ThemeTable]:
    """Return a table for each theme in which anything was heard."""
    named = [column.series for each in columns.values() for column in each]
    found = _hours(telemetry, named, wanted)
    tables = [_table(theme, tuple(each), found, wanted) for theme, each in columns.items()]
    return [table for table in tables if not table.is_empty]


def _hours(
    telemetry: TelemetryStore, series: Sequence[Series], wanted: Range
) -> Mapping[Series, Sequence[Hour]]:
    if wanted.step is Step.DAY:
        return telemetry.daily(series, wanted.begin, wanted.end)
    if wanted.step is Step.HOUR:
        return telemetry.hourly(series, wanted.begin, wanted.end)
    return {
        one: [Hour(point.at, 1, point.value, point.value, point.value) for point in points]
        for one in series
        if (points := telemetry.window(one, wanted.begin, wanted.end))
    }


def _table(
    theme: Theme, columns: tuple[Column, ...], found: Mapping[Series, Sequence[Hour]], wanted: Range
) -> ThemeTable:
    look, starts = LOOKS[theme], wanted.starts()
    by_start = [_by_start(found.get(column.series, ()), wanted) for column in columns]
    rows = tuple(tuple(_cell(held.get(start, ()), look) for held in by_start) for start in starts)
    return ThemeTable(theme, look, columns, starts, rows)


def _by_start(hours: Sequence[Hour], wanted: Range) -> dict[datetime, list[Hour]]:
    held: dict[datetime, list[Hour]] = {}
    for hour in hours:
        held.setdefault(wanted.start_of(hour.begin), []).append(hour)
    return held


def _cell(hours: Sequence[Hour], look: Look) -> Cell | None:
    samples = sum(hour.samples for hour in hours)
    if not samples:
        return None
    total = sum(hour.total for hour in hours)
    value = total if look.fold is Fold.SUM else total / samples
    low, high = min(hour.low for hour in hours), max(hour.high for hour in hours)
    return Cell(value * look.scale, low * look.scale, high * look.scale)
