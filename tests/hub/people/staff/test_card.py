"""The card of an employee: what is changed there, said there, and refused there."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from edge.wire.hadir.pin import is_pin
from hub.people.badges.service import badges_of
from hub.people.models import PersonAccount
from hub.people.permissions import Role
from hub.people.signing_in.passwords import hash_password
from hub.people.staff.changes import placements_of
from tests.hub.people.staff.conftest import TODAY, Personnel, said, send
from tests.hub.screens import PASSWORD


def test_a_name_is_changed_and_a_bad_one_refused(personnel: Personnel) -> None:
    client = personnel.officer()
    assert "Nama diganti" in said(client, send(client, "/kepegawaian/101/nama", nama="Siti Nur"))
    assert personnel.person(101).short_name == "Siti Nur"
    assert "Isi nama 1-20 huruf" in said(client, send(client, "/kepegawaian/101/nama", nama="W" * 21))
    assert personnel.person(101).short_name == "Siti Nur"


def test_a_person_without_a_phone_gets_badge_and_pin_and_loses_them(personnel: Personnel) -> None:
    personnel.give_signing_key()
    client = personnel.officer()
    refused = said(client, send(client, "/kepegawaian/101/kartu/baru", yakin="ya"))
    assert "hanya untuk pegawai aktif bertanda tanpa ponsel" in refused
    said(client, send(client, "/kepegawaian/101/tanpa-ponsel", tanpa="ya"))
    page = said(client, send(client, "/kepegawaian/101/kartu/baru", yakin="ya"))
    assert "101-1" in page
    assert "Kartu 101-9 tidak ada" in said(
        client, send(client, "/kepegawaian/101/kartu/cabut", kartu="9", alasan="hilang", yakin="ya")
    )
    assert "dicabut" in said(
        client, send(client, "/kepegawaian/101/kartu/cabut", kartu="1", alasan="hilang", yakin="ya")
    )
    with personnel.writing() as db:
        assert [badge.reason for badge in badges_of(db, 101)] == ["hilang"]
    assert "tidak lagi diizinkan" in said(
        client, send(client, "/kepegawaian/101/tanpa-ponsel", tanpa="tidak", yakin="ya")
    )
    assert not personnel.person(101).may_use_badge


def test_a_new_pin_is_shown_once(personnel: Personnel) -> None:
    client = personnel.officer()
    assert send(client, "/kepegawaian/101/pin").status_code == 303
    assert personnel.person(101).pin_hash is None
    answer = send(client, "/kepegawaian/101/pin", buat="ya")
    assert answer.status_code == 200
    pin = answer.get_data(as_text=True).split('<p class="secret-text">')[1].split("<")[0]
    kept = personnel.person(101).pin_hash
    assert kept is not None
    assert is_pin(pin, kept)
    assert pin not in client.get("/kepegawaian/101").get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_is_placed_where_the_viewer_manages_and_nowhere_else(personnel: Personnel) -> None:
    client = personnel.officer()
    place = "/kepegawaian/101/penempatan"
    assert "Penempatan dicatat" in said(client, send(client, place, tempat="1-12", mulai="2026-11-20"))
    for wrong in ("2-21", "2-0", "9-0", "x", "", "1-21"):
        page = said(client, send(client, place, tempat=wrong, mulai="2026-11-21"))
        assert "OPD itu tidak ada" in page or "bukan bagian OPD" in page, wrong
    assert "Isi tanggal sebagai" in said(client, send(client, place, tempat="1-12", mulai="besok"))
    with personnel.writing() as db:
        newest = placements_of(db, 101)[0]
    assert (newest.opd, newest.unit, newest.valid_from) == (1, 12, date(2026, 11, 20))
    admin = personnel.admin()
    assert "Penempatan dicatat" in said(admin, send(admin, place, tempat="2-21", mulai="2026-11-21"))
    assert client.get("/kepegawaian/101").status_code == 404, "who went to another OPD is theirs now"


def test_who_leaves_is_listed_among_those_who_left(personnel: Personnel) -> None:
    client = personnel.officer()
    page = said(client, send(client, "/kepegawaian/101/keluar", terakhir=TODAY.isoformat(), yakin="ya"))
    assert "Pintu menolak kodenya" in page
    assert "Kembali bekerja" in page
    assert "Pegawai 101" not in client.get("/kepegawaian").get_data(as_text=True)
    assert "Pegawai 101" in client.get("/kepegawaian?keadaan=keluar").get_data(as_text=True)
    later = (TODAY + timedelta(days=40)).isoformat()
    said(client, send(client, "/kepegawaian/102/keluar", terakhir=later, yakin="ya"))
    assert personnel.person(102).is_active


@pytest.mark.parametrize("number", [0, 999, 2**40])
def test_nobody_has_no_card(personnel: Personnel, number: int) -> None:
    assert personnel.admin().get(f"/kepegawaian/{number}").status_code == 404


def test_the_list_is_filtered_by_units_of_the_one_opd(personnel: Personnel) -> None:
    with personnel.writing() as db:
        personnel.changes(db).place(107, opd=1, unit=12, since=date(2026, 11, 1))
    client = personnel.officer()
    page = client.get("/kepegawaian?unit=12").get_data(as_text=True)
    assert '<option value="12" selected>Sekretariat</option>' in page
    assert "Pegawai 107" in page
    assert "Pegawai 101" not in page
    admin = personnel.admin()
    assert 'name="unit"' not in admin.get("/kepegawaian").get_data(as_text=True)
    assert 'name="unit"' in admin.get("/kepegawaian?opd=1").get_data(as_text=True)
    left = said(client, send(client, "/kepegawaian/kode", semua="ya", unit="99"))
    assert "Pilih dulu pegawainya" in left


def test_the_list_as_a_file_says_the_same(personnel: Personnel) -> None:
    client = personnel.officer()
    book = openpyxl.load_workbook(io.BytesIO(client.get("/kepegawaian.xlsx?cari=101").data)).active
    assert [row[:2] for row in book.values][1:] == [(101, "Pegawai 101")]
    text = client.get("/kepegawaian.csv?cari=101").get_data(as_text=True)
    head, line = text.removeprefix("\ufeff").splitlines()
    assert head.startswith("nomor,nama,opd,nama opd,unit")
    assert (
        line == "101,Pegawai 101,1,Dinas Komunikasi dan Informatika,11,Bidang Aplikasi,ya,0,0,tidak,,,tidak,"
    )


class TestOwnPin:
    """An employee sets the PIN of the own badge."""

    def linked(self, personnel: Personnel) -> object:
        client = personnel.screens.signed_in(Role.EMPLOYEE, name="siti")
        account = personnel.account("siti")
        with personnel.writing() as db:
            db.add(PersonAccount(account_id=account.id, person_number=101))
            db.merge(account).password_hash = hash_password(PASSWORD)
        return client

    def test_it_is_kept_when_password_and_repetition_are_right(self, personnel: Personnel) -> None:
        client = self.linked(personnel)
        good = {"sandi": PASSWORD, "pin": "4821", "ulang": "4821"}
        for wrong, words in (
            ({"sandi": "x"}, "Kata sandi salah"),
            ({"ulang": "4822"}, "Kedua PIN tidak sama"),
            ({"pin": "1111", "ulang": "1111"}, "mudah ditebak"),
            ({"pin": "48a1", "ulang": "48a1"}, "4 sampai 6 angka"),
        ):
            assert words in said(client, send(client, "/pin", **(good | wrong)))  # type: ignore[arg-type]
        assert personnel.person(101).pin_hash is None
        assert "PIN disimpan" in said(client, send(client, "/pin", **good))  # type: ignore[arg-type]
        kept = personnel.person(101).pin_hash
        assert kept is not None
        assert is_pin("4821", kept)

    def test_an_account_that_is_nobodys_has_none(self, personnel: Personnel) -> None:
        client = personnel.screens.signed_in(Role.EMPLOYEE)
        assert "belum dihubungkan" in client.get("/pin").get_data(as_text=True)
        assert "belum dihubungkan" in said(client, send(client, "/pin", pin="4821"))


@pytest.mark.parametrize(
    ("action", "fields"),
    [("keluar", {"terakhir": TODAY.isoformat()}), ("kartu/baru", {}), ("kartu/cabut", {"kartu": "1"})],
)
def test_what_cannot_be_taken_back_needs_the_tick(
    personnel: Personnel, action: str, fields: dict[str, str]
) -> None:
    client = personnel.officer()
    answer = send(client, f"/kepegawaian/101/{action}", **fields)
    assert answer.status_code == 422
    assert "Saya yakin" in answer.get_data(as_text=True)
    assert personnel.person(101).is_active


def test_a_second_pin_needs_the_tick(personnel: Personnel) -> None:
    client = personnel.officer()
    assert send(client, "/kepegawaian/101/pin", buat="ya").status_code == 200
    kept = personnel.person(101).pin_hash
    assert send(client, "/kepegawaian/101/pin", buat="ya").status_code == 422
    assert personnel.person(101).pin_hash == kept
    assert send(client, "/kepegawaian/101/pin", buat="ya", yakin="ya").status_code == 200


def test_the_last_day_is_not_filled_in(personnel: Personnel) -> None:
    page = personnel.officer().get("/kepegawaian/101").get_data(as_text=True)
    assert 'name="terakhir" type="date" required' in page
