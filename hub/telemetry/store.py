"""The port of the telemetry store, and the twin of it that lives in memory.

A series is (device, source, quantity). Readings come as rows of one channel: what a source of a
device says at one instant, several quantities at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import NamedTuple, Protocol

# A reading further off than this is misdated: the outbox of an edge holds 72 h, no sensor sees ahead.
OLDEST_MS = timedelta(days=100) // timedelta(milliseconds=1)
MOST_AHEAD_MS = timedelta(days=2) // timedelta(milliseconds=1)


class Series(NamedTuple):
    """What is measured: ``quantity`` names the unit, as ``water_level_m``; source ``""``: the device."""

    device: str
    source: str
    quantity: str


class Channel(NamedTuple):
    """What one source says at a time: the quantities of its rows, in order."""

    device: str
    source: str
    quantities: tuple[str, ...]


class Reading(NamedTuple):
    """One row of a channel; ``values`` has one float a quantity, NaN: it could not tell."""

    channel: Channel
    at_ms: int  # milliseconds since 1970, UTC
    rank: int  # tells two readings of one instant apart; rises within an epoch
    values: tuple[float, ...]
    received_ms: int


class Point(NamedTuple):
    """One value."""

    at: datetime
    value: float


class Hour(NamedTuple):
    """All values of a series in one hour, or in one day of the city; ``begin`` is its start, UTC."""

    begin: datetime
    samples: int
    total: float
    low: float
    high: float


class TelemetryStore(Protocol):
    """Keeps readings and answers for series. Each reading is given once: the caller dedupes."""

    def append(self, readings: Sequence[Reading]) -> None:
        """Keep readings; they must be within ``OLDEST_MS`` and ``MOST_AHEAD_MS`` of their arrival."""

    def last(self, series: Iterable[Series] | None = None) -> dict[Series, Point]:
        """Return the newest value of each series; ``None``: of all."""

    def window(self, series: Series, begin: datetime, end: datetime) -> list[Point]:
        """Return the values with ``begin <= at < end``, oldest first."""

    def hourly(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """Return the hours with ``begin <= hour < end``, oldest first; series without any are left out."""

    def daily(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """Return the days of the city that begin within ``begin <= day < end``, as :meth:`hourly` does."""


def is_believable(at_ms: int, *, received_ms: int) -> bool:
    """Whether a reading may be charted at ``at_ms``; a Pi without a clock says 1970."""
    return -OLDEST_MS <= at_ms - received_ms <= MOST_AHEAD_MS


def instant_of_ms(at_ms: int) -> datetime:
    """Return the UTC instant of milliseconds since 1970."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def ms_of_instant(at: datetime) -> int:
    """Return milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def first_hour_of(day: int) -> int:
    """Return the hour since 1970, UTC, with which a city day begins; ``day`` is days since 1970."""
    return day * HOURS_A_DAY - OFFSET_HOURS


def day_of_hour(hour: int) -> int:
    """Return the city day, days since 1970, that holds an hour since 1970, UTC."""
    return (hour + OFFSET_HOURS) // HOURS_A_DAY


def day_of_ms(at_ms: int) -> int:
    """Return the city day, days since 1970, that holds an instant."""
    return day_of_hour(at_ms // HOUR_MS)


HOUR_MS = 3_600_000
HOURS_A_DAY = 24
# West Indonesian time is whole hours ahead and has no daylight saving (Keppres 41/1987).
OFFSET_HOURS = 7


class MemoryTelemetry:
    """A store that forgets with the process; the same answers as the tables give."""

    def __init__(self) -> None:
        """Begin empty."""
        self._rows: dict[Series, list[Reading]] = defaultdict(list)

    def append(self, readings: Sequence[Reading]) -> None:
        """See :class:`TelemetryStore`."""
        for reading in readings:
            device, source, quantities = reading.channel
            for quantity, value in zip(quantities, reading.values, strict=True):
                if not isnan(value):
                    row = reading._replace(values=(value,))
                    self._rows[Series(device, source, quantity)].append(row)

    def last(self, series: Iterable[Series] | None = None) -> dict[Series, Point]:
        """See :class:`TelemetryStore`."""
        wanted = list(self._rows) if series is None else [one for one in series if one in self._rows]
        return {one: _newest(self._rows[one]) for one in wanted}

    def window(self, series: Series, begin: datetime, end: datetime) -> list[Point]:
        """See :class:`TelemetryStore`."""
        rows = sorted(self._rows.get(series, ()), key=lambda row: (row.at_ms, row.rank))
        points = [Point(instant_of_ms(row.at_ms), row.values[0]) for row in rows]
        return [point for point in points if begin <= point.at < end]

    def hourly(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """See :class:`TelemetryStore`."""
        answer = {one: self._hours(one, begin, end) for one in series}
        return {one: hours for one, hours in answer.items() if hours}

    def daily(self, series: Iterable[Series], begin: datetime, end: datetime) -> dict[Series, list[Hour]]:
        """See :class:`TelemetryStore`."""
        answer = {one: self._periods(one, begin, end, day_of_ms, first_hour_of) for one in series}
        return {one: days for one, days in answer.items() if days}

    def _hours(self, series: Series, begin: datetime, end: datetime) -> list[Hour]:
        return self._periods(series, begin, end, lambda at_ms: at_ms // HOUR_MS, lambda hour: hour)

    def _periods(
        self,
        series: Series,
        begin: datetime,
        end: datetime,
        number_of: Callable[[int], int],
        hour_of: Callable[[int], int],
    ) -> list[Hour]:
        values: dict[int, list[float]] = defaultdict(list)
        for row in self._rows.get(series, ()):
            values[number_of(row.at_ms)].append(row.values[0])
        periods = [
            Hour(instant_of_ms(hour_of(number) * HOUR_MS), len(held), sum(held), min(held), max(held))
            for number, held in sorted(values.items())
        ]
        return [one for one in periods if begin <= one.begin < end]


def _newest(rows: list[Reading]) -> Point:
    newest = rows[0]
    for row in rows[1:]:
        # One that is still ahead when the next comes was said by a wrong clock.
        if row.at_ms >= newest.at_ms or newest.at_ms > row.received_ms:
            newest = row
    return Point(instant_of_ms(newest.at_ms), newest.values[0])
