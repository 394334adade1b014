"""When the city's offices work, for whoever counts working days: attendance's calendar, without people."""

from collections.abc import Callable
from datetime import date, time, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.clock.working_days import OfficeHours, WorkingDays
from hub.hadir.models import HoursPeriod, PublicHoliday, WorkCalendar
from hub.hadir.results.calendar import DayKind, Rows, Scope, plan_of
from hub.hadir.results.reading import rows as stored

_FRIDAY = 4
# Perpres 21/2023: Monday to Friday from 07.30, 37.5 hours a week; until somebody enters the city's own hours.
_USUAL = OfficeHours(time(7, 30), time(16))
_USUAL_FRIDAY = OfficeHours(time(7, 30), time(16, 30))
_END_OF_DAY = time(23, 59, 59)


def working_days(db: Session, zone: tzinfo) -> WorkingDays:
    """Return what counts the city's working days: its calendar, holidays, joint leave and Ramadan hours."""
    city = Scope.CITY.value
    rows = Rows(
        calendars=[
            stored.calendar_of(row)
            for row in db.scalars(select(WorkCalendar).where(WorkCalendar.scope == city))
        ],
        holidays=[
            stored.holiday_of(row)
            for row in db.scalars(select(PublicHoliday).where(PublicHoliday.scope == city))
        ],
        periods=[
            stored.period_of(row) for row in db.scalars(select(HoursPeriod).where(HoursPeriod.scope == city))
        ],
    )
    return WorkingDays(_hours_of(rows, zone), zone)


def _hours_of(rows: Rows, zone: tzinfo) -> Callable[[date], OfficeHours | None]:
    free = {holiday.day for holiday in rows.holidays}

    def usual(day: date) -> OfficeHours | None:
        if day in free or day.weekday() > _FRIDAY:
            return None
        return _USUAL_FRIDAY if day.weekday() == _FRIDAY else _USUAL

    def entered(day: date) -> OfficeHours | None:
        first = min(calendar.valid_from for calendar in rows.calendars)
        if day < first:
            return usual(day)
        plan = plan_of(day, rows, zone)
        if plan.kind is not DayKind.WORK or plan.start is None or plan.end is None:
            return None
        # An office that works past midnight closes with its day here: working days do not overlap.
        closes = plan.end.time() if plan.end.date() == day else _END_OF_DAY
        return OfficeHours(plan.start.time(), closes)

    return entered if rows.calendars else usual
