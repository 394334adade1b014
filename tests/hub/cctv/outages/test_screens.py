"""Outages on screen: what is open and was, one outage with its ticket, maintenance, availability."""

import csv
import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.cctv.outages.models import FaultTicket, MaintenanceWindow, Outage, OutageCamera, TicketNote
from hub.people.models import Opd
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens, post


@pytest.fixture
def operator(broken: Screens) -> FlaskClient:
    return broken.signed_in(Role.OPERATOR)


def outage_at(screens: Screens, key: str) -> Outage:
    with screens.database.reading() as db:
        return db.scalars(select(Outage).where(Outage.key == key)).one()


def records(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_the_list_names_each_root_once_with_its_cause(broken: Screens, operator: FlaskClient) -> None:
    page = operator.get("/gangguan").text
    assert "Tugu Khatulistiwa" in page
    assert "belum jelas" in page
    assert "hampir pasti" in page
    rows = {row["Tempat"]: row for row in records(operator.get("/gangguan/daftar.csv").text)}
    # The camera that had refused before keeps its own.
    assert set(rows) == {"Tugu Khatulistiwa", "Tepi Kapuas", "Lengan utara", "Lengan selatan"}
    tugu = rows["Tugu Khatulistiwa"]
    assert (tugu["Jangkauan"], tugu["Kamera"], tugu["Sebab"]) == ("titik", "1", "belum jelas")
    assert rows["Lengan utara"]["Sebab"] == "kamera"
    assert rows["Lengan utara"]["Tiket"].startswith("GGN-2026-")


def test_filters_narrow_list_and_files_alike(operator: FlaskClient) -> None:
    query = "?sebab=kamera&pemilik=Dinas+Perhubungan".replace("kamera", "camera")
    assert [row["Tempat"] for row in records(operator.get(f"/gangguan/daftar.csv{query}").text)] == [
        "Lengan utara"
    ]
    book = openpyxl.load_workbook(io.BytesIO(operator.get(f"/gangguan/daftar.xlsx{query}").data))
    assert [row[2].value for row in list(book.active.iter_rows())[3:]] == ["Lengan utara"]
    assert "Hapus saringan" in operator.get(f"/gangguan{query}&hari=7").text
    assert "cocok dengan saringan" in operator.get("/gangguan?sebab=link&hari=abc").text


def test_one_outage_says_its_evidence_in_words(broken: Screens, operator: FlaskClient) -> None:
    page = operator.get(f"/gangguan/{outage_at(broken, 'tugu').id}").text
    assert "hilang tanpa pesan: media atau listrik" in page
    assert "Pelataran tugu" in page
    assert "gangguan dibuka" in page
    assert operator.get("/gangguan/99999").status_code == 404


def test_a_ticket_is_worked_on_and_remembers_who(broken: Screens, operator: FlaskClient) -> None:
    number = outage_at(broken, "tugu").id
    page, path = f"/gangguan/{number}", f"/gangguan/{number}/tiket"
    assert post(operator, path, page, keadaan="assigned", petugas="").status_code == 303
    assert "tulis siapa yang ditugaskan" in operator.get(page).text
    post(operator, path, page, keadaan="recovered", petugas="Budi")
    assert "dicatat sendiri" in operator.get(page).text
    post(operator, path, page, keadaan="in-field", petugas="Budi", catatan="naik tiang")
    assert "naik tiang" in operator.get(page).text
    post(operator, path, page, keadaan="in-field", petugas="Budi")
    assert "belum ada yang berubah" in operator.get(page).text
    with broken.database.reading() as db:
        ticket = db.scalars(select(FaultTicket).where(FaultTicket.outage == number)).one()
        newest = db.scalars(select(TicketNote).order_by(TicketNote.id.desc())).first()
    assert (ticket.state, ticket.assignee) == ("in-field", "Budi")
    assert newest is not None
    assert newest.by.startswith("petugas")


def test_only_those_who_may_work_on_tickets(broken: Screens) -> None:
    stranger = broken.signed_in(Role.EXECUTIVE)
    number = outage_at(broken, "tugu").id
    assert "ticket-form" not in stranger.get(f"/gangguan/{number}").text
    answer = post(stranger, f"/gangguan/{number}/tiket", f"/gangguan/{number}", catatan="x")
    assert answer.status_code == 404
    assert post(stranger, "/perawatan", "/perawatan", tempat="tugu").status_code == 404


def test_a_technician_works_on_the_tickets_of_his_own_points_alone(broken: Screens) -> None:
    away = broken.signed_in(Role.TECHNICIAN, kind=ScopeKind.SITE, scope="balai")
    at_home = broken.signed_in(Role.TECHNICIAN, kind=ScopeKind.SITE, scope="tugu")
    page = f"/gangguan/{outage_at(broken, 'tugu').id}"
    assert post(away, f"{page}/tiket", "/perawatan", catatan="bukan titik saya").status_code == 404
    with broken.database.reading() as db:
        assert not db.scalars(select(TicketNote).where(TicketNote.text == "bukan titik saya")).all()
    assert "ticket-form" in at_home.get(page).text
    assert post(at_home, f"{page}/tiket", page, catatan="naik tiang").status_code == 303


def test_a_shared_outage_names_the_cameras_within_reach_alone(city: Screens) -> None:
    now = city.clock()
    with city.database.writing() as db:
        db.add(Opd(number=77, name="Dinas Perhubungan"))
        shared = Outage(scope="point", key="jawi", site="jawi", cause="power", began_at=now, facts="{}")
        db.add(shared)
        db.flush()
        for camera in ("selatan", "utara"):
            db.add(
                OutageCamera(outage=shared.id, device="pi-jawi", camera=camera, is_dark=True, began_at=now)
            )
        page = f"/gangguan/{shared.id}"
    owner = city.signed_in(Role.EXECUTIVE, kind=ScopeKind.OPD, scope="77")
    for path in ("/gangguan", page, "/gangguan/daftar.csv"):
        text = owner.get(path).text
        assert "Lengan selatan" not in text, path
        assert "pi-jawi/selatan" not in text, path
    assert "Lengan utara" in owner.get(page).text
    (row,) = records(owner.get("/gangguan/daftar.csv").text)
    assert (row["Kamera"], row["Nama kamera"]) == ("1", "Lengan utara")
    assert "Lengan selatan" in city.signed_in(Role.OPERATOR).get(page).text


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1969-12", "2101-01"])
def test_a_month_out_of_this_time_is_the_present_one(city: Screens, month: str) -> None:
    operator = city.signed_in(Role.OPERATOR)
    for page in ("/ketersediaan", "/kamera/pi-jawi/utara/ketersediaan"):
        answer = operator.get(f"{page}?bulan={month}")
        assert answer.status_code == 200
        assert "bulan=2026-10" in answer.text, "the month before this one"


def announce(client: FlaskClient, **typed: str) -> tuple[int, str]:
    fields = {
        "tempat": "jawi/pi-jawi/selatan",
        "mulai": "2026-11-21T10:00",
        "selesai": "2026-11-21T12:00",
        "sebab": "ganti lensa",
    }
    answer = post(client, "/perawatan", "/perawatan", **(fields | typed))
    return answer.status_code, answer.text


def test_maintenance_is_announced_shown_and_ended(broken: Screens, operator: FlaskClient) -> None:
    assert announce(operator)[0] == 303
    page = operator.get("/perawatan").text
    assert "ganti lensa" in page
    assert "berlangsung" in page
    assert (
        "Perawatan" in re.findall(r'<tr id="kamera-pi-jawi-selatan".*?</tr>', operator.get("/cctv").text)[0]
    )
    with broken.database.reading() as db:
        number = db.scalars(select(MaintenanceWindow.id).where(MaintenanceWindow.site == "jawi")).one()
    assert post(operator, f"/perawatan/{number}/akhiri", "/perawatan").status_code == 303
    assert "selesai" in operator.get("/perawatan").text
    assert post(operator, f"/perawatan/{number}/akhiri", "/perawatan").status_code == 303
    assert post(operator, "/perawatan/999/akhiri", "/perawatan").status_code == 404
    assert operator.get("/perawatan?tempat=tugu").text.count('value="tugu" selected') == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"selesai": "2026-11-21T09:00"}, "sesudah waktu mulai"),
        ({"mulai": "2026-11-20T09:00", "selesai": "2026-11-20T10:00"}, "sudah lewat"),
        ({"selesai": "2027-11-21T09:00"}, "paling lama"),
        ({"sebab": "  "}, "pekerjaan apa"),
        ({"mulai": "besok"}, "waktu tidak terbaca"),
        ({"tempat": "tidak-ada"}, "titik itu tidak ada"),
        ({"tempat": "tugu/pi-jawi"}, "perangkat itu tidak ada"),
        ({"tempat": "jawi/pi-jawi/barat"}, "kamera itu tidak ada"),
    ],
)
def test_what_makes_no_window_is_said(operator: FlaskClient, typed: dict[str, str], why: str) -> None:
    status, page = announce(operator, **typed)
    assert (status, why in page) == (422, True)


def test_availability_by_camera_point_and_owner_has_the_same_numbers_in_its_files(
    broken: Screens, operator: FlaskClient
) -> None:
    page = operator.get("/ketersediaan").text
    assert "Pelataran tugu" in page
    rows = {row["Nama"]: row for row in records(operator.get("/ketersediaan/daftar.csv").text)}
    assert float(rows["Pelataran tugu"]["Ketersediaan (%)"]) < 20
    assert float(rows["Lobi"]["Ketersediaan (%)"]) == 100
    # A covered lens is no darkness.
    assert float(rows["Lengan selatan"]["Ketersediaan (%)"]) == 100
    points = records(operator.get("/ketersediaan/daftar.csv?menurut=titik").text)
    assert {row["Nama"] for row in points} >= {"Tugu Khatulistiwa", "Semua"}
    owners = records(operator.get("/ketersediaan/daftar.csv?menurut=pemilik&bulan=2026-11").text)
    assert "Dinas Perhubungan" in {row["Nama"] for row in owners}
    book = openpyxl.load_workbook(io.BytesIO(operator.get("/ketersediaan/daftar.xlsx").data))
    assert book.active.cell(row=1, column=1).value == "Ketersediaan kamera 2026-11"
    assert "Belum ada yang tercatat" in operator.get("/ketersediaan?bulan=2026-01&menurut=apa").text


def test_a_camera_has_its_strips(operator: FlaskClient) -> None:
    page = operator.get("/kamera/pi-tugu/plaza/ketersediaan").text
    assert 'class="strip-down"' in page
    assert 'class="strip-unknown"' in page
    assert page.count('class="strip"') == 1 + 21
    assert "gangguan" in page
    other = operator.get("/kamera/pi-balai/lobi/ketersediaan?bulan=2026-10").text
    assert "Tidak ada pada bulan ini" in other


def test_an_empty_city_has_calm_pages(screens: Screens) -> None:
    client = screens.signed_in(Role.OPERATOR)
    assert "Tidak ada gangguan" in client.get("/gangguan").text
    assert "Belum ada perawatan" in client.get("/perawatan").text
    assert "Belum ada kamera" in client.get("/ketersediaan").text
