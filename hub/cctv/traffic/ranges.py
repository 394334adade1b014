"""Which hours are asked for, and how finely: by minute, by hour or by day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.errors import InputError
from hub.web.i18n import N_
from hub.web.typed.dates import typed_day


class Step(StrEnum):
    """How much one row is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Choice(StrEnum):
    """What can be chosen; the values are in addresses."""

    NOW = "kini"
    TODAY = "hari"
    WEEK = "7hari"
    MONTH = "bulan"
    OWN = "sendiri"


WORDS: Mapping[Choice, str] = {
    Choice.NOW: N_("3 jam terakhir, per menit"),
    Choice.TODAY: N_("hari ini"),
    Choice.WEEK: N_("7 hari"),
    Choice.MONTH: N_("30 hari"),
    Choice.OWN: N_("tanggal sendiri"),
}

MINUTES = 180
WEEK_DAYS, MONTH_DAYS = 7, 30
# A table of more hours nobody reads; beyond it a row is a day.
HOURLY_DAYS = 10
# Hourly roll-ups are kept for years, but a page is not a report of a year.
MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Range:
    """Rows begin at ``begin`` and end before ``end``, both aware, in the zone of the city."""

    choice: Choice
    begin: datetime
    end: datetime
    step: Step

    @property
    def first_day(self) -> date:
        """The first day of it."""
        return self.begin.date()

    @property
    def last_day(self) -> date:
        """The last day of it."""
        return (self.end - timedelta(microseconds=1)).date()

    def starts(self) -> tuple[datetime, ...]:
        """Return when each row begins, oldest first."""
        if self.step is Step.DAY:
            days = (self.last_day - self.first_day).days + 1
            return tuple(
                datetime.combine(self.first_day + timedelta(days=number), time(), self.begin.tzinfo)
                for number in range(days)
            )
        span = timedelta(minutes=1) if self.step is Step.MINUTE else timedelta(hours=1)
        return tuple(self.begin + span * number for number in range(round((self.end - self.begin) / span)))

    def start_of(self, at: datetime) -> datetime:
        """Return when the row begins that holds an instant."""
        local = at.astimezone(self.begin.tzinfo)
        if self.step is Step.DAY:
            return local.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.step is Step.HOUR:
            return local.replace(minute=0, second=0, microsecond=0)
        return local.replace(second=0, microsecond=0)


def range_of(choice: str, first: str, last: str, *, now: datetime, zone: ZoneInfo) -> Range:
    """Return the range that an address asks for; today when it asks for none.

    Args:
        choice: A :class:`Choice`.
        first: ``2026-11-01``; only for one's own dates.
        last: The last day, the same.
        now: The present.
        zone: Of the city.

    Raises:
        InputError: the dates are none, the wrong way round, ahead, or too far apart.
    """
    local = now.astimezone(zone)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    wanted = Choice(choice) if choice in set(Choice) else Choice.TODAY
    if wanted is Choice.NOW:
        end = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return Range(wanted, end - timedelta(minutes=MINUTES), end, Step.MINUTE)
    if wanted is Choice.TODAY:
        return Range(wanted, tomorrow - timedelta(days=1), tomorrow, Step.HOUR)
    if wanted is Choice.WEEK:
        return Range(wanted, tomorrow - timedelta(days=WEEK_DAYS), tomorrow, Step.HOUR)
    if wanted is Choice.MONTH:
        return Range(wanted, tomorrow - timedelta(days=MONTH_DAYS), tomorrow, Step.DAY)
    return _own(first, last, today=local.date(), zone=zone)


def _own(first: str, last: str, *, today: date, zone: ZoneInfo) -> Range:
    try:
        begin, end = typed_day(first), typed_day(last or first)
    except ValueError as error:
        raise InputError("Isi kedua tanggal, misalnya 2026-11-01 sampai 2026-11-07.") from error
    if end < begin:
        raise InputError("Tanggal akhir lebih awal daripada tanggal mula; tukar keduanya.")
    if begin > today:
        raise InputError("Tanggal mula belum tiba; pilih hari ini atau sebelumnya.")
    days = (end - begin).days + 1
    if days > MOST_DAYS:
        raise InputError(f"Paling banyak {MOST_DAYS} hari sekaligus; persempit tanggalnya.")
    return Range(
        Choice.OWN,
        datetime.combine(begin, time(), zone),
        datetime.combine(end + timedelta(days=1), time(), zone),
        Step.HOUR if days <= HOURLY_DAYS else Step.DAY,
    )
