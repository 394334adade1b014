"""Working days as a continuous measure. Pure: which days are worked comes in as a function.

One working day is one, whatever its length: half of a Friday's office hours is half a day, as
half of a Monday's is. So "80 % of five days" is a moment, and a case that comes in at ten in the
morning is not worth less than one of eight. Fractions keep it exact: no rounding, no drift.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction

# A calendar with this many free days in a row is wrong, not merciful.
LONGEST_BREAK_DAYS = 60


class CalendarError(ValueError):
    """The calendar has no working day where one must be; the message names the day."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From when to when an office works on one day, local time, ``opens`` before ``closes``."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin: they would make time run backwards."""
        if self.opens >= self.closes:
            raise CalendarError(f"office hours {self.opens} to {self.closes}: must open before they close")


# The hours of a day, or None when nobody works.
HoursOf = Callable[[date], OfficeHours | None]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Counts working days between moments, and finds the moment when so many have passed."""

    hours_of: HoursOf
    zone: tzinfo

    def between(self, begin: datetime, end: datetime) -> Fraction:
        """Return how many working days lie between two aware moments; 0 when ``end`` is not later."""
        if end <= begin:
            return Fraction(0)
        first, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum((self._share(day, begin, end) for day in days), Fraction(0))

    def after(self, begin: datetime, days: Fraction) -> datetime:
        """Return the first moment (UTC, whole microseconds, rounded up) when ``days`` have passed.

        Raises:
            CalendarError: no working day for :data:`LONGEST_BREAK_DAYS`.
        """
        if days <= 0:
            return begin.astimezone(UTC)
        day, left, free = begin.astimezone(self.zone).date(), days, 0
        while True:
            opening = self._opening(day)
            free = 0 if opening else free + 1
            if free > LONGEST_BREAK_DAYS:
                raise CalendarError(
                    f"no working day in the {LONGEST_BREAK_DAYS} days before {day}; add hours"
                )
            if opening:
                opens, closes = max(opening[0], begin), opening[1]
                length = _microseconds(opening[1] - opening[0])
                share = Fraction(max(0, _microseconds(closes - opens)), length)
                if share >= left:
                    return opens + timedelta(microseconds=_round_up(left * length))
                left -= share
            day += timedelta(days=1)

    def _share(self, day: date, begin: datetime, end: datetime) -> Fraction:
        opening = self._opening(day)
        if opening is None:
            return Fraction(0)
        opens, closes = opening
        worked = _microseconds(min(closes, end) - max(opens, begin))
        return Fraction(max(0, worked), _microseconds(closes - opens))

    def _opening(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self.hours_of(day)
        if hours is None:
            return None
        opens, closes = (
            datetime.combine(day, at, self.zone).astimezone(UTC) for at in (hours.opens, hours.closes)
        )
        return opens, closes


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def _round_up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
