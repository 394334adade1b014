"""How long a letter is kept, by its classification, and where it is in that time. Pure.

Permendagri 83/2022 gives the codes; the city's schedule of retention (JRA) could not be read, so the
years are examples ("contoh").
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Keeping(StrEnum):
    """Where a letter is in its life in the archive; the values are shown and exported."""

    ACTIVE = "aktif"
    INACTIVE = "inaktif"
    DUE = "musnah"  # may be destroyed, by a decision of people
    PERMANENT = "permanen"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Years in the office and years in the archive; permanent ones are never due."""

    active_years: int
    inactive_years: int
    is_permanent: bool = False


# contoh: land, inheritance and buildings are evidence for generations.
_PERMANENT = ("400.10", "500.16", "500.17")
_USUAL = Schedule(active_years=2, inactive_years=3)


def schedule_of(classification: str) -> Schedule:
    """Return how long letters of a classification are kept."""
    is_permanent = any(classification == code or classification.startswith(f"{code}.") for code in _PERMANENT)
    return Schedule(2, 0, is_permanent=True) if is_permanent else _USUAL


def keeping_of(classification: str, issued_on: date, today: date) -> Keeping:
    """Return where a letter is in its life; years begin with the year after it was issued."""
    schedule, age_years = schedule_of(classification), today.year - issued_on.year - 1
    if age_years < schedule.active_years:
        return Keeping.ACTIVE
    if schedule.is_permanent:
        return Keeping.PERMANENT
    return Keeping.INACTIVE if age_years < schedule.active_years + schedule.inactive_years else Keeping.DUE
