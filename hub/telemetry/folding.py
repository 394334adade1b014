"""Readings of one batch folded to one row a series and hour, and one a series; pure.

Folding first keeps the statement count of a batch at the number of series, not of readings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import isnan

from hub.telemetry.store import HOUR_MS, Channel, Reading

# series, hour, samples, total, low, high
HourRow = tuple[int, int, int, float, float, float]
# series, at_ms, received_ms, value
LastRow = tuple[int, int, int, float]
SeriesOf = Callable[[Channel], tuple[int, ...]]


def fold(readings: Sequence[Reading], series_of: SeriesOf) -> tuple[list[HourRow], list[LastRow]]:
    """Return the hourly rows and the last rows of a batch, each key once, in order of keys."""
    groups: dict[tuple[Channel, int], list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.channel, reading.at_ms // HOUR_MS].append(reading)
    hours: dict[tuple[int, int], HourRow] = {}
    last: dict[int, LastRow] = {}
    for (channel, hour), group in groups.items():
        numbers = series_of(channel)
        columns = zip(*[reading.values for reading in group], strict=True)
        for number, column in zip(numbers, columns, strict=True):
            _fold_hour(hours, number, hour, column)
        _fold_last(last, numbers, group)
    return [hours[key] for key in sorted(hours)], [last[key] for key in sorted(last)]


def is_newer(at_ms: int, received_ms: int, than_ms: int) -> bool:
    """Whether a reading takes the place of the last one; one ahead of its time does not keep it."""
    return at_ms >= than_ms or than_ms > received_ms


def _fold_hour(
    hours: dict[tuple[int, int], HourRow], number: int, hour: int, column: Iterable[float]
) -> None:
    # NaN is the only value that is not itself.
    values = [value for value in column if value == value]
    if not values:
        return
    row = (number, hour, len(values), sum(values), min(values), max(values))
    held = hours.get((number, hour))
    if held is not None:
        # The series is in two channels: the camera was given another line within the hour.
        row = (
            number,
            hour,
            held[2] + row[2],
            held[3] + row[3],
            min(held[4], row[4]),
            max(held[5], row[5]),
        )
    hours[number, hour] = row


def _fold_last(last: dict[int, LastRow], numbers: tuple[int, ...], group: list[Reading]) -> None:
    newest = group[0]
    for reading in group:
        if is_newer(reading.at_ms, reading.received_ms, newest.at_ms):
            newest = reading
    if any(map(isnan, newest.values)):
        # It could not tell everything; for the rest an older one of the group may be the last.
        for reading in group:
            _take_last(last, numbers, reading)
    _take_last(last, numbers, newest)


def _take_last(last: dict[int, LastRow], numbers: tuple[int, ...], reading: Reading) -> None:
    for number, value in zip(numbers, reading.values, strict=True):
        held = last.get(number)
        if not isnan(value) and (held is None or is_newer(reading.at_ms, reading.received_ms, held[1])):
            last[number] = (number, reading.at_ms, reading.received_ms, value)
