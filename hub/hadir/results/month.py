"""A month and a year of day results: sums, the cap, days converted, the ladder. Pure.

The ladder of PP 94/2021 is shown as an indication: a superior decides after a summons, never
a program.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hub.hadir.results.rules import DayResult, DayStatus
from hub.hadir.results.tariff import Tariff

# PP 94/2021: unexcused working days in one year, cumulative, and what they may lead to.
LADDER: tuple[tuple[int, str], ...] = (
    (3, "teguran lisan"),
    (4, "teguran tertulis"),
    (7, "pernyataan tidak puas secara tertulis"),
    (11, "pemotongan tunjangan 25 % selama 6 bulan"),
    (14, "pemotongan tunjangan 25 % selama 9 bulan"),
    (17, "pemotongan tunjangan 25 % selama 12 bulan"),
    (21, "penurunan jabatan selama 12 bulan"),
    (25, "pembebasan dari jabatan selama 12 bulan"),
    (28, "pemberhentian"),
)
CONSECUTIVE_DAYS_TO_DISMISSAL = 10


@dataclass(frozen=True, slots=True)
class MonthResult:
    """What a month came to; ``converted_days`` are summed minutes as days of absence."""

    codes: dict[str, int]
    late_min: int
    early_min: int
    worked_min: int
    percent: Decimal
    is_capped: bool
    converted_days: int
    incomplete_days: int
    to_review: int


def month_result(days: Sequence[DayResult], tariff: Tariff | None, *, today: date = date.max) -> MonthResult:
    """Add up the day results of one person and month.

    Args:
        days: One result a date.
        tariff: Gives the monthly cap and the conversion; without one nothing is capped or converted.
        today: In the city; neither this day nor a later one is missing yet.
    """
    percent = sum((cut.percent for day in days for cut in day.deductions), Decimal(0))
    cap = tariff.monthly_cap_percent if tariff else percent
    late_min, early_min = sum(day.late_min for day in days), sum(day.early_min for day in days)
    return MonthResult(
        codes=dict(Counter(day.code for day in days)),
        late_min=late_min,
        early_min=early_min,
        worked_min=sum(day.worked_min for day in days),
        percent=min(percent, cap),
        is_capped=percent > cap,
        converted_days=(late_min + early_min) // tariff.minutes_per_day if tariff else 0,
        incomplete_days=sum(day.status is DayStatus.INCOMPLETE and day.day < today for day in days),
        to_review=sum(day.needs_review for day in days),
    )


def ladder_indication(absent_days: int, longest_run: int) -> str | None:
    """Return what PP 94/2021 names for so many unexcused days of a year, or None.

    Args:
        absent_days: Cumulative in the calendar year, converted days included.
        longest_run: The longest run of consecutive working days among them.
    """
    if longest_run >= CONSECUTIVE_DAYS_TO_DISMISSAL:
        return "indikasi: pemberhentian (10 hari kerja berturut-turut)"
    reached = [words for days, words in LADDER if absent_days >= days]
    return f"indikasi: {reached[-1]}" if reached else None


def longest_absence(days: Iterable[DayResult]) -> int:
    """Return the longest run of absent working days; free days and holidays do not break it."""
    longest = run = 0
    for day in days:
        if day.status is DayStatus.ABSENT:
            run += 1
            longest = max(longest, run)
        elif day.status not in (DayStatus.FREE, DayStatus.HOLIDAY):
            run = 0
    return longest
