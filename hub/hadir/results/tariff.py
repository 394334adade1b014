"""What lateness costs: tiers, waivers and caps as dated rows. Pure; no percentage is code.

Institutions differ (Permentan 68/2012, Kemenkeu PMK 221/2021 and others), and Pontianak's own
table could not be read: the rows shipped as examples are marked "contoh".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hub.hadir.results.calendar import Subject


@dataclass(frozen=True, slots=True)
class Tier:
    """From this many whole minutes on, this share of the allowance is cut."""

    code: str
    from_min: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """One version of the rules of deduction.

    ``late`` and ``early`` are in rising order of ``from_min``; up to ``grace_min`` nothing is cut.
    Lateness of at most ``made_good_up_to_min`` is waived when the person stayed as much longer.
    ``minutes_per_day`` converts summed minutes into days of absence (7.5 h: 450).
    """

    subject: Subject
    valid_from: date
    version: str
    late: Sequence[Tier]
    early: Sequence[Tier]
    missing_scan: Tier
    absent: Tier
    grace_min: int = 0
    made_good_up_to_min: int = 0
    monthly_cap_percent: Decimal = Decimal(100)
    minutes_per_day: int = 450
    is_example: bool = False


class Deduction(msgspec.Struct, frozen=True, gc=False):
    """One cut, with the rule that asks for it."""

    code: str
    percent: Decimal


def tariff_on(day: date, tariffs: Sequence[Tariff]) -> Tariff | None:
    """Return the version that holds on a date: the newest of the strongest scope."""
    order = ["city", "opd", "unit", "person"]
    return max(
        (tariff for tariff in tariffs if tariff.valid_from <= day),
        key=lambda tariff: (order.index(tariff.subject.scope), tariff.valid_from),
        default=None,
    )


def tier_for(minutes: int, tiers: Sequence[Tier], grace_min: int) -> Deduction | None:
    """Return the cut for being late, or leaving early, by whole minutes."""
    if minutes <= grace_min:
        return None
    reached = [tier for tier in tiers if minutes >= tier.from_min]
    return Deduction(reached[-1].code, reached[-1].percent) if reached else None


def is_made_good(late_min: int, extra_min: int, tariff: Tariff) -> bool:
    """Whether staying ``extra_min`` longer makes good for coming ``late_min`` later."""
    return 0 < late_min <= tariff.made_good_up_to_min and extra_min >= late_min
