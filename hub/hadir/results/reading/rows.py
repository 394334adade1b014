"""Between tables and the frozen rows that the rules take: JSON of hours, tariffs and day results. Pure.

Hours are written as ``["07:30", "16:00", "12:00", "13:00"]``: start, end and, if any, the break.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal

import msgspec

from hub.errors import InputError
from hub.hadir.models import (
    AllowanceTariff,
    HoursPeriod,
    PersonLeave,
    PublicHoliday,
    WorkCalendar,
    WorkShift,
)
from hub.hadir.results.calendar import (
    Calendar,
    Holiday,
    Hours,
    Leave,
    LeaveKind,
    LeavePart,
    Period,
    Scope,
    Shift,
    Subject,
)
from hub.hadir.results.rules import DayResult
from hub.hadir.results.tariff import Tariff, Tier

HoursText = Sequence[str]


class TierText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tier as it is written in files and rows."""

    code: str
    from_min: int
    percent: Decimal


class TariffText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tariff without its scope and dates, as it is written in files and rows."""

    late: tuple[TierText, ...]
    early: tuple[TierText, ...]
    missing_scan: TierText
    absent: TierText
    grace_min: int = 0
    made_good_up_to_min: int = 0
    monthly_cap_percent: Decimal = Decimal(100)
    minutes_per_day: int = 450


def hours_of(text: HoursText) -> Hours:
    """Read hours.

    Raises:
        InputError: not two or four times of day.
    """
    try:
        times = [time.fromisoformat(one) for one in text]
    except ValueError as error:
        raise InputError(f"jam {list(text)!r}: tulis sebagai JJ:MM, misalnya 07:30") from error
    if len(times) not in (2, 4):
        raise InputError(
            f"jam {list(text)!r}: tulis mulai dan selesai, lalu bila ada mulai dan akhir istirahat"
        )
    return Hours(*times)


def week_of(text: Mapping[str, HoursText]) -> dict[int, Hours]:
    """Read hours by weekday, keys ``"0"`` (Monday) to ``"6"``.

    Raises:
        InputError: another key, or hours that are none.
    """
    unknown = set(text) - set("0123456")
    if unknown:
        raise InputError(f"hari {sorted(unknown)}: pakai 0 (Senin) sampai 6 (Minggu)")
    return {int(day): hours_of(hours) for day, hours in text.items()}


def calendar_of(row: WorkCalendar) -> Calendar:
    """Return the calendar of a row."""
    week = week_of(msgspec.json.decode(row.hours, type=dict[str, list[str]]))
    return Calendar(_subject(row.scope, row.scope_number), row.valid_from, row.valid_to, week, row.name)


def holiday_of(row: PublicHoliday) -> Holiday:
    """Return the holiday of a row."""
    return Holiday(row.day, row.name, _subject(row.scope, row.scope_number))


def period_of(row: HoursPeriod) -> Period:
    """Return the period of a row."""
    week = week_of(msgspec.json.decode(row.hours, type=dict[str, list[str]]))
    return Period(_subject(row.scope, row.scope_number), row.first, row.last, week, row.name)


def shift_of(row: WorkShift) -> Shift:
    """Return the shift of a row."""
    hours = None if row.hours is None else hours_of(msgspec.json.decode(row.hours, type=list[str]))
    return Shift(row.day, hours, row.name)


def leave_of(row: PersonLeave) -> Leave:
    """Return the leave of a row."""
    return Leave(LeaveKind(row.kind), row.first, row.last, LeavePart(row.part))


def tariff_of(row: AllowanceTariff) -> Tariff:
    """Return the tariff of a row."""
    text = msgspec.json.decode(row.body, type=TariffText)
    return Tariff(
        subject=_subject(row.scope, row.scope_number),
        valid_from=row.valid_from,
        version=row.version,
        late=tuple(map(_tier, text.late)),
        early=tuple(map(_tier, text.early)),
        missing_scan=_tier(text.missing_scan),
        absent=_tier(text.absent),
        grace_min=text.grace_min,
        made_good_up_to_min=text.made_good_up_to_min,
        monthly_cap_percent=text.monthly_cap_percent,
        minutes_per_day=text.minutes_per_day,
        is_example=row.is_example,
    )


def result_text(result: DayResult) -> str:
    """Return a day result as JSON; the same result always gives the same bytes."""
    return msgspec.json.encode(result).decode()


def result_of(text: str) -> DayResult:
    """Return the day result that :func:`result_text` wrote."""
    return msgspec.json.decode(text, type=DayResult)


def digest_of(text: str) -> str:
    """Return what a result is told apart by."""
    return hashlib.sha256(text.encode()).hexdigest()


def percent_of(result: DayResult) -> Decimal:
    """Return the whole cut of a day, in percent."""
    return sum((cut.percent for cut in result.deductions), Decimal(0))


def month_of(day: date) -> date:
    """Return the first of a day's month."""
    return day.replace(day=1)


def _subject(scope: str, number: int) -> Subject:
    return Subject(Scope(scope), number)


def _tier(text: TierText) -> Tier:
    return Tier(text.code, text.from_min, text.percent)
