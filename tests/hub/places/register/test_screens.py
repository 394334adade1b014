"""The inventory on screen: lists by what one sees, the entry of a camera, owners from a day on."""

import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.people.models import AuditEntry, Opd
from hub.people.permissions import Role, ScopeKind
from hub.places.models import CameraOwner, CityCamera
from tests.hub.screens import Screens, post

CAMERA = "/inventaris/kamera/pi-jawi/utara"


@pytest.fixture
def admin(city: Screens) -> FlaskClient:
    return city.signed_in(Role.ADMIN, name="siti")


def noted(city: Screens, action: str) -> list[tuple[str, str, str]]:
    with city.database.reading() as db:
        rows = db.scalars(select(AuditEntry).where(AuditEntry.action == action))
        return [(row.actor, row.object, row.detail) for row in rows]


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("titik", "0.000000, 109.322200"),
        ("perangkat", "pi-tugu"),
        ("kamera", "pi-jawi/utara"),
        ("pintu", "pi-balai/"),
        ("sensor", "water_level_m"),
        ("apa saja", "0.000000"),
    ],
)
def test_each_list_shows_its_rows(admin: FlaskClient, table: str, shown: str) -> None:
    answer = admin.get("/inventaris", query_string={"tabel": table})
    assert answer.status_code == 200
    assert shown in answer.text


def test_a_list_is_searched_and_filtered(admin: FlaskClient) -> None:
    def rows(**query: str) -> int:
        return admin.get("/inventaris", query_string={"tabel": "kamera", **query}).text.count('scope="row"')

    everything = rows()
    assert rows(cari="kapuas") == 1
    assert rows(pemilik="Dinas Perhubungan") == 1
    assert 0 < rows(kecamatan="Pontianak Utara") < everything
    assert rows(pensiun="ya") == 0
    assert "Tidak ada yang cocok" in admin.get("/inventaris?tabel=kamera&cari=tidakada").text


def test_an_empty_inventory_leads_to_the_import(screens: Screens) -> None:
    assert "/inventaris/impor" in screens.signed_in(Role.ADMIN).get("/inventaris").text
    assert "/inventaris/impor" not in screens.signed_in(Role.TECHNICIAN).get("/inventaris").text


def test_files_are_what_one_sees(city: Screens, admin: FlaskClient) -> None:
    text = admin.get("/inventaris/unduh.csv?tabel=kamera").text
    assert text.startswith("\ufeffperangkat,id,nama,jenis,media,pemilik")
    book = openpyxl.load_workbook(io.BytesIO(admin.get("/inventaris/unduh.xlsx").data))
    assert book.sheetnames == ["titik", "perangkat", "kamera", "pintu", "sensor"]
    lurah = city.signed_in(Role.TECHNICIAN, kind=ScopeKind.KELURAHAN, scope="61.71.04.1004")
    seen = lurah.get("/inventaris/unduh.csv?tabel=kamera").text
    assert "pi-tugu" in seen
    assert "pi-jawi" not in seen
    assert "pi-jawi" not in lurah.get("/inventaris?tabel=perangkat").text
    assert lurah.get(CAMERA).status_code == 404


def test_an_opd_sees_its_cameras_and_their_points(city: Screens) -> None:
    with city.database.writing() as db:
        db.add(Opd(number=77, name="Dinas Perhubungan"))
    client = city.signed_in(Role.TECHNICIAN, kind=ScopeKind.OPD, scope="77")
    assert client.get("/inventaris?tabel=kamera").text.count('scope="row"') == 1
    assert client.get("/inventaris?tabel=titik").text.count('scope="row"') == 1
    assert client.get("/inventaris?tabel=sensor").text.count('scope="row"') == 0


def test_a_camera_is_edited_and_noted(city: Screens, admin: FlaskClient) -> None:
    answer = post(
        admin,
        f"{CAMERA}/simpan",
        CAMERA,
        nama="Lengan  utara baru",
        jenis="tetap",
        media="nirkabel",
        arah_derajat="0",
        sudut_derajat="70",
        jangkauan_m="",
        switch="sw 1",
        tujuan="keputusan",
        publik="ya",
    )
    assert answer.status_code == 303
    with city.database.reading() as db:
        row = db.get_one(CityCamera, ("pi-jawi", "utara"))
        assert (row.name, row.kind, row.medium) == ("Lengan utara baru", "fixed", "wireless")
        assert (row.heading_deg, row.field_of_view_deg, row.view_range_m) == (0.0, 70.0, None)
        assert (row.purposes, row.is_public, row.network_switch) == ("decision", True, "sw 1")
        assert db.scalars(select(CameraOwner.owner).where(CameraOwner.camera == "utara")).all() == [
            "Dinas Perhubungan"
        ]
    ((actor, target, detail),) = noted(city, "camera.inventory")
    assert (actor, target) == ("siti", "camera:pi-jawi/utara")
    assert "jenis: ptz -> fixed" in detail
    page = admin.get(CAMERA).text
    assert 'value="Lengan utara baru"' in page
    again = post(admin, f"{CAMERA}/simpan", CAMERA, tujuan="keputusan", publik="ya")
    assert again.status_code == 303
    assert len(noted(city, "camera.inventory")) == 1, "nothing changed, nothing noted"


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        ("simpan", {"arah_derajat": "400"}, "arah_derajat: isi 0 sampai 359.9"),
        ("simpan", {"nama": " "}, "nama: isi 1 sampai 80 huruf"),
        ("pemilik", {"pemilik": "Dinas Sosail", "pemilik_sejak": "2026-12-01"}, "mungkin Dinas Sosial"),
        ("pemilik", {"pemilik": "Dinsos", "pemilik_sejak": "2001-01-01"}, "lebih awal daripada"),
        ("pemilik", {"pemilik": "Dinsos", "pemilik_sejak": "besok"}, "isi tanggal"),
    ],
)
def test_a_wrong_cell_is_named_and_what_was_typed_stays(
    city: Screens, admin: FlaskClient, path: str, fields: dict[str, str], told: str
) -> None:
    before = city.dump()["camera"]
    answer = post(admin, f"{CAMERA}/{path}", CAMERA, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert city.dump()["camera"] == before


def test_an_owner_moves_from_a_day_on_and_the_page_tells_the_history(
    city: Screens, admin: FlaskClient
) -> None:
    for owner, since in (("Dinas Sosial (lama)", "2026-11-21"), ("Diskominfo", "2026-12-01")):
        assert post(admin, f"{CAMERA}/pemilik", CAMERA, pemilik=owner, pemilik_sejak=since).status_code == 303
    page = admin.get(CAMERA).text
    assert page.index("Diskominfo") < page.index("Dinas Sosial (lama)") < page.rindex("Dinas Perhubungan")
    assert "akan datang" in page
    listed = admin.get("/inventaris?tabel=kamera&pemilik=Dinas Sosial (lama)").text
    assert "pi-jawi/utara" in listed, "until the day"
    assert len(noted(city, "camera.inventory")) == 2


def test_a_camera_retires_with_a_tick_and_comes_back(city: Screens, admin: FlaskClient) -> None:
    assert post(admin, f"{CAMERA}/pensiun", CAMERA).status_code == 422
    assert post(admin, f"{CAMERA}/pensiun", CAMERA, yakin="ya").status_code == 303
    assert "pi-jawi/utara" not in admin.get("/cctv").text
    assert "pensiun" in admin.get(CAMERA).text
    assert "pi-jawi/utara" in admin.get("/inventaris?tabel=kamera&pensiun=ya").text
    refused = post(admin, f"{CAMERA}/simpan", CAMERA, nama="Lain")
    assert (refused.status_code, "kembalikan dulu" in refused.text) == (422, True)
    assert post(admin, f"{CAMERA}/kembali", CAMERA).status_code == 303
    assert "pi-jawi/utara" in admin.get("/cctv").text
    assert [len(noted(city, f"camera.{what}")) for what in ("retire", "restore")] == [1, 1]


def test_who_may_only_look_gets_no_forms(city: Screens) -> None:
    page = city.signed_in(Role.TECHNICIAN).get(CAMERA)
    assert page.status_code == 200
    assert "Pindahkan" not in page.text
    assert "Pensiunkan" not in page.text


def test_what_is_not_there_is_404(admin: FlaskClient) -> None:
    assert admin.get("/inventaris/kamera/pi-jawi/barat").status_code == 404
    for act in ("simpan", "pemilik", "pensiun", "kembali"):
        answer = post(admin, f"/inventaris/kamera/pi-jawi/barat/{act}", CAMERA, yakin="ya")
        assert answer.status_code == 404, act
