"""Which hours count for a person on a date, and why. Pure: rows in, a plan out.

Precedence, strongest first: leave of the whole day, shift roster, holiday, special period
(Ramadan), then the calendar of the person, the unit, the OPD, the city. The hours themselves
are dated rows (Perpres 21/2023 sets the weekly sum, the mayor the details); none is code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Scope(StrEnum):
    """For whom a row holds; later members are stronger."""

    CITY = "city"
    OPD = "opd"
    UNIT = "unit"
    PERSON = "person"


_STRENGTH = {scope: strength for strength, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours of one day, local time; an ``end`` at or before ``start`` is on the next day."""

    start: time
    end: time
    break_start: time | None = None
    break_end: time | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a row is about: a scope and the number of the OPD, unit or person; the city has 0."""

    scope: Scope = Scope.CITY
    number: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Ordinary hours by weekday (0 = Monday); a weekday that is missing is free."""

    subject: Subject
    valid_from: date
    valid_to: date | None
    hours: Mapping[int, Hours]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A free day: national, joint leave (cuti bersama) or local."""

    day: date
    name: str
    subject: Subject = Subject()


@dataclass(frozen=True, slots=True)
class Period:
    """Other hours for some weeks, as in Ramadan; its days may be moved afterwards."""

    subject: Subject
    first: date
    last: date
    hours: Mapping[int, Hours]
    name: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What the roster says of one person and date; ``hours`` is None on a day off."""

    day: date
    hours: Hours | None
    name: str = "giliran"


class LeaveKind(StrEnum):
    """Why a person need not be at the door; the value is the letter in the recap."""

    ANNUAL = "C"
    SICK = "S"
    PERMISSION = "I"
    DUTY_TRAVEL = "DL"
    WORK_FROM_ANYWHERE = "WFA"
    STUDY = "TB"


class LeavePart(StrEnum):
    """How much of a day a leave covers."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Leave:
    """An approved leave or duty of one person."""

    kind: LeaveKind
    first: date
    last: date
    part: LeavePart = LeavePart.WHOLE

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Rows:
    """The dated rows that may concern one person, as the service selected them."""

    calendars: Sequence[Calendar]
    holidays: Sequence[Holiday] = ()
    periods: Sequence[Period] = ()
    shifts: Mapping[date, Shift] | None = None
    leaves: Sequence[Leave] = ()


class DayKind(StrEnum):
    """What kind of day it is for a person."""

    WORK = "work"
    FREE = "free"
    HOLIDAY = "holiday"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a date asks of a person.

    ``start`` and ``end`` are instants, None unless there is work; ``break_s`` lies between
    them. ``leave`` is also set on a half day. ``reason`` is a sentence in Indonesian.
    """

    kind: DayKind
    reason: str
    start: datetime | None = None
    end: datetime | None = None
    break_s: int = 0
    leave: Leave | None = None


def plan_of(day: date, rows: Rows, zone: tzinfo) -> Plan:
    """Say which hours count on ``day``.

    Args:
        day: The date on which the work begins.
        rows: Everything that may concern the person.
        zone: The city's, for turning hours into instants.
    """
    shift = (rows.shifts or {}).get(day)
    leave = next((leave for leave in rows.leaves if leave.covers(day)), None)
    if leave is not None and leave.part is LeavePart.WHOLE:
        return Plan(DayKind.LEAVE, _LEAVE_WORDS[leave.kind], leave=leave)
    if shift is None:
        holiday = next((h for h in rows.holidays if h.day == day), None)
        if holiday is not None:
            return Plan(DayKind.HOLIDAY, f"Libur: {holiday.name}")
    hours, reason = (shift.hours, shift.name) if shift is not None else _ordinary_hours(day, rows)
    if hours is None:
        return Plan(DayKind.FREE, f"Tidak ada jam kerja ({reason})")
    return _work(day, hours, reason, leave, zone)


def _ordinary_hours(day: date, rows: Rows) -> tuple[Hours | None, str]:
    calendar = max(
        (c for c in rows.calendars if c.valid_from <= day and (c.valid_to is None or day <= c.valid_to)),
        key=lambda c: (_STRENGTH[c.subject.scope], c.valid_from),
        default=None,
    )
    period = max(
        (p for p in rows.periods if p.first <= day <= p.last),
        key=lambda p: _STRENGTH[p.subject.scope],
        default=None,
    )
    # A period of the whole city does not bend the hours that a unit keeps for itself.
    if period is not None and (
        calendar is None or _STRENGTH[period.subject.scope] >= _own_strength(calendar.subject.scope)
    ):
        return period.hours.get(day.weekday()), period.name
    if calendar is None:
        return None, "belum ada kalender"
    return calendar.hours.get(day.weekday()), calendar.name or "kalender kota"


def _own_strength(scope: Scope) -> int:
    # An OPD's own calendar still follows Ramadan; a unit's or person's own hours stand by themselves.
    return 0 if scope in (Scope.CITY, Scope.OPD) else _STRENGTH[scope]


def _work(day: date, hours: Hours, reason: str, leave: Leave | None, zone: tzinfo) -> Plan:
    start = datetime.combine(day, hours.start, zone)
    end = _at_or_after(start, hours.end)
    pause: tuple[datetime, datetime] | None = None
    if hours.break_start is not None and hours.break_end is not None:
        break_start = _at_or_after(start, hours.break_start)
        pause = break_start, _at_or_after(break_start, hours.break_end)
    break_s = 0 if pause is None else int((pause[1] - pause[0]).total_seconds())
    if leave is None:
        return Plan(DayKind.WORK, f"Jam kerja {start:%H.%M}-{end:%H.%M} ({reason})", start, end, break_s)
    middle = start + (end - start) / 2
    if leave.part is LeavePart.MORNING:
        start = pause[1] if pause else middle
    else:
        end = pause[0] if pause else middle
    words = f"{_LEAVE_WORDS[leave.kind]} setengah hari, jam kerja {start:%H.%M}-{end:%H.%M} ({reason})"
    return Plan(DayKind.WORK, words, start, end, 0, leave)


def _at_or_after(start: datetime, moment: time) -> datetime:
    at = datetime.combine(start.date(), moment, start.tzinfo)
    return at if at > start else at + timedelta(days=1)


_LEAVE_WORDS = {
    LeaveKind.ANNUAL: "Cuti",
    LeaveKind.SICK: "Sakit",
    LeaveKind.PERMISSION: "Izin",
    LeaveKind.DUTY_TRAVEL: "Dinas luar",
    LeaveKind.WORK_FROM_ANYWHERE: "Bekerja dari mana saja (WFA)",
    LeaveKind.STUDY: "Tugas belajar",
}
