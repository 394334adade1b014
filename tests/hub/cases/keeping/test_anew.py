"""A holiday that is entered later moves the due times of open cases, each once and of closed ones none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.cases.clock.working_days import OfficeHours, WorkingDays
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.steps import anew
from hub.cases.keeping.steps.anew import CalendarFollower
from tests.hub.cases.office import ZONE, Office, plain_week

TUESDAY = date(2026, 11, 24)


def follow(office: Office, *free: date) -> list[bool]:
    """Turn until there is nothing more to do, with a calendar that has these holidays."""

    def hours(day: date) -> OfficeHours | None:
        return None if day in free else plain_week(day)

    engine: CaseEngine = replace(office.engine, working_days=lambda _db: WorkingDays(hours, ZONE))
    follower = CalendarFollower(database=office.database, engine=engine, now=lambda: office.now)
    turns = [follower()]
    while turns[-1]:
        turns.append(follower())
    return turns


def due(office: Office, number: str) -> datetime | None:
    return office.read(number).due_at


def test_a_holiday_moves_what_is_open_by_a_day(office: Office) -> None:
    case, done = office.file("surat-keterangan-usaha"), office.file("surat-keterangan-usaha")
    with office.writing() as db:
        db.get_one(CaseRecord, done.id).closed_at = office.now
    assert case.due_at == datetime(2026, 11, 26, 3, tzinfo=UTC)
    follow(office)
    assert due(office, case.number) == case.due_at
    follow(office, TUESDAY)
    assert due(office, case.number) == case.due_at + timedelta(days=1)
    assert office.read(case.number).queue_at <= case.due_at + timedelta(days=1)
    assert due(office, done.number) == done.due_at, "a promise that was kept stays as it was"
    assert follow(office, TUESDAY) == [False], "counted once"
    follow(office)
    assert due(office, case.number) == case.due_at, "a holiday that was a mistake is taken back"


def test_some_at_a_time_and_one_that_cannot_be_counted_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(anew, "MOST_AT_ONCE", 2)
    cases = [office.file("surat-keterangan-usaha") for _ in range(5)]
    with office.writing() as db:
        db.get_one(CaseRecord, cases[1].id).version = 99
    assert follow(office, TUESDAY) == [True, True, False]
    moved = [one for one in cases if due(office, one.number) != one.due_at]
    assert [one.id for one in moved] == [one.id for one in cases if one is not cases[1]]
    assert "cannot be counted anew" in caplog.text
