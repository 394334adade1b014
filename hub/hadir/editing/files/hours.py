"""Calendars, holidays, periods and tariffs from a TOML file; the product ships examples of each.

Reads and writes rows only; what a changed row changes is for ``results.publishing.outcomes`` to find.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.db import Base
from hub.errors import InputError
from hub.hadir.editing.typed import ABSENT_CODE, MISSING_CODE, percent_of, tier_code
from hub.hadir.models import AllowanceTariff, HoursPeriod, PublicHoliday, WorkCalendar
from hub.hadir.results.reading.rows import TariffText, TierText, week_of

EXAMPLES = Path(__file__).with_name("examples.toml")

_Scope = Literal["city", "opd", "unit", "person"]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
_Week = dict[str, tuple[str, ...]]


class _Scoped(Section, frozen=True, kw_only=True):
    scope: _Scope = "city"
    scope_number: Annotated[int, msgspec.Meta(ge=0)] = 0


class CalendarEntry(_Scoped, frozen=True, kw_only=True):
    """Ordinary hours; ``hours`` by weekday, ``"0"`` is Monday."""

    name: _Name
    valid_from: date
    valid_to: date | None = None
    hours: _Week


class PeriodEntry(_Scoped, frozen=True, kw_only=True):
    """Other hours for some weeks."""

    name: _Name
    first: date
    last: date
    hours: _Week


class HolidayEntry(_Scoped, frozen=True, kw_only=True):
    """A free day."""

    day: date
    name: _Name
    kind: Literal["national", "joint-leave", "local"] = "national"
    decree: str = ""


class TariffEntry(_Scoped, frozen=True, kw_only=True):
    """What lateness costs from a day on; percentages are texts, so that none is rounded."""

    version: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    valid_from: date
    late: tuple[TierText, ...]
    early: tuple[TierText, ...]
    missing_scan: TierText
    absent: TierText
    grace_min: Annotated[int, msgspec.Meta(ge=0)] = 0
    made_good_up_to_min: Annotated[int, msgspec.Meta(ge=0)] = 0
    monthly_cap_percent: str = "100"
    minutes_per_day: Annotated[int, msgspec.Meta(ge=1)] = 450


class HoursFile(Section, frozen=True):
    """A whole file."""

    calendars: tuple[CalendarEntry, ...] = ()
    periods: tuple[PeriodEntry, ...] = ()
    holidays: tuple[HolidayEntry, ...] = ()
    tariffs: tuple[TariffEntry, ...] = ()


def read_hours(path: Path) -> HoursFile:
    """Read a file.

    Raises:
        InputError: not readable, or a key unknown, missing or out of range; names the key's path.
    """
    try:
        return read_toml(path, HoursFile)
    except TomlError as error:
        raise InputError(str(error)) from error


def load_hours(db: Session, file: HoursFile, *, is_example: bool) -> int:
    """Add or change the rows that a file names; others stay. Return how many it names.

    Raises:
        InputError: hours that are none, tiers out of order, a period that ends before it begins.
    """
    for calendar in file.calendars:
        values = {"name": calendar.name, "valid_to": calendar.valid_to, "hours": _week_text(calendar.hours)}
        _put(db, WorkCalendar, _key(calendar, valid_from=calendar.valid_from), values, is_example)
    for period in file.periods:
        if period.last < period.first:
            raise InputError(f"periods {period.name!r}: 'last' lebih awal daripada 'first'; tukar keduanya")
        values = {"first": period.first, "last": period.last, "hours": _week_text(period.hours)}
        _put(db, HoursPeriod, _key(period, name=period.name), values, is_example)
    for holiday in file.holidays:
        values = {"name": holiday.name, "kind": holiday.kind, "decree": holiday.decree}
        _put(db, PublicHoliday, _key(holiday, day=holiday.day), values, is_example)
    for tariff in file.tariffs:
        _put_tariff(db, tariff, is_example)
    return sum(map(len, (file.calendars, file.periods, file.holidays, file.tariffs)))


def _check_tariff(entry: TariffEntry) -> None:
    """Refuse what the screen refuses too: minutes out of order, codes of days, shares that are none."""
    where = f"tariffs {entry.version!r}"
    for name, tiers in (("late", entry.late), ("early", entry.early)):
        starts = [tier.from_min for tier in tiers]
        if starts != sorted(set(starts)):
            raise InputError(f"{where}.{name}: urutkan 'from_min' dari kecil ke besar")
        for tier in tiers:
            tier_code(tier.code, f"{where}.{name}")
    tier_code(entry.missing_scan.code, f"{where}.missing_scan", may_be=MISSING_CODE)
    tier_code(entry.absent.code, f"{where}.absent", may_be=ABSENT_CODE)
    for tier in (*entry.late, *entry.early, entry.missing_scan, entry.absent):
        percent_of(str(tier.percent), f"{where} {tier.code}")
    percent_of(entry.monthly_cap_percent, f"{where}.monthly_cap_percent")


def _put_tariff(db: Session, entry: TariffEntry, is_example: bool) -> None:
    _check_tariff(entry)
    fields = {name: getattr(entry, name) for name in TariffText.__struct_fields__}
    fields["monthly_cap_percent"] = entry.monthly_cap_percent
    text = msgspec.convert(msgspec.to_builtins(fields), TariffText)
    values = {
        "scope": entry.scope,
        "scope_number": entry.scope_number,
        "valid_from": entry.valid_from,
        "body": msgspec.json.encode(text).decode(),
    }
    _put(db, AllowanceTariff, {"version": entry.version}, values, is_example)


def _key(entry: _Scoped, **own: object) -> dict[str, object]:
    return {"scope": entry.scope, "scope_number": entry.scope_number, **own}


def _week_text(week: _Week) -> str:
    week_of(week)
    return msgspec.json.encode(week).decode()


def _put(
    db: Session, model: type[Base], key: Mapping[str, object], values: Mapping[str, object], is_example: bool
) -> None:
    row = db.scalars(select(model).filter_by(**key)).first()
    if row is None:
        row = model(**key)
        db.add(row)
    for name, value in {**values, "is_example": is_example}.items():
        setattr(row, name, value)
    db.flush()
