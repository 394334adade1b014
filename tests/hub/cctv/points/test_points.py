"""The page of a point: what hangs there, who was there, and what a stranger to it may see."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from edge.wire.records.bodies import SensorReading
from hub.cctv.points.models import SiteVisit
from hub.cctv.points.service import get_point
from hub.errors import NotFoundError
from hub.people.models import AuditEntry
from hub.people.permissions import Role, ScopeKind
from hub.places.reach import EVERYWHERE
from hub.telemetry.tables import TableTelemetry
from tests.hub.screens import Screens, post


def noted(city: Screens) -> list[tuple[str, str]]:
    with city.database.reading() as db:
        return [(row.by, row.done) for row in db.scalars(select(SiteVisit))]


def test_a_point_shows_everything_that_hangs_there(city: Screens) -> None:
    page = city.signed_in(Role.ADMIN).get("/titik/jawi").get_data(as_text=True)
    for words in ("Simpang Empat Sungai Jawi", "Lengan utara", "Lengan selatan", "Pi Sungai Jawi", "54,2 °C"):
        assert words in page
    assert "Balai Kota" not in page.split("</header>", 1)[1].split('class="map-cut"')[0]


def test_a_point_on_the_equator_is_a_point(city: Screens) -> None:
    page = city.signed_in(Role.ADMIN).get("/titik/tugu").get_data(as_text=True)
    assert "0.000000, 109.322200" in page
    assert 'transform="translate(582 445)"' in page


def test_doors_and_sensors_are_listed_with_their_newest_value(city: Screens) -> None:
    reading = SensorReading(sensor="air", quantity="water_level_m", value=1.47)
    city.city.say("pi-tugu", reading, at=city.clock())
    client = city.signed_in(Role.ADMIN)
    assert "Pintu utama" in client.get("/titik/balai").get_data(as_text=True)
    page = client.get("/titik/tugu").get_data(as_text=True)
    assert "Tinggi air Kapuas" in page
    assert "1,47" in page


def test_an_unknown_point_is_no_page(city: Screens) -> None:
    assert city.signed_in(Role.ADMIN).get("/titik/tidak-ada").status_code == 404
    with city.database.reading() as db, pytest.raises(NotFoundError):
        get_point(db, "x", reach=EVERYWHERE, telemetry=TableTelemetry(db), now=city.clock())


def test_a_technician_notes_a_visit(city: Screens) -> None:
    client = city.signed_in(Role.TECHNICIAN, name="tono")
    answer = post(
        client,
        "/titik/jawi/kunjungan",
        page="/titik/jawi",
        pada="2026-11-21T09:30",
        kerja="  ganti  adaptor ",
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/titik/jawi#kunjungan")
    page = client.get("/titik/jawi").get_data(as_text=True)
    assert "Sab 21 Nov 2026 09.30 WIB" in page
    assert "ganti adaptor" in page
    with city.database.reading() as db:
        row = db.scalars(select(SiteVisit)).one()
        assert (row.by, row.visited_at) == ("tono", datetime(2026, 11, 21, 2, 30, tzinfo=UTC))
        assert "site.visit" in set(db.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    ("pada", "kerja", "words"),
    [
        ("2026-11-21T09:30", "  ", "Tulis apa yang dikerjakan"),
        ("2026-11-21T09:30", "x" * 501, "Tulis apa yang dikerjakan"),
        ("2026-11-22T09:30", "ganti adaptor", "belum tiba"),
        ("2026-01-22T09:30", "ganti adaptor", "31 hari"),
        ("kemarin", "ganti adaptor", "Isi tanggal dan jam"),
    ],
    ids=["nothing", "too-much", "ahead", "long-ago", "no-time"],
)
def test_a_visit_that_cannot_be_is_refused_in_words(city: Screens, pada: str, kerja: str, words: str) -> None:
    client = city.signed_in(Role.TECHNICIAN)
    post(client, "/titik/jawi/kunjungan", page="/titik/jawi", pada=pada, kerja=kerja)
    assert words in client.get("/titik/jawi").get_data(as_text=True)
    assert noted(city) == []


def test_a_visit_to_nowhere_is_no_page(city: Screens) -> None:
    client = city.signed_in(Role.TECHNICIAN)
    answer = post(
        client, "/titik/tidak-ada/kunjungan", page="/titik/jawi", pada="2026-11-21T09:30", kerja="apa saja"
    )
    assert answer.status_code == 404


def test_an_operator_sees_visits_and_notes_none(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    assert "visit-form" not in client.get("/titik/jawi").get_data(as_text=True)
    answer = post(client, "/titik/jawi/kunjungan", pada="2026-11-21T09:30", kerja="apa saja")
    assert answer.status_code == 404
    assert noted(city) == []


def test_who_sees_one_camera_of_a_point_sees_nothing_else_of_it(city: Screens) -> None:
    client = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005")
    assert client.get("/titik/jawi").status_code == 200
    assert client.get("/titik/balai").status_code == 404
