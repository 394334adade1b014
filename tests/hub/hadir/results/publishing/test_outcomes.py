"""Day results from rows: worked out, published, changed afterwards, frozen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.errors import InputError
from hub.hadir.editing.files.hours import EXAMPLES, load_hours, read_hours
from hub.hadir.models import (
    DayAdjustment,
    DayOutcome,
    HoursPeriod,
    PersonLeave,
    PublicHoliday,
    WorkCalendar,
    WorkShift,
)
from hub.hadir.results.publishing.outcomes import close_month, publish, recount, settle
from hub.hadir.results.rules import DayStatus
from hub.people.models import Placement
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office, local

FRIDAY = MONDAY + timedelta(days=4)


def settled(office: Office, first: date = MONDAY, last: date = FRIDAY, now: datetime = NOW) -> int:
    with office.database.writing() as db:
        return settle(db, persons=None, first=first, last=last, zone=WIB, now=now)


def codes(office: Office, person: int = 101) -> dict[int, list[tuple[int, str]]]:
    with office.database.reading() as db:
        rows = db.scalars(
            select(DayOutcome).where(DayOutcome.person_number == person).order_by(DayOutcome.revision)
        )
        found: dict[int, list[tuple[int, str]]] = {}
        for row in rows:
            found.setdefault(row.day.day, []).append((row.revision, row.code))
        return found


def test_scans_of_a_day_become_a_result_with_its_reasons(office: Office) -> None:
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered()
    result = office.result(101, MONDAY)
    assert result is not None
    assert (result.code, result.late_min) == ("TL1", 15)
    assert result.explanation[0] == "Jam kerja 07.30-16.00 (Jam kerja Perpres 21/2023)"
    assert result.tariff_version == "contoh-2026"


def test_a_month_without_any_result_is_not_closed(office: Office) -> None:
    with office.database.writing() as db:
        for placement in db.scalars(select(Placement)):
            placement.valid_from = date(2026, 11, 1)
    with pytest.raises(InputError, match="belum punya hasil yang terbit"), office.database.writing() as db:
        close_month(db, month=office.first(), actor="a", now=NOW, zone=WIB)


def test_going_home_after_midnight_is_told_as_the_next_morning(office: Office) -> None:
    office.delivered()
    with office.database.writing() as db:
        db.add(WorkShift(person_number=101, day=MONDAY, name="malam", hours='["22:00", "06:00"]'))
    office.day(101, MONDAY, "21:50")
    office.day(101, MONDAY + timedelta(days=1), "05:10")
    result = office.result(101, MONDAY)
    assert result is not None
    assert "Masuk 21.50, tepat waktu" in result.explanation
    assert "Pulang 05.10 keesokan harinya, 50 menit lebih awal" in result.explanation


def test_a_day_stays_incomplete_until_every_reader_of_the_site_has_delivered(office: Office) -> None:
    office.day(101, MONDAY, "07:10")
    for until in (None, local(MONDAY, "15:59")):
        if until:
            office.delivered(until)
        result = office.result(101, MONDAY)
        assert result is not None
        assert result.status is DayStatus.INCOMPLETE
    office.delivered(local(MONDAY, "16:00"))
    result = office.result(101, MONDAY)
    assert result is not None
    assert result.status is DayStatus.NO_OUT_SCAN


def test_before_somebody_worked_here_nothing_is_asked_of_them(office: Office) -> None:
    office.delivered()
    assert office.result(101, MONDAY - timedelta(days=90)) is None
    assert office.result(999, MONDAY) is None


def test_leave_shift_holiday_and_own_hours_are_read_from_their_rows(office: Office) -> None:
    office.delivered()
    with office.database.writing() as db:
        db.add(PersonLeave(person_number=101, kind="DL", first=MONDAY, last=MONDAY, part="whole"))
        db.add(
            PersonLeave(
                person_number=102, kind="C", first=MONDAY, last=MONDAY, part="whole", is_withdrawn=True
            )
        )
        db.add(WorkShift(person_number=103, day=MONDAY, name="malam", hours='["22:00", "06:00"]'))
        db.add(WorkShift(person_number=103, day=MONDAY + timedelta(days=1), name="lepas", hours=None))
        db.add(PublicHoliday(day=FRIDAY, kind="local", name="Hari OPD", scope="opd", scope_number=1))
        own = '{"0": ["09:00", "17:00"]}'
        db.add(WorkCalendar(scope="person", scope_number=104, valid_from=MONDAY, name="sendiri", hours=own))
    office.day(103, MONDAY, "21:50")
    office.scan(103, local(MONDAY + timedelta(days=1), "06:05"))
    office.day(104, MONDAY, "08:55", "17:01")
    told = [
        result.code if (result := office.result(person, MONDAY)) else None for person in (101, 102, 103, 104)
    ]
    assert told == ["DL", "TK", "H", "H"]
    holiday = office.result(101, FRIDAY)
    assert holiday is not None
    assert holiday.explanation == ("Libur: Hari OPD",)


def test_a_copied_code_at_another_reader_changes_no_day(office: Office) -> None:
    office.delivered()
    office.scan(101, local(MONDAY, "07:10"), token="a" * 32)
    office.scan(101, local(MONDAY, "16:30"), token="a" * 32, device="pi-lain", is_repeated=True)
    result = office.result(101, MONDAY)
    assert result is not None
    assert result.status is DayStatus.NO_OUT_SCAN


def test_an_uncertain_clock_cuts_nothing_by_itself(office: Office) -> None:
    office.delivered()
    office.scan(101, local(MONDAY, "08:30"), clock="unknown")
    office.day(101, MONDAY, "16:10")
    result = office.result(101, MONDAY)
    assert result is not None
    assert (result.needs_review, result.deductions) == (True, ())


def test_publishing_again_writes_nothing(office: Office) -> None:
    office.day(101, MONDAY, "07:10", "16:10")
    office.delivered()
    # Friday is not over for good: the night after it may still bring scans.
    assert settled(office) == 7 * 5
    assert settled(office) == 0
    assert codes(office)[MONDAY.day] == [(1, "H")]


def test_days_that_are_not_over_are_not_published(office: Office) -> None:
    office.delivered(local(MONDAY, "18:00"))
    assert settled(office) == 0
    with office.database.reading() as db:
        counted = list(recount(db, persons=None, first=MONDAY, last=FRIDAY, zone=WIB))
    assert sum(part.open_days for part in counted) == 35


def test_a_moved_period_lists_whom_it_changes_and_publishing_keeps_the_old_result(office: Office) -> None:
    office.day(101, MONDAY, "07:50", "16:10")
    office.day(102, MONDAY, "07:20", "16:10")
    office.delivered()
    settled(office, last=MONDAY)
    with office.database.writing() as db:
        hours = '{"0": ["08:00", "15:00"]}'
        db.add(
            HoursPeriod(name="Ramadan", scope="city", scope_number=0, first=MONDAY, last=MONDAY, hours=hours)
        )
    with office.database.writing() as db:
        (counted,) = recount(db, persons=[101, 102], first=MONDAY, last=MONDAY, zone=WIB)
        changed = {change.person: (change.old_code, change.new.code) for change in counted.retroactive}
        assert changed == {101: ("TL1", "H"), 102: ("H", "H")}
        assert counted.only_new().changes == ()
        assert publish(db, counted, now=NOW, zone=WIB) == 2
    assert codes(office)[MONDAY.day] == [(1, "TL1"), (2, "H")]
    result = office.result(101, MONDAY)
    assert result is not None
    assert result.code == "H"


class TestClosing:
    """A frozen month."""

    FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)

    def close(self, office: Office, now: datetime = NOW) -> None:
        with office.database.writing() as db:
            close_month(db, month=self.FIRST, actor="siti", now=now, zone=WIB)

    def test_it_is_refused_while_days_are_open_or_unpublished(self, office: Office) -> None:
        with pytest.raises(InputError, match="belum selesai"):
            self.close(office, datetime(2026, 10, 31, tzinfo=UTC))
        with pytest.raises(InputError, match="hari belum lengkap"):
            self.close(office)
        office.delivered()
        with pytest.raises(InputError, match="belum diterbitkan"):
            self.close(office)

    def test_later_changes_become_adjustments_of_the_open_month_once(self, office: Office) -> None:
        day = date(2026, 10, 5)
        office.day(101, day, "07:10", "16:10")
        office.delivered()
        settled(office, self.FIRST, self.LAST)
        self.close(office)
        with pytest.raises(InputError, match="sudah ditutup"):
            self.close(office)
        with office.database.writing() as db:
            db.add(PersonLeave(person_number=102, kind="S", first=day, last=day, part="whole"))
        assert settled(office, self.FIRST, self.LAST) == 1
        assert settled(office, self.FIRST, self.LAST) == 0
        with office.database.reading() as db:
            row = db.scalars(select(DayAdjustment)).one()
        assert (row.booked_in, row.old_code, row.new_code) == (date(2026, 11, 1), "TK", "S")
        assert row.percent_hundredths == -400
        assert codes(office, 102)[day.day] == [(1, "TK")]


def test_somebody_who_moved_follows_the_hours_of_the_new_office_from_that_day(office: Office) -> None:
    office.delivered()
    tuesday = MONDAY + timedelta(days=1)
    with office.database.writing() as db:
        place = db.scalars(select(Placement).where(Placement.person_number == 101)).one()
        place.valid_to = MONDAY
        db.add(Placement(person_number=101, opd=2, unit=0, valid_from=tuesday))
        hours = '{"0": ["10:00", "18:00"], "1": ["10:00", "18:00"]}'
        db.add(WorkCalendar(scope="opd", scope_number=2, valid_from=MONDAY, name="sore", hours=hours))
    office.day(101, MONDAY, "09:50", "18:00")
    office.day(101, tuesday, "09:50", "18:00")
    told = [result.late_min if (result := office.result(101, day)) else None for day in (MONDAY, tuesday)]
    assert told == [140, 0]


def test_loading_the_examples_twice_changes_nothing(office: Office) -> None:
    with office.database.writing() as db:
        before = db.scalars(select(WorkCalendar.id)).all()
        load_hours(db, read_hours(EXAMPLES), is_example=True)
        assert db.scalars(select(WorkCalendar.id)).all() == before
