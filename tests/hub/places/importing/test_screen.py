"""Importing on screen: checked first, written when told, all or nothing, the preview kept."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from hub.people.permissions import Role
from hub.places.importing.files import Upload
from hub.places.models import CityCamera, Site
from tests.hub.places.importing.tables import CAMERAS, SITES, book_upload, csv_upload
from tests.hub.screens import Screens, csrf_of, post

PAGE = "/inventaris/impor"


@pytest.fixture
def admin(city: Screens) -> FlaskClient:
    return city.signed_in(Role.ADMIN, name="siti")


def send(client: FlaskClient, *uploads: Upload) -> TestResponse:
    files = [FileStorage(io.BytesIO(one.data), one.name) for one in uploads]
    data = {"csrf_token": csrf_of(client, PAGE), "berkas": files}
    answer = client.post(f"{PAGE}/periksa", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    return client.get(PAGE)


def new_camera(*more: str) -> Upload:
    return csv_upload("kamera.csv", CAMERAS[0], "pi-tugu,baru,Baru,ptz,fiber,Dishub", *more)


def test_a_good_file_is_shown_and_then_written(city: Screens, admin: FlaskClient) -> None:
    page = send(admin, new_camera()).text
    assert "Terapkan 1 perubahan" in page
    with city.database.reading() as db:
        assert db.get(CityCamera, ("pi-tugu", "baru")) is None
    post(admin, f"{PAGE}/terapkan", PAGE)
    with city.database.reading() as db:
        assert db.get(CityCamera, ("pi-tugu", "baru")) is not None
        assert not db.get_one(CityCamera, ("pi-jawi", "utara")).is_retired
    assert "1 baris inventaris ditulis dari kamera.csv" in admin.get(PAGE).text
    assert "Hasil pemeriksaan" not in admin.get(PAGE).text


def test_what_is_gone_retires_with_the_tick_only(city: Screens, admin: FlaskClient) -> None:
    assert "Tidak disebut berkas" in send(admin, new_camera()).text
    post(admin, f"{PAGE}/terapkan", PAGE, pensiunkan="ya")
    with city.database.reading() as db:
        assert db.get_one(CityCamera, ("pi-jawi", "utara")).is_retired
        assert not db.get_one(Site, "jawi").is_retired


def test_with_a_bad_row_nothing_is_written_and_the_preview_stays(city: Screens, admin: FlaskClient) -> None:
    upload = csv_upload("titik.csv", SITES[0], "baru,Baru,Akcaya,-0.04,109.33", "b,B,Menteng,-6.2,106.8")
    page = send(admin, upload).text
    assert "titik 3" in page
    assert "di luar kota" in page
    assert "Terapkan" not in page
    post(admin, f"{PAGE}/terapkan", PAGE)
    with city.database.reading() as db:
        assert db.get(Site, "baru") is None
    page = admin.get(PAGE).text
    assert "1 baris salah; tidak ada yang ditulis" in page
    assert "di luar kota" in page
    listed = admin.get(f"{PAGE}/salah.csv").text
    assert "titik,3,lat,'-6.2,di luar kota" in listed


def test_several_csv_files_go_together(admin: FlaskClient) -> None:
    page = send(
        admin,
        csv_upload("titik.csv", SITES[0], "akcaya,Akcaya,Akcaya,-0.04,109.33"),
        csv_upload("perangkat.csv", "id,titik,nama", "pi-akcaya,akcaya,Pi"),
    ).text
    assert "titik.csv, perangkat.csv" in page
    assert "Terapkan 2 perubahan" in page


def test_a_file_that_is_none_takes_the_old_preview_away(admin: FlaskClient) -> None:
    send(admin, new_camera())
    page = send(admin, Upload("foto.jpg", b"\xff\xd8\xff\xe0 no table")).text
    assert "bukan" in page
    assert "Hasil pemeriksaan" not in page
    assert "Pilih dulu berkas" in send(admin).text


def test_the_example_is_offered_checked_and_loaded(city: Screens, admin: FlaskClient) -> None:
    book = admin.get(f"{PAGE}/contoh.xlsx")
    page = send(admin, Upload("contoh.xlsx", book.data)).text
    assert "Terapkan 249 perubahan" in page
    post(admin, f"{PAGE}/contoh", PAGE)
    assert "contoh-147-kamera.xlsx" in admin.get(PAGE).text
    post(admin, f"{PAGE}/terapkan", PAGE, pensiunkan="ya")
    page = admin.get("/inventaris?tabel=kamera").text
    assert page.count('scope="row"') == 147
    assert "147" in admin.get("/cctv").text


def test_a_preview_is_discarded_and_runs_out(city: Screens, admin: FlaskClient) -> None:
    send(admin, new_camera())
    post(admin, f"{PAGE}/buang", PAGE)
    assert "Hasil pemeriksaan" not in admin.get(PAGE).text
    send(admin, new_camera())
    other = city.signed_in(Role.ADMIN)
    assert "Hasil pemeriksaan" not in other.get(PAGE).text
    city.clock.advance(hours=25)
    later = city.signed_in(Role.ADMIN, name="siti2")
    post(later, f"{PAGE}/terapkan", PAGE)
    assert "unggah lagi" in later.get(PAGE).text


def test_a_workbook_with_formulas_is_told_on_the_page(admin: FlaskClient) -> None:
    rows: list[list[Any]] = [SITES[0].split(","), ["tugu", "Tugu", "Batu Layang", "=A1", 109.3]]
    assert "tempel sebagai nilai" in send(admin, book_upload({"titik": rows})).text


def test_mistakes_of_nothing_are_an_empty_table(admin: FlaskClient) -> None:
    assert len(admin.get(f"{PAGE}/salah.csv").text.splitlines()) == 1
