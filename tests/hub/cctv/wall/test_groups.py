"""Groups of a wall: kept by people, shown by all; larger tiles for few; cameras live together."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from edge.wire.messages import SendThumbs
from hub.cctv.wall.feed import MOST_LARGE
from hub.cctv.wall.groups import MOST_GROUPS
from hub.live.streams import CameraKey
from hub.people.permissions import Role
from tests.hub.cctv.steering.test_views import Device
from tests.hub.cctv.wall.test_wall import CAMERAS, desk_of, feed_of, jpeg
from tests.hub.screens import Screens, csrf_of, post

PAGE = "/dinding/kelompok"


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR, name="oki")


def keep(client: FlaskClient, name: str, *cameras: str) -> str:
    data = {"csrf_token": csrf_of(client, "/sandi"), "nama": name, "kamera": list(cameras)}
    answer = client.post(PAGE, data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_group_is_kept_shown_by_a_wall_screen_and_replaced(city: Screens, operator: FlaskClient) -> None:
    address = keep(operator, "Pusat kota", "pi-jawi/utara", "pi-tugu/plaza", "pi-hantu/x")
    wall = city.signed_in(Role.DISPLAY)
    page = wall.get(address).text
    assert page.count('class="wall-tile"') == 2
    assert "selected>Pusat kota" in page
    assert keep(operator, "Pusat kota", "pi-balai/lobi") == address
    assert 'data-key="pi-balai/lobi"' in wall.get(address).text
    assert wall.get("/dinding?kelompok=99").status_code == 404
    assert "Kelompok baru" not in wall.get(PAGE).text


@pytest.mark.parametrize(
    ("name", "cameras", "words"),
    [
        ("", ["pi-jawi/utara"], "memerlukan nama"),
        ("x" * 61, ["pi-jawi/utara"], "memerlukan nama"),
        ("Kosong", [], "paling sedikit satu"),
        ("Hantu", ["pi-hantu/x", "rusak"], "paling sedikit satu"),
    ],
)
def test_what_is_no_group_comes_back_with_words(
    operator: FlaskClient, name: str, cameras: list[str], words: str
) -> None:
    data = {"csrf_token": csrf_of(operator, "/sandi"), "nama": name, "kamera": cameras}
    answer = operator.post(PAGE, data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_somebody_elses_group_is_neither_taken_nor_deleted(city: Screens, operator: FlaskClient) -> None:
    address = keep(operator, "Pusat kota", "pi-jawi/utara")
    number = address.rpartition("=")[2]
    budi = city.signed_in(Role.OPERATOR, name="budi")
    answer = post(budi, PAGE, "/sandi", nama="Pusat kota", kamera="pi-balai/lobi")
    assert (answer.status_code, "orang lain" in answer.text) == (422, True)
    assert post(budi, f"{PAGE}/{number}/hapus", "/sandi").status_code == 404
    assert post(operator, f"{PAGE}/{number}/hapus", "/sandi").status_code == 303
    again = keep(operator, "Lain", "pi-jawi/utara").rpartition("=")[2]
    assert post(city.signed_in(Role.ADMIN), f"{PAGE}/{again}/hapus", "/sandi").status_code == 303
    assert "Belum ada kelompok" in operator.get(PAGE).text


def test_there_is_an_end_to_groups(operator: FlaskClient) -> None:
    for number in range(MOST_GROUPS):
        keep(operator, f"Kelompok {number}", "pi-jawi/utara")
    answer = post(operator, PAGE, "/sandi", nama="Satu lagi", kamera="pi-jawi/utara")
    assert "hapus yang tidak dipakai" in answer.text


def test_few_tiles_come_larger_and_only_they_are_asked_for(city: Screens, operator: FlaskClient) -> None:
    desk, feed = desk_of(city), feed_of(city)
    desk.link = device = Device(desk)
    feed.turn()
    desk.thumbs.arrived(CameraKey("pi-jawi", "utara"), jpeg())
    answer = operator.get("/dinding/lembar/besar.jpg?lebar=480&tempat=0-2-1")
    assert answer.headers["Cache-Control"] == "no-store"
    with Image.open(io.BytesIO(answer.data)) as sheet:
        assert sheet.size == (4 * 480, 270)
    desk.turn()
    orders = [order for order in device.commands if isinstance(order, SendThumbs) and order.width_px == 480]
    assert sum(len(order.cameras) for order in orders) == 3
    with Image.open(io.BytesIO(operator.get("/dinding/lembar/besar.jpg?lebar=320&tempat=0").data)) as sheet:
        assert sheet.size == (6 * 320, 180)


@pytest.mark.parametrize(
    "query",
    ["", "lebar=480", "lebar=500&tempat=0", f"lebar=480&tempat={CAMERAS}", "lebar=480&tempat=x",
     "lebar=320&tempat=" + "-".join(["0"] * (MOST_LARGE + 1))],
)  # fmt: skip
def test_other_sheets_there_are_none(city: Screens, operator: FlaskClient, query: str) -> None:
    feed_of(city).turn()
    assert operator.get(f"/dinding/lembar/besar.jpg?{query}").status_code == 404


def test_walls_that_show_the_same_page_share_its_sheet_and_old_ones_are_let_go(city: Screens) -> None:
    feed = feed_of(city)
    feed.turn()
    first = feed.large_sheet([0, 1], 480)
    assert feed.large_sheet([0, 1], 480) is first
    for place in range(CAMERAS):
        for other in range(2):
            feed.large_sheet([place] * (other + 1), 320)
    assert len(feed._pages) <= 6


def test_up_to_sixteen_cameras_are_watched_together(city: Screens, operator: FlaskClient) -> None:
    query = "&".join(f"kamera={key}" for key in ("pi-jawi/utara", "pi-balai/lobi", "pi-jawi/utara", "pi-x/y"))
    page = operator.get(f"/dinding/langsung?{query}").text
    assert page.count("<video") == 2
    assert "Mulai semua" in page
    assert "Belum ada kamera yang dipilih" in operator.get("/dinding/langsung").text
    assert city.signed_in(Role.DISPLAY).get("/dinding/langsung").status_code == 404
