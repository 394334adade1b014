"""How well doors read: added up by day, shown on the page of the device."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from edge.wire.records.bodies import DoorReading, PassCount
from hub.people.permissions import Role
from hub.places.reading.models import DoorReadingDay
from hub.places.reading.service import qualities_of
from tests.hub.screens import Screens

# Five minutes before midnight in the city.
LATE = datetime(2026, 11, 21, 16, 55, tzinfo=UTC)


def minute(**changes: object) -> DoorReading:
    values: dict[str, object] = {
        "door": "pintu",
        "period_s": 60.0,
        "frames": 900,
        "looked_at": 300,
        "read": 40,
        "misses": 60,
        "unreadable": 5,
        "decode_p50_ms": 11.0,
        "decode_p95_ms": 48.0,
        "by_pass": (PassCount(name="first", count=38), PassCount(name="larger", count=2)),
    }
    return DoorReading(**(values | changes))  # type: ignore[arg-type]  # values of all kinds


@pytest.fixture
def doors(screens: Screens) -> Screens:
    screens.city.load()
    return screens


def test_minutes_add_up_by_the_days_of_the_city(doors: Screens) -> None:
    for number in range(10):
        doors.city.say("pi-balai", minute(decode_p95_ms=40.0 + number), at=LATE + timedelta(minutes=number))
    with doors.database.reading() as db:
        rows = list(db.scalars(select(DoorReadingDay).order_by(DoorReadingDay.day)))
    assert [(row.day.day, row.frames, row.read, row.misses, row.unreadable) for row in rows] == [
        (21, 4_500, 200, 300, 25),
        (22, 4_500, 200, 300, 25),
    ]
    assert [row.worst_p95_ms for row in rows] == [44.0, 49.0]


def test_an_old_report_is_added_and_is_not_the_newest(doors: Screens) -> None:
    doors.city.say("pi-balai", minute(read=1, is_reduced=True), at=LATE)
    doors.city.say("pi-balai", minute(read=2), at=LATE - timedelta(hours=1))
    with doors.database.reading() as db:
        (quality,) = qualities_of(db, "pi-balai")
    assert (quality.read, quality.newest.read, quality.at, quality.reduced_minutes) == (3, 1, LATE, 1)
    assert quality.passes == (("first", 38), ("larger", 2))


@pytest.mark.parametrize(
    ("read", "unreadable", "is_troubled"),
    [(40, 60, False), (80, 121, True), (150, 149, False), (0, 300, True)],
)
def test_a_door_that_sees_codes_and_cannot_read_them_is_named(
    doors: Screens, read: int, unreadable: int, is_troubled: bool
) -> None:
    doors.city.say("pi-balai", minute(read=read, unreadable=unreadable), at=LATE)
    with doors.database.reading() as db:
        (quality,) = qualities_of(db, "pi-balai")
    assert quality.is_troubled is is_troubled


def test_the_page_of_the_device_says_how_its_doors_read(doors: Screens) -> None:
    technician = doors.signed_in(Role.TECHNICIAN)
    assert "Pembacaan kode" not in technician.get("/perangkat/pi-balai").get_data(as_text=True)
    doors.city.say("pi-balai", minute(), at=doors.clock())
    page = technician.get("/perangkat/pi-balai").get_data(as_text=True)
    assert "Pembacaan kode di pintu" in page
    assert "p95 48,0 ms" in page
    doors.city.say("pi-balai", minute(is_reduced=True), at=doors.clock() + timedelta(minutes=1))
    assert "dikurangi" in technician.get("/perangkat/pi-balai").get_data(as_text=True)
    doors.city.say("pi-balai", minute(read=0, unreadable=500), at=doors.clock() + timedelta(minutes=2))
    assert "periksa lampu dan lensa" in technician.get("/perangkat/pi-balai").get_data(as_text=True)
