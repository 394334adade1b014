"""The map's page: every point once as a mark and once as a row, filtered, scoped, and live."""

import dataclasses
import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.service import raise_alarm
from hub.app import create_app
from hub.cctv.layer import CARE, NONE, state_of, words_of
from hub.cctv.rules import CameraState, Verdict
from hub.cctv.service import list_cameras
from hub.config import MapSettings
from hub.maps.feed import MapFeed
from hub.maps.layers import MapLayer, MapPoint, MapState
from hub.people.models import LoginSession
from hub.people.permissions import Role, ScopeKind
from hub.web.contributions.tiles import Tone
from tests.hub.screens import Browser, Screens, make_config

LAYER = MapLayer("x", "X", (MapState("on", "On", Tone.GOOD),), ())


def marks(page: str) -> list[str]:
    """The marks of the drawing, with their look."""
    return re.findall(r'class="map-mark tone-(\w+)" href="([^"]+)"', page)


def rows(page: str) -> list[str]:
    return re.findall(r'<span class="map-title">([^<]+)</span>', page)


def configure(city: Screens, settings: MapSettings) -> None:
    """Build the application again with other settings of the map."""
    config = replace(make_config(city.folder), map=settings)
    city.app = create_app(config, now=city.clock, database=city.database)
    city.app.test_client_class = Browser


def test_every_point_is_on_the_drawing_and_in_the_list_the_worst_first(city: Screens) -> None:
    page = city.signed_in(Role.OPERATOR).get("/peta").get_data(as_text=True)
    assert set(marks(page)) == {
        ("bad", "/titik/tugu"),
        ("warn", "/titik/jawi"),
        ("good", "/titik/balai"),
        ("warn", "/temuan/1"),
    }
    assert list(dict.fromkeys(rows(page))) == [
        "Tugu Khatulistiwa",
        "Simpang Empat Sungai Jawi",
        "Balai Kota Pontianak",
    ]
    assert "0 dari 2 kamera daring" in page


def test_a_point_on_the_equator_stands_on_the_equator(city: Screens) -> None:
    page = city.signed_in(Role.OPERATOR).get("/peta").get_data(as_text=True)
    assert 'data-place="0.000000 109.322200"' in page
    assert 'transform="translate(582 445)"' in page
    assert 'd="M-3000 445H' in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kecamatan=Pontianak+Utara", ["Tugu Khatulistiwa"]),
        ("pemilik=Dinas+Perhubungan", ["Simpang Empat Sungai Jawi"]),
        ("keadaan=live", ["Balai Kota Pontianak"]),
        ("lapisan=cameras&keadaan=dark", ["Tugu Khatulistiwa"]),
        ("lapisan=temuan", []),
        ("keadaan=" + "x" * 500, []),
    ],
)
def test_filters_leave_what_is_asked_for(city: Screens, query: str, shown: list[str]) -> None:
    page = city.signed_in(Role.OPERATOR).get(f"/peta?{query}").get_data(as_text=True)
    assert rows(page) == shown
    assert len(marks(page)) == len(shown)
    assert ("Tidak ada titik yang cocok" in page) == (not shown)


def test_a_lurah_sees_the_points_of_the_kelurahan_only(city: Screens) -> None:
    client = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope="61.71.04.1004")
    assert rows(client.get("/peta").get_data(as_text=True)) == ["Tugu Khatulistiwa"]
    assert client.get("/titik/tugu").status_code == 200
    assert client.get("/titik/jawi").status_code == 404


def test_with_no_points_the_page_says_so(screens: Screens) -> None:
    page = screens.signed_in(Role.OPERATOR).get("/peta").get_data(as_text=True)
    assert "Belum ada titik" in page
    assert "js/map.js" not in page


def test_active_alarms_stand_beside_their_point(city: Screens) -> None:
    def raise_one(number: int, kind: AlarmKind, severity: Severity) -> None:
        with city.database.writing() as db:
            raise_alarm(
                db,
                key=f"x:{number}",
                kind=kind,
                severity=severity,
                facts={"name": "Pi Tugu", "value": "1", "limit": "2", "cause": "power", "cameras": "2"},
                site="tugu",
                device="pi-tugu",
                camera=None,
                link=f"/alarm/{number}",
                now=city.clock(),
            )

    raise_one(1, AlarmKind.DEVICE_HOT, Severity.LOW)
    client = city.signed_in(Role.OPERATOR)
    assert ("idle", "/alarm/1") in marks(client.get("/peta?lapisan=alarms").get_data(as_text=True))
    raise_one(2, AlarmKind.DEVICE_DISK_FULL, Severity.HIGH)
    raise_one(3, AlarmKind.OUTAGE_SITE, Severity.CRITICAL)
    page = client.get("/peta?lapisan=alarms").get_data(as_text=True)
    assert marks(page) == [("bad", "/alarm?cari=Tugu+Khatulistiwa")], "a dark point is the cameras' layer"
    assert "2 alarm aktif" in page
    elsewhere = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope="61.71.05.1005")
    assert marks(elsewhere.get("/peta?lapisan=alarms").get_data(as_text=True)) == []


def test_the_changing_part_alone_is_given_for_the_stream(city: Screens) -> None:
    page = city.signed_in(Role.OPERATOR).get("/peta/isi?keadaan=live").get_data(as_text=True)
    assert marks(page) == [("good", "/titik/balai")]
    assert "<html" not in page


def test_the_page_is_small_enough_for_a_phone_on_a_slow_network(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    text = client.get("/peta").get_data(as_text=True)
    sent = len(gzip.compress(text.encode()))
    for address in re.findall(r'"(/aset/[^"]+\.(?:css|js))"', text):
        sent += len(gzip.compress(client.get(address).get_data()))
    assert sent <= 40 * 1024, sent


def test_a_map_is_told_of_changes_and_only_of_changes() -> None:
    shown: list[Sequence[MapLayer]] = [(LAYER,)]
    feed = MapFeed(lambda: shown[0])

    def version() -> int:
        return int(json.loads(feed.turn().partition("data: ")[2])["version"])

    first = version()
    assert version() == first
    point = MapPoint(
        id="p", site="s", latitude=0.0, longitude=109.3, title="T", state="on", words="w", link="/"
    )
    shown[0] = (MapLayer("x", "X", LAYER.states, (point,)),)
    assert version() == first + 1


def test_a_database_that_does_not_answer_leaves_the_map_as_it_was() -> None:
    def fail() -> Sequence[MapLayer]:
        raise OperationalError("SELECT", {}, Exception("locked"))

    assert MapFeed(fail).turn().startswith(":")


def test_an_open_map_hears_and_the_thread_ends_with_the_last_one() -> None:
    feed = MapFeed(lambda: (LAYER,), every_s=0.01)
    first, second = feed.listen(), feed.listen()
    for listener in (first, second):
        assert "event: map" in (listener.get(10) or "")
    feed.leave(first)
    assert second.get(10) is not None
    feed.leave(second)
    assert second.get(0.05) is None or not second.is_dropped


def test_a_stumble_of_the_feed_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    calls = iter([ValueError("once")])

    def stumble() -> Sequence[MapLayer]:
        for error in calls:
            raise error
        return (LAYER,)

    feed = MapFeed(stumble, every_s=0.01)
    listener = feed.listen()
    assert "event: map" in (listener.get(10) or "")
    feed.leave(listener)
    assert "stumbled" in caplog.text


def test_the_stream_ends_when_the_session_does(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR)
    answer = client.get("/peta/aliran", buffered=False)
    assert answer.mimetype == "text/event-stream"
    pieces = answer.iter_encoded()
    assert b"retry" in next(pieces)
    assert b"event: map" in next(pieces)
    with city.database.writing() as db:
        db.execute(update(LoginSession).values(ended_at=city.clock()))
    city.clock.advance(minutes=1)
    assert any(b"event: ended" in piece for piece in pieces)


def test_streets_are_served_in_pieces_and_only_when_there_are_some(city: Screens, tmp_path: Path) -> None:
    assert city.signed_in(Role.OPERATOR).get("/peta/jalan.pmtiles").status_code == 404
    file = tmp_path / "kota.pmtiles"
    file.write_bytes(b"PMTiles\x03" + bytes(range(200)))
    configure(city, MapSettings(pmtiles=str(file)))
    client = city.signed_in(Role.OPERATOR)
    answer = client.get("/peta/jalan.pmtiles", headers={"Range": "bytes=8-11"})
    assert (answer.status_code, answer.get_data()) == (206, bytes(range(4)))
    page = client.get("/peta").get_data(as_text=True)
    assert 'data-kind="pmtiles"' in page
    assert "leaflet-1.9.4.css" in page


def test_a_foreign_server_of_tiles_is_allowed_for_pictures_and_nothing_else(city: Screens) -> None:
    configure(city, MapSettings(tile_url="https://ubin.example.go.id/{z}/{x}/{y}.png"))
    policy = city.signed_in(Role.OPERATOR).get("/peta").headers["Content-Security-Policy"]
    assert "img-src 'self' https://ubin.example.go.id data:" in policy
    assert policy.count("ubin.example.go.id") == 1


def test_a_window_of_maintenance_makes_a_point_a_diamond(city: Screens) -> None:
    with city.database.reading() as db:
        view = list_cameras(db, city.clock())[0]
    away = dataclasses.replace(view, verdict=Verdict(CameraState.MAINTENANCE))
    assert state_of([away]) == CARE
    assert state_of([]) == NONE
    live = dataclasses.replace(view, verdict=Verdict(CameraState.LIVE))
    said = {
        number: text % values for number, (text, values) in enumerate(map(words_of, ([away], [away, live])))
    }
    assert said == {0: "1 kamera dalam perawatan", 1: "1 dari 1 kamera daring, 1 dalam perawatan"}
