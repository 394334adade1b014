"""Days are published by themselves when they are complete, by one at a time, and never changed."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.hadir.computing import keeper as keeping
from hub.hadir.computing.keeper import ResultKeeper, last_run
from hub.hadir.models import DayOutcome, HoursPeriod, MonthClosing, PersonLeave, ResultRun
from hub.hadir.results.publishing.lock import lock_results
from hub.hadir.results.publishing.outcomes import settle
from hub.people.permissions import Role
from hub.wiring import chores_of_concerns
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office, local, text_of
from tests.hub.screens import Screens, make_config

TUESDAY = MONDAY + timedelta(days=1)


class Now:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def days_of(office: Office, person: int = 101) -> list[int]:
    with office.database.reading() as db:
        query = select(DayOutcome.day).where(DayOutcome.person_number == person, DayOutcome.is_current)
        return sorted(day.day for day in db.scalars(query) if day >= MONDAY)


def finish(keeper: Callable[[], bool]) -> int:
    calls = 1
    while keeper():
        calls += 1
    return calls


@pytest.fixture
def now() -> Now:
    return Now(local(TUESDAY, "00:30"))


@pytest.fixture
def keeper(office: Office, now: Now) -> ResultKeeper:
    office.day(103, MONDAY, "07:12")
    return ResultKeeper(database=office.database, zone=WIB, now=now)


def test_a_day_is_published_when_its_readers_have_delivered(
    office: Office, keeper: ResultKeeper, now: Now
) -> None:
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered(local(MONDAY, "23:59"))
    finish(keeper)
    assert days_of(office) == []
    office.delivered(local(TUESDAY, "00:01"))
    finish(keeper)
    assert days_of(office) == [16]
    with office.database.reading() as db:
        run = last_run(db)
        assert run is not None
        assert run.published >= 7
        assert run.finished_at == now.at


def test_nothing_new_is_nothing_to_do(office: Office, keeper: ResultKeeper) -> None:
    office.delivered(local(TUESDAY, "00:01"))
    assert finish(keeper) > 1
    assert finish(keeper) == 1
    with office.database.reading() as db:
        assert len(db.scalars(select(ResultRun.id)).all()) == 1


def test_days_before_the_first_scan_ever_accuse_nobody(
    office: Office, keeper: ResultKeeper, now: Now
) -> None:
    office.delivered(local(TUESDAY, "00:01"))
    now.at = local(TUESDAY, "02:00")
    finish(keeper)
    with office.database.reading() as db:
        assert set(db.scalars(select(DayOutcome.day))) == {MONDAY}


def test_without_a_single_scan_nothing_is_worked_out(office: Office, now: Now) -> None:
    office.delivered(local(TUESDAY, "00:01"))
    assert finish(ResultKeeper(database=office.database, zone=WIB, now=now)) == 1


def test_nobody_has_delivered_and_nothing_happens(office: Office, keeper: ResultKeeper) -> None:
    assert finish(keeper) == 1


def test_the_night_looks_back_a_month_and_counts_what_would_change(
    office: Office, keeper: ResultKeeper, now: Now
) -> None:
    office.day(101, MONDAY, "07:45", "16:05")
    office.delivered(local(TUESDAY, "00:01"))
    finish(keeper)
    with office.database.writing() as db:
        hours = '{"0": ["08:00", "15:00"]}'
        db.add(HoursPeriod(name="R", scope="city", scope_number=0, first=MONDAY, last=MONDAY, hours=hours))
    now.at = local(TUESDAY, "01:00")
    finish(keeper)
    with office.database.reading() as db:
        run = last_run(db)
        assert run is not None
        assert (run.published, run.changes) == (0, 7)
        row = db.scalars(select(DayOutcome).where(DayOutcome.person_number == 101, DayOutcome.day == MONDAY))
        assert row.one().code == "TL1"
    assert finish(keeper) == 1
    now.at += timedelta(days=91)
    finish(keeper)
    with office.database.reading() as db:
        assert len(db.scalars(select(ResultRun.id)).all()) == 1


def test_a_closed_month_stays_as_it_was_paid(office: Office, keeper: ResultKeeper, now: Now) -> None:
    first = date(2026, 10, 1)
    office.day(103, first, "07:12")
    office.delivered(local(TUESDAY, "00:01"))
    with office.database.writing() as db:
        settle(db, persons=None, first=first, last=date(2026, 10, 31), zone=WIB, now=NOW)
        db.add(MonthClosing(first=first, closed_at=NOW, closed_by="t"))
        db.add(PersonLeave(person_number=101, kind="S", first=first, last=MONDAY, part="whole"))
    with office.database.reading() as db:
        before = [(row.day, row.digest) for row in db.scalars(select(DayOutcome).order_by(DayOutcome.day))]
    now.at = local(TUESDAY, "02:00")
    finish(keeper)
    with office.database.reading() as db:
        october = select(DayOutcome).where(DayOutcome.day < date(2026, 11, 1)).order_by(DayOutcome.day)
        after = [(row.day, row.digest) for row in db.scalars(october)]
        assert after == before
        run = last_run(db)
        assert run is not None
        assert run.changes > 0


def test_people_are_taken_a_few_at_a_time(
    office: Office, keeper: ResultKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PEOPLE_AT_ONCE", 3)
    office.delivered(local(TUESDAY, "00:01"))
    # Finding out what is due, three slices of seven people, writing it down.
    assert finish(keeper) == 5
    assert days_of(office, 107) == [16]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_two_at_once_publish_every_day_once(office: Office, now: Now) -> None:
    office.day(103, MONDAY, "07:12")
    office.delivered(local(TUESDAY, "00:01"))
    keepers = [ResultKeeper(database=office.database, zone=WIB, now=now) for _number in range(2)]
    with office.database.writing() as db:
        lock_results(db)
        threads = [threading.Thread(target=finish, args=(keeper,)) for keeper in keepers]
        for thread in threads:
            thread.start()
        threads[0].join(0.3)
        assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join(240)
    with office.database.reading() as db:
        rows = db.scalars(select(DayOutcome)).all()
    assert rows
    assert {row.revision for row in rows} == {1}


def test_the_page_of_changes_says_when_days_were_worked_out(city: Screens) -> None:
    office = Office(city.database)
    office.day(101, MONDAY, "07:12")
    office.delivered(city.clock())
    config = make_config(city.folder)
    chore = chores_of_concerns(config, city.database)[0]
    assert chore.is_for_idle
    finish(ResultKeeper(database=city.database, zone=WIB, now=city.clock))
    page = text_of(city.signed_in(Role.PERSONNEL), "/hadir/terbit?opd=1")
    assert "Dihitung otomatis Sab 21 Nov 2026 10.14 WIB" in page
