"""Days, months and moments in addresses and forms: taken only from years that can be computed with."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hub.web.formats import YEARS


def typed_day(text: str) -> date:
    """Read a day as ``2026-11-23``.

    Raises:
        ValueError: it is none, or of a year beyond :data:`hub.web.formats.YEARS`.
    """
    return _within(date.fromisoformat(text.strip()))


def typed_month(text: str) -> date:
    """Read a month as ``2026-11``; return its first day.

    Raises:
        ValueError: it is none, or of a year beyond :data:`hub.web.formats.YEARS`.
    """
    return _within(date.fromisoformat(f"{text.strip()}-01"))


def typed_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read what a browser's field of day and time says, which knows no zone.

    Raises:
        ValueError: it is none, or of a year beyond :data:`hub.web.formats.YEARS`.
    """
    moment = datetime.fromisoformat(text.strip())
    _within(moment.date())
    return moment.replace(tzinfo=zone)


def typed_clock(text: str) -> time:
    """Read a time of day as ``07:30``; a zone that somebody added is not listened to.

    Raises:
        ValueError: it is none.
    """
    return time.fromisoformat(text.strip()).replace(tzinfo=None)


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"{day} is not of a year from {YEARS[0]} to {YEARS[-1]}")
    return day
