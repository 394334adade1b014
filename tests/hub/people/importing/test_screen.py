"""Importing on screen: checked first, written when told so, never half."""

import io

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hub.people.models import AuditEntry, Person
from tests.hub.people.importing.conftest import NIP
from tests.hub.people.staff.conftest import Personnel, said, send
from tests.hub.people.staff.conftest import personnel as personnel

HEAD = "nomor;nama;nip;opd;unit;mulai;selesai\n"
GOOD = f"101;Siti Nur;{NIP};1;11;2026-01-05;\n;Budi Baru;199003122015031001;1;12;2026-11-01;\n"
BAD = "102;Pegawai 102;1.9E+17;1;11;2026-01-05;\n"
CHECK, APPLY = "/kepegawaian/impor/periksa", "/kepegawaian/impor/terapkan"


def upload(client: FlaskClient, text: str, name: str = "pegawai.csv") -> TestResponse:
    return send(client, CHECK, berkas=(io.BytesIO(("\ufeff" + text).encode()), name))


def people(personnel: Personnel) -> int:
    with personnel.writing() as db:
        return db.scalar(select(func.count()).select_from(Person)) or 0


def test_a_good_file_is_shown_first_and_written_when_told_so(personnel: Personnel) -> None:
    client, before = personnel.officer(), people(personnel)
    page = said(client, upload(client, HEAD + GOOD))
    assert "pegawai.csv" in page
    assert "Terapkan 2 perubahan" in page
    assert "Pegawai 101 · Dinas Komunikasi dan Informatika · Bidang Aplikasi" in page
    assert NIP not in page
    assert people(personnel) == before
    assert "2 pegawai ditulis dari pegawai.csv" in said(client, send(client, APPLY))
    assert people(personnel) == before + 1
    assert personnel.person(101).short_name == "Siti Nur"
    assert "Tidak ada berkas yang sudah diperiksa" in said(client, send(client, APPLY))
    assert "Tidak ada yang berubah" in said(client, upload(client, HEAD + GOOD))


def test_a_long_name_is_shortened_and_the_preview_says_so(personnel: Personnel) -> None:
    client = personnel.officer()
    page = said(client, upload(client, HEAD + GOOD.replace("Budi Baru", "Muhammad Iskandar Zulkarnain")))
    assert "1 nama lebih panjang dari 20 huruf disingkat" in page
    assert "disingkat dari Muhammad Iskandar Zulkarnain" in page
    assert "Terapkan 2 perubahan" in page
    send(client, APPLY)
    with personnel.writing() as db:
        assert "Muhammad Iskandar Z." in db.scalars(select(Person.short_name)).all()


def test_with_a_bad_row_nothing_is_written_but_what_is_chosen(personnel: Personnel) -> None:
    client, before = personnel.officer(), people(personnel)
    page = said(client, upload(client, HEAD + GOOD + BAD))
    assert "baris 4" in page
    assert "rusak oleh Excel" in page
    assert "Impor 2 baris yang baik saja" in page
    assert "Ada baris yang salah" in said(client, send(client, APPLY))
    assert people(personnel) == before
    lines = client.get("/kepegawaian/impor/salah.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("4,")
    assert "2 pegawai ditulis" in said(client, send(client, APPLY, baik="ya"))
    with personnel.writing() as db:
        newest = db.scalars(select(AuditEntry).where(AuditEntry.action == "staff.import")).one()
    assert "1 refused" in newest.detail


def test_rows_of_another_opd_are_refused_for_an_opds_admin(personnel: Personnel) -> None:
    client = personnel.officer()
    page = said(
        client, upload(client, HEAD + "201;Orang Lain;;2;21;2026-01-05;\n201;Orang Lain;;1;11;2026-11-01;\n")
    )
    assert "dipakai juga di baris" in page
    page = said(
        client, upload(client, HEAD + "201;Diganti;;2;21;2026-01-05;\n202;Budi Lain;;1;11;2026-11-01;\n")
    )
    assert "OPD 2 di luar kewenangan Anda" in page
    assert "masih di OPD lain" in page
    assert "Terapkan" not in page


def test_what_is_no_table_is_said_and_not_kept(personnel: Personnel) -> None:
    client = personnel.officer()
    assert "Pilih dulu berkas" in said(client, send(client, CHECK))
    assert "kolom nip, opd, mulai tidak ada" in said(client, upload(client, "nama\nSiti\n"))
    assert "format Excel lama" in said(client, upload(client, "x", name="pegawai.xls"))
    assert "Hasil pemeriksaan" not in client.get("/kepegawaian/impor").get_data(as_text=True)


def test_a_checked_file_can_be_thrown_away_and_is_its_owners_only(personnel: Personnel) -> None:
    client, other = personnel.officer(), personnel.admin()
    said(client, upload(client, HEAD + GOOD))
    assert "Hasil pemeriksaan" not in other.get("/kepegawaian/impor").get_data(as_text=True)
    assert "Hasil pemeriksaan" not in said(client, send(client, "/kepegawaian/impor/buang"))


def test_a_file_of_six_thousand_rows_passes_and_is_shown_in_part(personnel: Personnel) -> None:
    rows = "".join(f"{n};Pegawai {n};;1;12;2026-11-01;\n" for n in range(1_000, 7_000))
    client = personnel.officer()
    page = said(client, upload(client, HEAD + rows + BAD * 201))
    assert "6.000" in page
    assert "200 yang pertama dari 6.000" in page
    assert page.count('class="line-number"') == 200


def test_the_example_is_read_by_the_import_itself(personnel: Personnel) -> None:
    client = personnel.officer()
    example = client.get("/kepegawaian/impor/contoh.csv").get_data(as_text=True)
    page = said(client, upload(client, example.removeprefix("\ufeff")))
    assert "Terapkan 1 perubahan" in page
