"""What nobody could scan accuses nobody: readers younger than a day, and workplaces without one."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from edge.wire.messages import Record
from edge.wire.records.bodies import ClockQuality, DeviceHealth
from hub.errors import InputError
from hub.hadir.models import DayOutcome, ReaderService
from hub.hadir.results.publishing.outcomes import close_month, recount, settle
from hub.hadir.results.reading.rows import percent_of
from hub.hadir.results.reading.watermarks import keep_first_scans, services_by_site
from hub.hadir.results.served import Service, service_at
from hub.hadir.results.wording import NO_READER_YET
from hub.ingest.handlers import Arrival
from hub.people.models import Placement, Unit
from hub.places.models import Device, Door
from tests.browser.sample import BOOT, EPOCH, SampleCity, health, scan
from tests.hub.hadir.conftest import LONG_AGO, MONDAY, NOW, WIB, Office, local

FRIDAY = MONDAY + timedelta(days=4)


def codes_of(office: Office, person: int, days: int = 5) -> list[str]:
    results = [office.result(person, MONDAY + timedelta(days=number)) for number in range(days)]
    return [result.code for result in results if result is not None]


def say(city: SampleCity, body: DeviceHealth, at: datetime) -> None:
    city.say("pi-balai", body, at=at)


def since(office: Office, site: str = "balai") -> datetime | None:
    with office.database.reading() as db:
        row = db.get(ReaderService, ("pi-balai", site))
        return row.since if row else None


def move(office: Office, site: str) -> None:
    with office.database.writing() as db:
        db.get_one(Device, "pi-balai").site = site


def test_days_before_the_reader_are_unknown_never_cut_and_never_published(office: Office) -> None:
    office.delivered(NOW, since=local(FRIDAY, "05:25"))
    assert codes_of(office, 101) == ["?", "?", "?", "?", "TK"]
    monday = office.result(101, MONDAY)
    assert monday is not None
    assert (monday.explanation[-1], percent_of(monday)) == (NO_READER_YET, Decimal(0))
    with office.database.writing() as db:
        settle(db, persons=None, first=MONDAY, last=FRIDAY, zone=WIB, now=NOW + timedelta(days=1))
        assert db.scalars(select(DayOutcome.day).where(DayOutcome.day < FRIDAY)).all() == []


def test_somebody_who_began_before_the_pilot_is_not_absent_before_it(office: Office) -> None:
    with office.database.writing() as db:
        db.execute(delete(Placement).where(Placement.person_number == 101))
        db.add(Placement(person_number=101, opd=1, unit=0, valid_from=date(2026, 11, 1)))
    office.delivered(NOW, since=NOW - timedelta(minutes=5))
    assert codes_of(office, 101) == ["?"] * 5
    with office.database.reading() as db:
        (counted,) = recount(db, persons=[101], first=date(2026, 11, 1), last=FRIDAY, zone=WIB)
    # Free days are over and known; the fifteen working days are not.
    assert len(counted.unknown) == 15
    assert {change.new.code for change in counted.changes} <= {"-", "LB"}


def test_a_workplace_without_a_reader_accuses_only_who_was_seen_to_come_and_go(office: Office) -> None:
    office.delivered(NOW)
    with office.database.writing() as db:
        db.add(Unit(number=77, opd=1, name="Kelurahan jauh", site="tugu"))
        db.flush()
        for placement in db.scalars(select(Placement).where(Placement.person_number.in_((101, 102)))):
            placement.unit = 77
    office.day(101, MONDAY, "07:45", "16:05")
    office.day(102, MONDAY, "07:10")
    assert codes_of(office, 101)[:2] == ["TL1", "?"]
    assert codes_of(office, 102)[:2] == ["?", "?"]
    assert codes_of(office, 103)[:1] == ["TK"]


def test_a_month_that_nobody_could_scan_can_be_closed(office: Office) -> None:
    with office.database.writing() as db:
        for placement in db.scalars(select(Placement)):
            placement.valid_from = office.first()
    office.delivered(NOW, since=NOW - timedelta(days=1))
    with office.database.writing() as db:
        settle(db, persons=None, first=office.first(), last=date(2026, 10, 31), zone=WIB, now=NOW)
        close_month(db, month=office.first(), actor="a", now=NOW, zone=WIB)
    office.delivered(local(office.first(), "09:00"))
    with pytest.raises(InputError, match="ditutup"), office.database.writing() as db:
        close_month(db, month=office.first(), actor="a", now=NOW, zone=WIB)


class TestSince:
    """Since when a reader is in service."""

    def test_the_first_word_of_a_device_with_a_door_begins_it_for_good(
        self, office: Office, tmp_path: Path
    ) -> None:
        city = SampleCity(office.database, tmp_path)
        for minutes in (30, 10, 0):
            say(city, health(), NOW - timedelta(minutes=minutes))
        assert since(office) == NOW - timedelta(minutes=30)

    def test_a_device_without_a_door_serves_nobody(self, office: Office, tmp_path: Path) -> None:
        with office.database.writing() as db:
            for door in db.scalars(select(Door).where(Door.device == "pi-balai")):
                door.is_retired = True
        say(SampleCity(office.database, tmp_path), health(), NOW)
        assert since(office) is None

    def test_an_older_scan_moves_it_back_and_a_clock_nobody_set_does_not(
        self, office: Office, tmp_path: Path
    ) -> None:
        city = SampleCity(office.database, tmp_path)
        say(city, health(), NOW)
        for number in (2, 1):
            city.say("pi-balai", scan(101, f"{number:032x}"), at=NOW - timedelta(days=number))
        assert since(office) == NOW - timedelta(days=2)
        record = Record(
            seq=1, at=LONG_AGO, clock=ClockQuality.UNKNOWN, boot_id=BOOT, mono_ns=1, body=scan(101, "c" * 32)
        )
        arrival = Arrival(device="pi-balai", epoch=EPOCH, record=record, received_at=NOW, is_late=True)
        with office.database.writing() as db:
            keep_first_scans(db, [arrival])
        assert since(office) == NOW - timedelta(days=2)

    def test_the_earliest_reader_counts_and_one_taken_away_is_none_to_pass(self, office: Office) -> None:
        office.delivered(NOW, since=NOW)
        with office.database.writing() as db:
            db.add(Device(id="pi-lama", site="tugu", name="Lama", is_retired=True))
            db.flush()
            db.add(Door(device="pi-lama", id="pintu", name="Lama", direction="both"))
            db.add(ReaderService(device="pi-lama", site="tugu", since=LONG_AGO))
        with office.database.reading() as db:
            by_site = services_by_site(db)
        assert by_site["balai"] == Service(NOW)
        assert by_site["tugu"] == Service(LONG_AGO, has_reader=False)
        assert by_site[""] == Service(LONG_AGO)

    def test_what_a_device_served_does_not_travel_with_it(self, office: Office, tmp_path: Path) -> None:
        city = SampleCity(office.database, tmp_path)
        say(city, health(), NOW - timedelta(days=9))
        move(office, "tugu")
        say(city, health(), NOW - timedelta(days=2))
        # A scan of before the move, which its outbox brought late.
        city.say("pi-balai", scan(101, "a" * 32), at=NOW - timedelta(days=11))
        assert (since(office, "balai"), since(office, "tugu")) == (
            NOW - timedelta(days=11),
            NOW - timedelta(days=2),
        )
        with office.database.reading() as db:
            by_site = services_by_site(db)
        assert by_site["balai"] == Service(NOW - timedelta(days=11), has_reader=False)
        assert by_site["tugu"] == Service(NOW - timedelta(days=2))

    def test_a_device_that_comes_back_begins_anew(self, office: Office, tmp_path: Path) -> None:
        city = SampleCity(office.database, tmp_path)
        for place, days in (("balai", 9), ("tugu", 5), ("balai", 1)):
            move(office, place)
            say(city, health(), NOW - timedelta(days=days))
        with office.database.reading() as db:
            by_site = services_by_site(db)
        assert by_site["balai"] == Service(NOW - timedelta(days=1))
        assert by_site["tugu"] == Service(NOW - timedelta(days=5), has_reader=False)

    def test_a_device_moved_on_paper_serves_nowhere_until_it_is_heard_there(
        self, office: Office, tmp_path: Path
    ) -> None:
        say(SampleCity(office.database, tmp_path), health(), NOW - timedelta(days=9))
        move(office, "tugu")
        with office.database.reading() as db:
            by_site = services_by_site(db)
        assert by_site["tugu"] == Service(None)
        assert not by_site["balai"].has_reader

    def test_a_first_scan_begins_the_service_where_nothing_was_heard(
        self, office: Office, tmp_path: Path
    ) -> None:
        SampleCity(office.database, tmp_path).say("pi-balai", scan(101, "b" * 32), at=NOW)
        assert since(office) == NOW

    def test_where_nothing_is_known_nobody_is_seen(self) -> None:
        nowhere = service_at("tugu", {})
        assert nowhere == Service(None, has_reader=False)
        assert not nowhere.saw(NOW, is_seen_twice=True)
