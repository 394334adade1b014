"""A promised time that runs, pauses and is overstepped. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from hub.cases.clock.working_days import WorkingDays


class Unit(StrEnum):
    """What a promised time is counted in; UU 27/2022 counts hours, SP4N-LAPOR! working days."""

    WORKING_DAYS = "working-days"
    HOURS = "hours"


class Measure(Protocol):
    """Counts a length of time in its own unit."""

    def between(self, begin: datetime, end: datetime) -> Fraction:
        """Return how much lies between two moments."""
        ...

    def after(self, begin: datetime, days: Fraction) -> datetime:
        """Return the moment when so much has passed."""
        ...


class Hours:
    """Plain hours: nights and holidays count."""

    def between(self, begin: datetime, end: datetime) -> Fraction:
        """Return the hours between two moments; 0 when ``end`` is not later."""
        return max(Fraction(0), Fraction((end - begin) // timedelta(microseconds=1), 3_600_000_000))

    def after(self, begin: datetime, days: Fraction) -> datetime:
        """Return the moment ``days`` hours later (the unit of this measure is the hour)."""
        microseconds = max(Fraction(0), days) * 3_600_000_000
        whole = -(-microseconds.numerator // microseconds.denominator)
        return begin.astimezone(UTC) + timedelta(microseconds=whole)


def measure_of(unit: Unit, working_days: WorkingDays) -> Measure:
    """Return what counts a unit."""
    return working_days if unit is Unit.WORKING_DAYS else Hours()


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count: the case waits for its applicant. ``end`` None: it still does."""

    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """``amount`` of a unit from ``begin`` on, less the pauses (in order, none overlapping)."""

    measure: Measure
    amount: Fraction
    begin: datetime
    pauses: Sequence[Pause] = ()

    def used(self, now: datetime) -> Fraction:
        """Return how much of the unit was used up until ``now``."""
        used, since = Fraction(0), self.begin
        for pause in self.pauses:
            used += self.measure.between(since, min(pause.begin, now))
            if pause.end is None or pause.end >= now:
                return used
            since = pause.end
        return used + self.measure.between(since, now)

    def moment_of(self, share: Fraction) -> datetime | None:
        """Return when ``share`` (1 = all) of the promise is used up; None while that is open in a pause."""
        left, since = self.amount * share, self.begin
        for pause in self.pauses:
            running = self.measure.between(since, pause.begin)
            if running >= left:
                break
            left -= running
            if pause.end is None:
                return None
            since = pause.end
        return self.measure.after(since, left)

    @property
    def due(self) -> datetime | None:
        """When it is all used up; None while a pause holds it open."""
        return self.moment_of(Fraction(1))

    def is_paused(self, now: datetime) -> bool:
        """Whether it stands still at ``now``."""
        return any(p.begin <= now and (p.end is None or now < p.end) for p in self.pauses)


def passed(promise: Promise, shares: Sequence[Fraction], now: datetime) -> tuple[Fraction, ...]:
    """Return which of the shares (0.5, 0.8, 1) have been reached at ``now``, smallest first."""
    used = promise.used(now)
    return tuple(share for share in sorted(shares) if used >= promise.amount * share)
