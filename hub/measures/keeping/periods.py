"""Hours, days, months and years of the city, and where each begins. Pure."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum

# West Indonesian time has no daylight saving (Keppres 41/1987).
WIB = timezone(timedelta(hours=7))
_WIB_S = 7 * 3600
_DAY_S = 86_400
_HOUR_S = 3600


class Grain(IntEnum):
    """How long the period of a value is; larger is longer."""

    HOUR = 0
    DAY = 1
    MONTH = 2
    YEAR = 3


# As the catalogue spells them.
GRAINS: dict[str, Grain] = {
    "hour": Grain.HOUR,
    "day": Grain.DAY,
    "month": Grain.MONTH,
    "year": Grain.YEAR,
}


def second_of(at: datetime) -> int:
    """Return whole seconds since 1970 of an aware moment."""
    return int(at.timestamp())


def begin_of_day(day: date) -> int:
    """Return the second at which a day begins in the city."""
    return int(datetime(day.year, day.month, day.day, tzinfo=WIB).timestamp())


def begin_of(grain: Grain, at_s: int) -> int:
    """Return the second at which the period begins that holds a second."""
    if grain is Grain.HOUR:
        return at_s - at_s % _HOUR_S
    if grain is Grain.DAY:
        return at_s - (at_s + _WIB_S) % _DAY_S
    day = day_of(at_s)
    return begin_of_day(date(day.year, day.month if grain is Grain.MONTH else 1, 1))


def end_of(grain: Grain, begin_s: int) -> int:
    """Return the second at which the period ends that begins at a second."""
    if grain <= Grain.DAY:
        return begin_s + (_HOUR_S if grain is Grain.HOUR else _DAY_S)
    day = day_of(begin_s)
    if grain is Grain.YEAR:
        return begin_of_day(date(day.year + 1, 1, 1))
    return begin_of_day(date(day.year + day.month // 12, day.month % 12 + 1, 1))


def moment_of(at_s: int) -> datetime:
    """Return the moment of a second, aware UTC."""
    return datetime.fromtimestamp(at_s, UTC)


def day_of(at_s: int) -> date:
    """Return the city's day that holds a second."""
    return datetime.fromtimestamp(at_s, WIB).date()


def periods_between(grain: Grain, since_s: int, until_s: int) -> tuple[int, ...]:
    """Return where the periods begin that lie between two seconds, at most some hundred thousand."""
    found, begin_s = [], begin_of(grain, since_s)
    while begin_s < until_s:
        found.append(begin_s)
        begin_s = end_of(grain, begin_s)
    return tuple(found)
