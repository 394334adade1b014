"""Devices on the board and on their own page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from edge.wire.messages import OfflineReason
from edge.wire.records.bodies import BootReason, Cause, DeviceHealth, DeviceReturned, MotionEvent
from hub.errors import NotFoundError
from hub.ingest.models import DeviceCommand
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.device.service import get_device
from hub.places.models import DeviceCondition
from tests.browser.sample import health
from tests.hub.screens import Screens, post


def test_a_device_page_says_everything_that_is_known(city: Screens) -> None:
    page = city.signed_in(Role.TECHNICIAN).get("/perangkat/pi-jawi").get_data(as_text=True)
    for text in (
        "Pi Sungai Jawi",
        "Raspberry Pi 4",
        "14 rekaman",
        "54,2 °C",
        "Lengan utara",
        "kamera tertutup",
    ):
        assert text in page, text
    assert "-0.028300, 109.318900" in page


def test_a_device_at_the_equator_has_a_latitude(city: Screens) -> None:
    page = city.signed_in(Role.ADMIN).get("/perangkat/pi-tugu").get_data(as_text=True)
    assert "0.000000, 109.322200" in page


def test_a_device_never_heard_has_a_page_too(screens: Screens) -> None:
    screens.city.load()
    page = screens.signed_in(Role.ADMIN).get("/perangkat/pi-jawi").get_data(as_text=True)
    assert "Belum melapor" in page
    assert "Perangkat belum melaporkan kesehatannya" in page


@pytest.mark.parametrize(
    ("reason", "word"),
    [(OfflineReason.WILL, "sambungan putus"), (OfflineReason.POWER, "listrik padam")],
)
def test_why_it_is_gone_is_said(city: Screens, reason: OfflineReason, word: str) -> None:
    city.city.will("pi-jawi", city.clock(), reason)
    assert word in city.signed_in(Role.ADMIN).get("/perangkat/pi-jawi").get_data(as_text=True)
    assert word in city.signed_in(Role.ADMIN).get("/").get_data(as_text=True)


def test_a_device_that_is_not_there_is_not_found(city: Screens) -> None:
    assert city.signed_in(Role.ADMIN).get("/perangkat/pi-lain").status_code == 404
    with city.database.reading() as db, pytest.raises(NotFoundError):
        get_device(db, "pi-lain")


def test_a_self_test_is_asked_for_and_its_answer_shown(city: Screens) -> None:
    client = city.signed_in(Role.TECHNICIAN, name="tono")
    assert post(client, "/perangkat/pi-jawi/periksa", "/sandi").location == "/perangkat/pi-jawi"
    assert "menunggu dikirim" in client.get("/perangkat/pi-jawi").get_data(as_text=True)
    with city.database.writing() as db:
        command = db.scalars(select(DeviceCommand)).one()
        assert command.body == '{"kind":"run-selftest"}'
        command.replied_at, command.is_done = city.clock(), True
        command.detail, command.values_json = "semua baik", '{"disk": true}'
        entry = db.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (entry.actor, entry.action, entry.object) == ("tono", "device.check", "device:pi-jawi")
    page = client.get("/perangkat/pi-jawi").get_data(as_text=True)
    assert "semua baik" in page
    assert "run-selftest" not in page
    assert "periksa diri" in page


def test_a_self_test_of_nothing_leaves_no_command(city: Screens) -> None:
    assert post(city.signed_in(Role.ADMIN), "/perangkat/pi-lain/periksa", "/sandi").status_code == 404
    with city.database.reading() as db:
        assert db.scalars(select(DeviceCommand)).all() == []


def test_the_newest_health_wins_whatever_the_order(city: Screens) -> None:
    newer = DeviceHealth(**{name: getattr(health(), name) for name in health().__struct_fields__})
    at = city.clock()
    city.city.say("pi-tugu", newer, at=at)
    city.city.say("pi-tugu", health(), at=at - timedelta(hours=1), received_at=at)
    with city.database.reading() as db:
        assert db.get_one(DeviceCondition, "pi-tugu").at == at


def test_what_a_device_says_is_text_and_nothing_else(city: Screens) -> None:
    from edge.wire.records.bodies import DeviceIncident

    trap = "<img src=x onerror=alert(1)>"
    city.city.say("pi-jawi", DeviceIncident(what=trap, detail=trap), at=city.clock())
    page = city.signed_in(Role.ADMIN).get("/perangkat/pi-jawi").get_data(as_text=True)
    assert trap not in page
    assert "&lt;img src=x" in page


def test_what_moves_before_cameras_does_not_hide_what_happens_to_a_device(city: Screens) -> None:
    back = DeviceReturned(outage_s=3_600)
    city.city.say("pi-jawi", back, at=city.clock() - timedelta(days=1))
    city.city.say("pi-jawi", back, at=city.clock() - timedelta(days=8))
    city.city.say("pi-jawi", *[MotionEvent("utara", 60, 0.2)] * 25, at=city.clock())
    page = city.signed_in(Role.OPERATOR).get("/perangkat/pi-jawi").get_data(as_text=True)
    assert page.count("kembali terhubung") == 1
    assert "<td>gerak</td>" not in page


def test_a_device_that_returned_says_why_it_was_gone(city: Screens) -> None:
    back = DeviceReturned(
        outage_s=3_600, cause=Cause.POWER, confidence=0.97, evidence=("last-gasp",), boot=BootReason.POWER_CUT
    )
    city.city.say("pi-jawi", back, at=city.clock())
    page = city.signed_in(Role.OPERATOR).get("/perangkat/pi-jawi").get_data(as_text=True)
    for words in ("kembali terhubung", "60 mnt", "sebab listrik (97 %)", "mulai ulang karena listrik padam"):
        assert words in page
