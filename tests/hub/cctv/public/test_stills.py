"""Public stills: of marked cameras only, without an account, kept by caches, never old, never video."""

import pytest

from hub.cctv.public.views import OLDEST
from hub.people.permissions import Role
from hub.places.models import CityCamera
from tests.hub.screens import Screens

STILL = "/cctv-publik/pi-jawi/utara.jpg"


@pytest.fixture
def open_city(city: Screens) -> Screens:
    with city.database.writing() as db:
        for key in (("pi-jawi", "utara"), ("pi-tugu", "sungai")):
            db.get_one(CityCamera, key).is_public = True
    return city


def test_a_stranger_sees_what_is_marked_and_nothing_else(open_city: Screens) -> None:
    stranger = open_city.stranger()
    page = stranger.get("/cctv-publik")
    assert page.status_code == 200
    assert "Lengan utara" in page.text
    assert "Lengan selatan" not in page.text
    assert "Tidak ada gambar saat ini" in page.text, "the camera without a still says so"
    for word in ("<script", "<video", "langsung.mp4", "/kamera/"):
        assert word not in page.text
    picture = stranger.get(STILL)
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in picture.headers


@pytest.mark.parametrize("path", ["pi-jawi/selatan", "pi-jawi/hantu", "pi-tugu/sungai", "pi-tugu/plaza"])
def test_of_every_other_camera_there_is_none(open_city: Screens, path: str) -> None:
    admin = open_city.signed_in(Role.ADMIN)
    for client in (open_city.stranger(), admin):
        assert client.get(f"/cctv-publik/{path}.jpg").status_code == 404


def test_caches_keep_it_for_ten_seconds_and_are_told_when_nothing_changed(open_city: Screens) -> None:
    stranger = open_city.stranger()
    for path in (STILL, "/cctv-publik"):
        first = stranger.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=10"
        again = stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    signed_in = open_city.signed_in(Role.ADMIN).get(STILL)
    assert signed_in.headers["Cache-Control"] == "public, max-age=10", "whoever asks first"


def test_an_old_picture_is_not_shown_as_the_present(open_city: Screens) -> None:
    open_city.clock.advance(seconds=OLDEST.total_seconds() + 5)
    stranger = open_city.stranger()
    assert stranger.get(STILL).status_code == 404
    assert stranger.get("/cctv-publik").text.count("Tidak ada gambar saat ini") == 2


def test_a_camera_that_was_taken_out_is_no_longer_public(open_city: Screens) -> None:
    with open_city.database.writing() as db:
        db.get_one(CityCamera, ("pi-jawi", "utara")).is_retired = True
    assert open_city.stranger().get(STILL).status_code == 404
    assert "Lengan utara" not in open_city.stranger().get("/cctv-publik").text


def test_a_kecamatan_can_be_chosen_and_an_empty_city_says_so(open_city: Screens, screens: Screens) -> None:
    page = open_city.stranger().get("/cctv-publik?kecamatan=Pontianak+Kota")
    assert 'aria-current="page">Pontianak Kota' in page.text
    none = open_city.stranger().get("/cctv-publik?kecamatan=Tidak+Ada")
    assert "Belum ada kamera yang dibuka" in none.text
