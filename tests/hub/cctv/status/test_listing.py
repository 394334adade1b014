"""The list of cameras: those that need somebody first, the same rows on screen, as CSV and as a workbook."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient

from hub.cctv.rules import CameraState
from hub.cctv.service import list_cameras
from hub.cctv.status.listing import rows_of
from hub.people.permissions import Role
from tests.hub.screens import Screens


@pytest.fixture
def operator(city: Screens) -> FlaskClient:
    return city.signed_in(Role.OPERATOR)


def names(text: str) -> list[str]:
    return [row["Kamera"] for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))]


def test_what_needs_somebody_comes_first_and_the_longest_dark_foremost(city: Screens) -> None:
    now = city.clock() + timedelta(hours=1)
    with city.database.reading() as db:
        cameras = list_cameras(db, now)
    rows = rows_of(cameras, {})
    places = [list(CameraState).index(row.state) for row in rows]
    assert len(rows) == len(cameras)
    live = [row for row in rows if row.state is CameraState.LIVE]
    assert list(rows[len(rows) - len(live) :]) == live, places
    dark = [row.dark_s(now) for row in rows if row.state is CameraState.OFFLINE]
    assert dark == sorted(dark, key=lambda lasts_s: -(lasts_s or 0))
    assert all(row.dark_s(now) is None for row in live)


def test_filters_narrow_all_three_alike(operator: FlaskClient) -> None:
    everything = names(operator.get("/cctv/daftar.csv").text)
    page = operator.get("/cctv").text
    assert all(name in page for name in everything)
    query = "?jenis=ptz&pemilik=Dinas+Perhubungan"
    few = names(operator.get(f"/cctv/daftar.csv{query}").text)
    assert few == ["Lengan utara"]
    assert operator.get(f"/cctv{query}").text.count('<tr id="') == 1
    book = openpyxl.load_workbook(io.BytesIO(operator.get(f"/cctv/daftar.xlsx{query}").data))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0][0] == "Keadaan kamera"
    assert [row[0] for row in cells[3:]] == few


def test_one_may_look_for_a_name(operator: FlaskClient) -> None:
    assert names(operator.get("/cctv/daftar.csv?cari=LENGAN+UTARA").text) == ["Lengan utara"]
    page = operator.get("/cctv?cari=tidak+ada+ini").text
    assert "Tidak ada kamera yang cocok" in page
    assert "Hapus saringan" in page


def test_an_empty_city_says_what_to_do(screens: Screens) -> None:
    assert "pontive-hub places load" in screens.signed_in(Role.OPERATOR).get("/cctv").text
