"""Leave and shifts from files: every bad row is named, nothing is written before all are good."""

import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.errors import InputError
from hub.hadir.editing.files.leave import LeaveFile, load_leave, read_leave
from hub.hadir.editing.files.people import KnownPeople
from hub.hadir.editing.files.shifts import ShiftFile, load_shifts, read_shifts
from hub.hadir.models import PersonLeave, WorkShift
from hub.people.importing.nip import nip_digest
from hub.people.models import AuditEntry, Opd, Person, PersonNip, Placement
from hub.people.permissions import Role
from hub.people.reach import Reach
from hub.web.files.table_file import read_table
from tests.hub.hadir.conftest import MONDAY, NOW, WIB, Office, of_opd
from tests.hub.screens import Screens, csrf_of

KEY = "kunci"
TODAY = NOW.astimezone(WIB).date()
LEAVE = "nomor,nip,jenis,mulai,selesai,bagian,dokumen\n"
SHIFT = "nomor;tanggal;giliran;mulai;selesai;istirahat_mulai;istirahat_selesai\n"
NIP = "198701012010011002"


def known(office: Office, *opds: int) -> KnownPeople:
    reach = Reach(is_city=not opds, opds=frozenset(opds))
    with office.database.writing() as db:
        return KnownPeople(db, reach=reach, nip_key=KEY, today=TODAY)


def leave(office: Office, rows: str, *opds: int) -> LeaveFile:
    return read_leave(read_table((LEAVE + rows).encode(), "a.csv"), known(office, *opds), approver="t")


def shifts(office: Office, rows: str) -> ShiftFile:
    return read_shifts(read_table((SHIFT + rows).encode(), "a.csv"), known(office))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("999,,C,2026-11-16,2026-11-17,,", "tidak ada pegawai nomor 999"),
        ("x,,C,2026-11-16,2026-11-17,,", "nomor 'x' bukan nomor"),
        (",,C,2026-11-16,2026-11-17,,", "isi kolom nomor atau nip"),
        (",1.9E+17,C,2026-11-16,2026-11-17,,", "NIP '1.9E+17': kolom NIP rusak oleh Excel"),
        (f",{NIP},C,2026-11-16,2026-11-17,,", "NIP ini belum dikenal"),
        ("101,,X,2026-11-16,2026-11-17,,", "jenis 'X': pakai C, S"),
        ("101,,C,2026-11-17,2026-11-16,,", "tukar keduanya"),
        ("101,,C,kemarin,2026-11-16,,", "mulai 'kemarin' bukan tanggal"),
        ("101,,C,2026-11-16,2028-11-16,,", "periksa tahunnya"),
        ("101,,C,2026-11-16,2026-11-16,malam,", "pakai penuh, pagi, atau siang"),
        (
            "101,,C,2026-11-16,2026-11-16,,\n101,,S,2026-11-16,2026-11-16,,",
            "baris 3: nomor 101 dua kali",
        ),
    ],
)
def test_a_bad_row_of_leave_is_named(office: Office, row: str, words: str) -> None:
    (mistake,) = leave(office, row).mistakes
    assert words in mistake


def test_a_person_is_found_by_nip_and_only_within_reach(office: Office) -> None:
    with office.database.writing() as db:
        db.add(PersonNip(person_number=101, digest=nip_digest(KEY, NIP)))
    row = f",{NIP},C,2026-11-16,2026-11-17,,"
    assert leave(office, row).rows[0].person_number == 101
    assert leave(office, row, 1).mistakes == ()
    (mistake,) = leave(office, row, 2).mistakes
    assert "di luar kewenangan" in mistake


def test_leave_is_written_once_and_changed_by_the_same_row(office: Office) -> None:
    for kind in ("c", "S"):
        file = leave(office, f"101,,{kind},16/11/2026,17/11/2026,pagi,SK 1\n")
        with office.database.writing() as db:
            assert load_leave(db, file) == 1
    with office.database.reading() as db:
        (row,) = db.scalars(select(PersonLeave)).all()
        assert (row.kind, row.part) == ("S", "morning")
        with pytest.raises(InputError, match="baris 2"):
            load_leave(db, leave(office, "999,,C,2026-11-16,2026-11-17,,"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("999;2026-11-16;pagi;07:00;14:00;;", "tidak ada pegawai nomor 999"),
        ("101;2026-11-16;pagi;07:00;;;", "isi mulai dan selesai"),
        ("101;2026-11-16;pagi;07:00;14:00;12:00;", "kedua jam istirahat"),
        ("101;2026-11-16;pagi;7 pagi;14:00;;", "mulai '7 pagi' bukan jam"),
        ("101;2026-11-16;pagi;25:00;14:00;;", "bukan jam"),
        ("101;31/02/2026;pagi;07:00;14:00;;", "bukan tanggal"),
        ("101;2026-11-16;a;07:00;14:00;;\n101;16/11/2026;b;07:00;14:00;;", "baris 3: nomor 101 dua kali"),
    ],
)
def test_a_bad_row_of_shifts_is_named(office: Office, row: str, words: str) -> None:
    (mistake,) = shifts(office, row).mistakes
    assert words in mistake


def test_shifts_are_written_over_midnight_and_days_off_too(office: Office) -> None:
    file = shifts(
        office,
        "101;2026-11-16;malam;22.00;6:00;;\n101;2026-11-17;;;;;\n102;16/11/2026;;7:00;14:00;9:00;9:30\n",
    )
    with office.database.writing() as db:
        assert load_shifts(db, file) == 3
        assert load_shifts(db, file) == 3
    with office.database.reading() as db:
        rows = {
            (row.person_number, row.day.day): (row.name, row.hours) for row in db.scalars(select(WorkShift))
        }
        assert rows == {
            (101, 16): ("malam", '["22:00","06:00"]'),
            (101, 17): ("lepas giliran", None),
            (102, 16): ("giliran", '["07:00","14:00","09:00","09:30"]'),
        }
        with pytest.raises(InputError, match="baris 2"):
            load_shifts(db, shifts(office, "999;2026-11-16;;;;;"))


def send(client: FlaskClient, path: str, text: str, step: str, name: str = "a.csv") -> TestResponse:
    token = csrf_of(client, path)
    file = (io.BytesIO(text.encode()), name)
    return client.post(path, data={"csrf_token": token, "langkah": step, "berkas": file})


class TestScreens:
    """The pages around the files."""

    LEAVE_PATH, SHIFT_PATH = "/hadir/kelola/izin/impor", "/hadir/kelola/giliran/impor"

    def test_a_dry_run_names_every_bad_row_and_writes_nothing(self, city: Screens) -> None:
        client = city.signed_in(Role.PERSONNEL)
        before = city.dump()
        text = LEAVE + "101,,C,2026-11-16,2026-11-17,,\n999,,C,2026-11-16,2026-11-17,,\n101,,X,,,,\n"
        for step in ("periksa", "impor"):
            page = send(client, self.LEAVE_PATH, text, step).get_data(as_text=True)
            assert "1 baris baik, 2 baris salah." in page
            assert "baris 3: tidak ada pegawai nomor 999" in page
        page = send(client, self.LEAVE_PATH, LEAVE + "101,,C,2026-11-16,2026-11-17,,", "periksa")
        assert "pilih berkas yang sama dan tekan Impor" in page.get_data(as_text=True)
        after = city.dump()
        assert after["person_leave"] == before["person_leave"]

    def test_good_files_are_imported_and_written_down(self, city: Screens) -> None:
        client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
        sent = send(client, self.LEAVE_PATH, LEAVE + "101,,C,2026-11-16,2026-11-17,,", "impor")
        assert sent.status_code == 303
        assert "1 baris diimpor dari a.csv" in client.get(self.LEAVE_PATH).get_data(as_text=True)
        send(client, self.SHIFT_PATH, SHIFT + "102;2026-11-16;malam;22:00;06:00;;", "impor")
        with city.database.reading() as db:
            assert db.scalars(select(PersonLeave.person_number)).all() == [101]
            assert db.scalars(select(WorkShift.person_number)).all() == [102]
            actions = set(db.scalars(select(AuditEntry.action).where(AuditEntry.actor == "bkpsdm")))
        assert {"leave.import", "shifts.import"} <= actions

    def test_no_file_and_no_table_are_said(self, city: Screens) -> None:
        client = city.signed_in(Role.PERSONNEL)
        token = csrf_of(client, self.LEAVE_PATH)
        assert client.post(self.LEAVE_PATH, data={"csrf_token": token}).status_code == 303
        assert "Pilih berkas CSV atau XLSX." in client.get(self.LEAVE_PATH).get_data(as_text=True)
        send(client, self.SHIFT_PATH, "nomor\n101", "periksa")
        assert "kolom tanggal, mulai, selesai tidak ada" in client.get(self.SHIFT_PATH).get_data(as_text=True)

    def test_an_officer_of_another_opd_changes_nobody_here(self, city: Screens) -> None:
        with city.database.writing() as db:
            db.add(Opd(number=2, name="Dinas Lain"))
            db.add(Person(number=201, short_name="Lain", opd=2, changed_at=NOW))
            db.flush()
            db.add(Placement(person_number=201, opd=2, unit=0, valid_from=MONDAY))
        client = of_opd(city, Role.PERSONNEL, "2", "lain")
        text = LEAVE + "101,,C,2026-11-16,2026-11-17,,\n201,,C,2026-11-16,2026-11-17,,\n"
        page = send(client, self.LEAVE_PATH, text, "impor").get_data(as_text=True)
        assert "baris 2: pegawai nomor 101 di luar kewenangan Anda" in page
        with city.database.reading() as db:
            assert db.scalars(select(PersonLeave)).all() == []
        assert of_opd(city, Role.SUPERIOR, "1", "kadis").get(self.LEAVE_PATH).status_code == 404

    def test_workbooks_to_fill_in_have_the_columns_that_are_read(self, city: Screens) -> None:
        client = city.signed_in(Role.PERSONNEL)
        for kind, column in (("izin", "jenis"), ("giliran", "giliran")):
            data = client.get(f"/hadir/kelola/{kind}/contoh.xlsx").data
            (head,) = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
            assert column in head
