"""The list of events, one event, and its stills for those who say why."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from edge.wire.records.bodies import CameraIntegrity, FlowLevel, PictureState, SceneMeasures, ZoneMeasure
from hub.cctv.events.listing import Filter, events_asked
from hub.cctv.pictures.looks import GOOD_FOR
from hub.cctv.pictures.models import PictureLook
from hub.people.models import AuditEntry
from hub.people.permissions import Role
from hub.places.reach import PlaceReach
from tests.hub.screens import Screens, post


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_the_list_names_event_camera_and_times(operator: FlaskClient) -> None:
    page = text_of(operator, "/peristiwa")
    for words in ("kamera tertutup", "Lengan selatan", "Simpang Empat Sungai Jawi", "berlangsung"):
        assert words in page, words


FILTERS = (
    ("jenis=covered", True),
    ("jenis=tamper", True),
    ("jenis=jam", False),
    ("jenis=tidak-ada", True),
    ("cari=selatan", True),
    ("cari=tugu", False),
    ("berlangsung=ya", True),
    ("dari=2026-11-21&sampai=2026-11-21", True),
    ("dari=2026-11-22", False),
    ("sampai=2026-11-20", False),
    ("dari=kemarin", True),
    ("sampai=9999-12-31", True),
    ("dari=0001-01-01", True),
    ("perangkat=pi-jawi&kamera=selatan", True),
    ("perangkat=pi-jawi&kamera=utara", False),
    ("hal=9", False),
)


def test_filters_leave_what_is_asked_for(operator: FlaskClient) -> None:
    for query, is_there in FILTERS:
        assert ("/peristiwa/1" in text_of(operator, f"/peristiwa?{query}")) == is_there, query


def test_the_file_has_the_same_rows(city: Screens, operator: FlaskClient) -> None:
    city.city.say("pi-jawi", CameraIntegrity(camera="selatan", picture=PictureState.GOOD), at=city.clock())
    rows = list(csv.reader(io.StringIO(text_of(operator, "/peristiwa/daftar.csv").removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][0] == "1"
    assert rows[1][3] == "12.0"
    assert text_of(operator, "/peristiwa/daftar.csv?jenis=jam").count("\n") == 1


def test_stills_are_shown_after_a_purpose_was_named_and_the_look_is_kept(
    city: Screens, operator: FlaskClient
) -> None:
    page = text_of(operator, "/peristiwa/1")
    assert "sebelum.jpg" not in page
    assert operator.get("/peristiwa/1/sebelum.jpg").status_code == 404
    answer = post(operator, "/peristiwa/1/lihat", tujuan="disaster")
    assert answer.status_code == 303
    page = text_of(operator, answer.location)
    assert "sebelum.jpg" in page
    assert "Daerah rawan bencana" in page
    assert "Oki" in page
    number = answer.location.rpartition("=")[2]
    for side in ("sebelum", "sesudah"):
        picture = operator.get(f"/peristiwa/1/{side}.jpg?lihat={number}")
        assert picture.status_code == 200
        assert picture.headers["Cache-Control"] == "no-store"
    with city.database.reading() as db:
        look = db.scalars(select(PictureLook)).one()
        assert (look.purpose, look.event) == ("disaster", 1)
        assert (
            db.scalars(select(AuditEntry).where(AuditEntry.action == "camera.picture")).one().actor == "oki"
        )


def test_without_a_purpose_nobody_sees_a_still(city: Screens, operator: FlaskClient) -> None:
    answer = post(operator, "/peristiwa/1/lihat", tujuan="iseng")
    assert "Pilih tujuan" in text_of(operator, answer.location)
    with city.database.reading() as db:
        assert db.scalars(select(PictureLook)).all() == []


def test_a_look_is_ones_own_of_this_event_and_for_a_while(city: Screens, operator: FlaskClient) -> None:
    number = post(operator, "/peristiwa/1/lihat", tujuan="service").location.rpartition("=")[2]
    other = city.signed_in(Role.OPERATOR)
    assert other.get(f"/peristiwa/1/sebelum.jpg?lihat={number}").status_code == 404
    zone = ZoneMeasure(zone="lajur", occupancy=1, cover=0.8, flow=FlowLevel.JAM)
    city.city.say("pi-jawi", SceneMeasures(camera="utara", period_s=60, zones=(zone,)), at=city.clock())
    assert operator.get(f"/peristiwa/2/sebelum.jpg?lihat={number}").status_code == 404
    assert "80 %" in text_of(operator, "/peristiwa")
    city.clock.advance(seconds=GOOD_FOR.total_seconds() + 1)
    page = operator.get(f"/peristiwa/1?lihat={number}")
    assert page.status_code == 200
    assert "Tujuan melihat" in page.get_data(as_text=True)


def test_who_may_not_watch_sees_that_there_are_stills_and_no_more(city: Screens) -> None:
    display = city.signed_in(Role.DISPLAY)
    assert "hanya dibuka untuk petugas" in text_of(display, "/peristiwa/1")


def test_an_event_without_stills_says_so(city: Screens, operator: FlaskClient) -> None:
    zone = ZoneMeasure(zone="lajur", occupancy=1, cover=0.8, flow=FlowLevel.JAM)
    city.city.say("pi-jawi", SceneMeasures(camera="utara", period_s=60, zones=(zone,)), at=city.clock())
    assert "masa simpannya (30 hari)" in text_of(operator, "/peristiwa/2")
    assert operator.get("/peristiwa/99").status_code == 404


def test_many_events_come_in_pages(city: Screens, operator: FlaskClient) -> None:
    assert "Lebih lama" not in text_of(operator, "/peristiwa")
    for minute in range(60):
        flow = FlowLevel.JAM if minute % 2 else FlowLevel.FREE
        zone = ZoneMeasure(zone="lajur", occupancy=1, cover=0.8, flow=flow)
        for name in ("utara", "selatan"):
            city.city.say(
                "pi-jawi",
                SceneMeasures(camera=name, period_s=60, zones=(zone,)),
                at=city.clock() + timedelta(minutes=minute),
            )
    assert "Lebih lama" in text_of(operator, "/peristiwa")
    assert "Lebih baru" in text_of(operator, "/peristiwa?hal=2")


def test_who_sees_a_part_of_the_city_is_given_that_part_by_the_query(city: Screens) -> None:
    jam = ZoneMeasure(zone="lajur", occupancy=1, cover=0.8, flow=FlowLevel.JAM)
    # Newer than the first event of the other camera.
    city.city.say("pi-jawi", SceneMeasures(camera="utara", period_s=60, zones=(jam,)), at=city.clock())
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def seen(reach: PlaceReach) -> list[str]:
        with city.database.reading() as db:
            lines = events_asked(db, Filter(), zone=ZoneInfo("Asia/Pontianak"), reach=reach, most=1)
            return [line.event.camera for line in lines]

    listen(city.database.engine, "before_cursor_execute", note)
    try:
        key = ("pi-jawi", "selatan")
        assert seen(PlaceReach(sites=frozenset(), cameras=frozenset({key}))) == ["selatan"]
        assert seen(PlaceReach(sites=frozenset({"jawi"}), devices=frozenset({"pi-jawi"}))) == ["utara"]
        assert seen(PlaceReach(sites=frozenset({"tugu"}), devices=frozenset({"pi-tugu"}))) == []
        assert seen(PlaceReach(sites=frozenset())) == []
    finally:
        remove(city.database.engine, "before_cursor_execute", note)
    assert len([one for one in asked if "LIMIT" in one]) == 4
