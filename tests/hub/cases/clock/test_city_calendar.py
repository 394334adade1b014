"""The city's working days are those of attendance: its hours, holidays, joint leave and Ramadan."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import msgspec

from hub.hadir.models import HoursPeriod, PublicHoliday, WorkCalendar
from hub.hadir.results.reading.office_hours import working_days
from tests.hub.cases.office import MONDAY, ZONE, Office

WEEK = {str(day): ["07:30", "16:00", "12:00", "13:00"] for day in range(5)}


def due(office: Office, days: int, begin: datetime = MONDAY) -> datetime:
    with office.database.reading() as db:
        return working_days(db, ZONE).after(begin, Fraction(days))


def test_without_a_calendar_the_usual_week_counts(office: Office) -> None:
    assert due(office, 3) == datetime(2026, 11, 26, 3, tzinfo=UTC)
    with office.database.reading() as db:
        days = working_days(db, ZONE)
    friday, saturday = days.hours_of(date(2026, 11, 27)), days.hours_of(date(2026, 11, 28))
    assert friday is not None
    assert (friday.closes, saturday) == (time(16, 30), None)


def test_holidays_of_the_city_move_what_is_due_and_those_of_an_office_do_not(office: Office) -> None:
    with office.writing() as db:
        for day, scope in ((24, "city"), (25, "unit")):
            db.add(
                PublicHoliday(
                    day=date(2026, 11, day), kind="local", name="contoh", scope=scope, scope_number=0
                )
            )
    assert due(office, 3).date() == date(2026, 11, 27), "Friday instead of Thursday"


def test_entered_hours_and_ramadan_count_from_their_day_on(office: Office) -> None:
    hours = msgspec.json.encode(WEEK).decode()
    short = msgspec.json.encode({str(day): ["08:00", "15:00"] for day in range(5)}).decode()
    night = msgspec.json.encode({"0": ["20:00", "04:00"]}).decode()
    with office.writing() as db:
        first = date(2026, 11, 24)
        db.add(WorkCalendar(scope="city", scope_number=0, valid_from=first, name="kota", hours=hours))
        db.add(
            HoursPeriod(
                name="contoh Ramadan",
                scope="city",
                first=date(2026, 11, 30),
                last=date(2026, 12, 4),
                hours=short,
            )
        )
        db.add(
            HoursPeriod(
                name="contoh malam",
                scope="city",
                first=date(2026, 12, 7),
                last=date(2026, 12, 7),
                hours=night,
            )
        )
    with office.database.reading() as db:
        hours_of = working_days(db, ZONE).hours_of
    opened = {day: hours_of(first + timedelta(days=day)) for day in (-1, 0, 4, 6, 13)}
    assert opened[-1] is not None, "before the first calendar the usual week counts"
    assert opened[0] is not None
    assert opened[4] is None, "Saturday"
    assert opened[6] is not None
    assert (opened[0].closes, opened[6].opens) == (time(16), time(8))
    assert opened[13] is not None
    assert opened[13].closes == time(23, 59, 59), "days do not overlap"
