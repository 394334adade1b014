"""The wall's page and stream: tiles in order, filters, ages, only while somebody looks."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from hub.cctv.wall.feed import WallFeed
from hub.live.desk import LiveDesk
from hub.live.streams import CameraKey
from hub.people.permissions import Role
from tests.browser.sample import INVENTORY
from tests.hub.screens import Screens

CAMERAS = sum(len(device.get("cameras", [])) for device in INVENTORY["devices"])


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR)


def desk_of(city: Screens) -> LiveDesk:
    found: LiveDesk = city.app.extensions["pontive"].live
    return found


def feed_of(city: Screens) -> WallFeed:
    found: WallFeed = city.app.extensions["pontive-wall"]
    return found


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (192, 108), (200, 120, 10)).save(buffer, "JPEG")
    return buffer.getvalue()


def data_of(message: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.split("data: ", 1)[1])
    return found


def test_the_page_has_a_link_a_camera_and_filters(city: Screens, operator: FlaskClient) -> None:
    page = operator.get("/dinding").text
    assert page.count('class="wall-tile"') == CAMERAS
    assert 'href="/kamera/pi-jawi/utara"' in page
    few = operator.get("/dinding?titik=Tugu+Khatulistiwa").text
    assert 0 < few.count('class="wall-tile"') < CAMERAS
    assert f'data-total="{CAMERAS}"' in few, "its places are those of the whole sheet"
    none = operator.get("/dinding?pemilik=Tidak+Ada").text
    assert "Tidak ada kamera yang cocok" in none


@pytest.mark.parametrize(
    ("query", "turn_s"),
    [("", 0), ("?tv=1", 20), ("?tv=1&putar=7s", 7), ("?tv=1&putar=1", 5), ("?tv=1&putar=x", 20)],
)
def test_a_television_turns_its_pages(operator: FlaskClient, query: str, turn_s: int) -> None:
    assert f'data-turn-s="{turn_s}"' in operator.get(f"/dinding{query}").text


def test_an_empty_city_says_what_to_do(screens: Screens) -> None:
    page = screens.signed_in(Role.OPERATOR).get("/dinding").text
    assert "pontive-hub places load" in page


def test_walls_are_told_sheet_states_and_ages(city: Screens, operator: FlaskClient) -> None:
    feed, desk = feed_of(city), desk_of(city)
    first = data_of(feed.turn())
    assert [row[3] for row in first["tiles"]] == [None] * CAMERAS
    desk.thumbs.arrived(CameraKey("pi-jawi", "utara"), jpeg())
    said = data_of(feed.turn())
    ages = {row[0]: row[3] for row in said["tiles"]}
    assert 0 <= ages["pi-jawi/utara"] < 5
    assert said["sheet"] == first["sheet"] + 1
    states = {row[0]: (row[1], row[2]) for row in said["tiles"]}
    page = operator.get("/dinding").text
    for key, (state, _) in states.items():
        assert f'data-key="{key}" data-state="{state}"' in page
    picture = operator.get(f"/dinding/lembar/{said['sheet']}.jpg")
    assert picture.mimetype == "image/jpeg"
    with Image.open(io.BytesIO(picture.data)) as sheet:
        assert sheet.size == (14 * 192, 108)
    assert operator.get("/dinding/lembar/999.jpg").status_code == 404


def test_old_sheets_are_let_go(city: Screens) -> None:
    feed, desk = feed_of(city), desk_of(city)
    versions = []
    for _ in range(6):
        desk.thumbs.look()
        desk.thumbs.arrived(CameraKey("pi-jawi", "utara"), jpeg())
        versions.append(data_of(feed.turn())["sheet"])
    assert feed.sheet(versions[0]) is None
    assert feed.sheet(versions[-1]) is not None


def test_the_stream_begins_work_and_its_end_ends_it(city: Screens, operator: FlaskClient) -> None:
    feed = feed_of(city)
    answer = operator.get("/dinding/aliran", buffered=False)
    assert answer.mimetype == "text/event-stream"
    events = iter(answer.response)
    assert next(events) == b"retry: 2000\n\n"
    assert data_of(next(events).decode())["tiles"]
    thread = feed._thread
    assert thread is not None
    answer.close()
    thread.join(240)
    assert not thread.is_alive()


def test_a_wall_whose_rights_ended_is_told(city: Screens) -> None:
    wall = city.signed_in(Role.DISPLAY)
    answer = wall.get("/dinding/aliran", buffered=False)
    events = iter(answer.response)
    next(events)
    next(events)
    city.clock.advance(days=60)
    assert next(events) == b"event: ended\ndata: {}\n\n"
    answer.close()


def test_a_wall_screen_that_is_open_is_in_use(city: Screens) -> None:
    wall = city.signed_in(Role.DISPLAY)
    for _ in range(3):
        answer = wall.get("/dinding/aliran", buffered=False)
        events = iter(answer.response)
        next(events)
        next(events)
        city.clock.advance(minutes=20)
        assert b"event: wall" in next(events)
        answer.close()
    assert wall.get("/dinding").status_code == 200
