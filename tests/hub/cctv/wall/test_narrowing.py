"""The wall of a lurah: the city's sheet with the others' tiles blank, in picture, words and page."""

import io
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from PIL import Image

from hub.cctv.wall.feed import WallFeed
from hub.cctv.wall.narrowing import Masks, narrowed
from hub.cctv.wall.sheet import EMPTY_COLOUR, TILE_HEIGHT_PX, TILE_WIDTH_PX
from hub.cctv.wall.views import wall_subscription
from hub.live.streams import CameraKey
from hub.people.permissions import Role, ScopeKind
from hub.places.reach import PlaceReach
from hub.web.streams.streaming import RIGHTS_EVERY_S, events
from tests.hub.cctv.wall.test_wall import data_of, desk_of, feed_of, jpeg
from tests.hub.screens import Screens

OWN, OTHER = CameraKey("pi-tugu", "plaza"), CameraKey("pi-jawi", "utara")
WARD = "61.71.04.1004"


@pytest.fixture
def lurah(city: Screens) -> FlaskClient:
    return city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope=WARD)


@pytest.fixture
def feed(city: Screens) -> WallFeed:
    """A wall on which both cameras are bright."""
    feed_of(city).turn()  # pictures are kept while somebody looks
    for key in (OWN, OTHER):
        desk_of(city).thumbs.arrived(key, jpeg())
    return feed_of(city)


def is_blank(data: bytes, place: int, columns: int) -> bool:
    row, column = divmod(place, columns)
    with Image.open(io.BytesIO(data)) as picture:
        left, top = column * TILE_WIDTH_PX, row * TILE_HEIGHT_PX
        seen = picture.convert("RGB").getpixel((left + TILE_WIDTH_PX // 2, top + TILE_HEIGHT_PX // 2))
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 12 for one, other in zip(seen, EMPTY_COLOUR, strict=True))


def test_the_sheet_shows_the_own_tiles_and_blanks_the_others(
    city: Screens, lurah: FlaskClient, feed: WallFeed
) -> None:
    version = data_of(feed.turn())["sheet"]
    sheet = feed.sheet(version)
    assert sheet is not None
    places = {key: place for place, key in enumerate(sheet.order)}
    seen = lurah.get(f"/dinding/lembar/{version}.jpg").data
    assert not is_blank(seen, places[OWN], sheet.columns)
    assert is_blank(seen, places[OTHER], sheet.columns)
    everything = city.signed_in(Role.OPERATOR).get(f"/dinding/lembar/{version}.jpg").data
    assert not is_blank(everything, places[OTHER], sheet.columns)
    assert lurah.get(f"/dinding/lembar/{version}.jpg").data == seen, "painted once"


def test_large_tiles_are_the_own_ones_only(lurah: FlaskClient, feed: WallFeed) -> None:
    feed.turn()
    sheet = feed.sheet(1)
    assert sheet is not None
    own, other = sheet.order.index(OWN), sheet.order.index(OTHER)
    assert lurah.get(f"/dinding/lembar/besar.jpg?tempat={own}&lebar=320").status_code == 200
    assert lurah.get(f"/dinding/lembar/besar.jpg?tempat={own}-{other}&lebar=320").status_code == 404


def test_the_page_has_the_own_tiles_and_their_filters(lurah: FlaskClient, city: Screens) -> None:
    page = lurah.get("/dinding").text
    assert 'data-key="pi-tugu/plaza"' in page
    assert "pi-jawi" not in page
    assert "Sungai Jawi" not in page
    assert "Pontianak Kota" not in page.split("<main", 1)[1]
    nobody = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.KELURAHAN, scope="61.71.06.1001")
    assert nobody.get("/dinding").text.count('class="wall-tile"') == 0


def test_the_stream_names_no_camera_of_others(city: Screens, feed: WallFeed) -> None:
    here = city.app.extensions["pontive"]
    reach = PlaceReach(sites=frozenset({"tugu"}), devices=frozenset({"pi-tugu"}))
    pieces = events(here, "no token", wall_subscription(here, feed, reach))
    assert next(pieces) == "retry: 2000\n\n"
    said = data_of(next(pieces))
    pieces.close()
    names = {tile[0] for tile in said["tiles"]}
    assert names == {"", "pi-tugu/plaza", "pi-tugu/sungai"}


def test_who_loses_the_part_is_cut_off(city: Screens, feed: WallFeed) -> None:
    here = city.app.extensions["pontive"]
    pieces = events(here, "no token", wall_subscription(here, feed, PlaceReach(sites=frozenset())))
    assert next(pieces).startswith("retry")
    assert "data" in next(pieces)
    city.clock.advance(seconds=RIGHTS_EVERY_S)
    (said,) = pieces
    assert said == "event: ended\ndata: {}\n\n"


def test_masks_are_made_once_and_not_kept_for_ever(feed: WallFeed) -> None:
    feed.turn()
    sheet, masks = feed.sheet(1), Masks()
    assert sheet is not None
    first = masks.masked(sheet, lambda key: key == OWN)
    assert masks.masked(sheet, lambda key: key == OWN) is first
    for version in range(2, 20):
        masks.masked(replace(sheet, version=version), lambda key: key == OWN)
    assert masks.masked(sheet, lambda key: key == OWN) is not first


def test_a_message_keeps_its_places() -> None:
    tiles = '[["a/b","live","none",1],["c/d","live","none",2]]'
    message = f'event: wall\ndata: {{"sheet":1,"rows":1,"tiles":{tiles}}}\n\n'
    said = narrowed(message, lambda key: key == CameraKey("c", "d"))
    assert said.startswith("event: wall\ndata: ")
    assert data_of(said)["tiles"] == [["", "", "", None], ["c/d", "live", "none", 2]]
