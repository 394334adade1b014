"""Files of the recap: the numbers of the screen, what they rest on, and nothing that runs."""

import base64
import csv
import io
import re
import zlib
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.hadir.exports.document import RecapDocument
from hub.hadir.exports.files import recap_xlsx
from hub.hadir.exports.pages import A4_PORTRAIT, Pages, plain, shortened
from hub.hadir.exports.recap_pdf import recap_pdf
from hub.hadir.models import AllowanceTariff, DoorWatermark
from hub.hadir.results.month import MonthResult
from hub.hadir.results.rules import DayResult, DayStatus
from hub.hadir.results.showing.recap import RecapLine
from hub.people.models import AuditEntry, Person
from hub.people.permissions import Role, ScopeKind
from hub.people.reach import PlacedPerson
from hub.web.i18n import language
from tests.hub.hadir.conftest import Office, linked, of_opd
from tests.hub.screens import Screens, post

MONTH = "bulan=2026-11"


def pdf_text(data: bytes) -> str:
    """All texts of a PDF of reportlab, one a line."""
    assert data.startswith(b"%PDF")
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        page = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        found += re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", page)
    return "\n".join(
        re.sub(rb"\\([()\\])", rb"\1", text).decode("cp1252", "backslashreplace") for text in found
    )


def read(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    day = (city.clock() - timedelta(days=5)).date()
    office.day(101, day, "07:45", "14:05")
    office.day(102, day, "07:10", "16:05")
    office.delivered(city.clock())
    return office


def test_workbook_and_csv_give_the_numbers_of_the_screen(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    book = openpyxl.load_workbook(io.BytesIO(read(client, f"/hadir/rekap.xlsx?opd=1&{MONTH}")))
    sheet = [[cell.value for cell in row] for row in book.active.iter_rows()]
    head = {row[0]: row[1] for row in sheet[:8]}
    assert head["Versi aturan"] == "contoh-2026"
    assert head["Data lengkap sampai"] == "Sab 21 Nov 2026 10.14 WIB"
    assert head["Dibuat oleh"] == "bkpsdm"
    assert "CONTOH" in head["Peringatan"]
    line = next(row for row in sheet if row[0] == 101)
    assert line[1:3] == ["Pegawai 101", "Bidang Aplikasi"]
    assert line[3 + 15] == "TL1+PSW4"
    assert isinstance(line[-3], int | float)
    text = read(client, f"/hadir/rekap.csv?opd=1&{MONTH}").decode("utf-8-sig")
    row = next(row for row in csv.reader(io.StringIO(text)) if row[0] == "101")
    assert row[3:33] == [value or "" for value in line[3:33]]
    assert Decimal(row[-3].replace(",", ".")) == Decimal(str(line[-3]))
    assert book.active.freeze_panes == "C9"
    assert any("H hadir" in str(row[0]) for row in sheet[-2:])


def test_the_pdf_says_the_same_on_numbered_pages(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL, name="bkpsdm")
    text = pdf_text(read(client, f"/hadir/rekap.pdf?opd=1&unit=11&{MONTH}"))
    for words in ("Pegawai 101", "TL1", "PSW4", "Dibuat oleh: bkpsdm", "CONTOH", "1 / 1", "Bidang Aplikasi"):
        assert words in text, words
    assert "contoh-2026" in text


def test_without_example_tariffs_nothing_is_marked(city: Screens, office: Office) -> None:
    with city.database.writing() as db:
        for row in db.scalars(select(AllowanceTariff)):
            row.is_example = False
    client = city.signed_in(Role.PERSONNEL)
    assert "CONTOH" not in pdf_text(read(client, f"/hadir/rekap.pdf?{MONTH}"))
    assert "CONTOH" not in client.get(f"/hadir/rekap?{MONTH}").get_data(as_text=True)


def test_a_person_s_month_is_a_sheet_with_reasons(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    text = pdf_text(read(client, f"/hadir/pegawai/101.pdf?{MONTH}"))
    for words in ("Hadir: Pegawai 101, 2026-11", "Masuk 07.45, terlambat 15 menit", "TL1+PSW4", "1 / "):
        assert words in text, words
    assert client.get("/hadir/pegawai/999.pdf").status_code == 404
    post(client, "/tampilan", "/hadir", language="en")
    assert "In 07.45, 15 minutes late" in pdf_text(read(client, f"/hadir/pegawai/101.pdf?{MONTH}"))


def test_one_takes_one_s_own_month_home(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.EMPLOYEE, name="budi")
    assert "belum dihubungkan" in client.get("/hadir/saya.pdf").get_data(as_text=True)
    linked(city, "budi", 102)
    assert "Pegawai 102" in pdf_text(read(client, f"/hadir/saya.pdf?{MONTH}"))


def test_every_file_stays_within_reach_and_is_written_down(city: Screens, office: Office) -> None:
    unit = of_opd(city, Role.SUPERIOR, "11", "kabid", ScopeKind.UNIT)
    assert "Pegawai 101" in pdf_text(read(unit, f"/hadir/rekap.pdf?{MONTH}"))
    other = of_opd(city, Role.PERSONNEL, "9", "lain")
    for path in ("rekap.xlsx", "rekap.pdf", "rekap.csv"):
        assert other.get(f"/hadir/{path}?opd=1&{MONTH}").status_code == 404, path
        assert b"Pegawai 101" not in other.get(f"/hadir/{path}?{MONTH}").data
    assert other.get(f"/hadir/pegawai/101.pdf?{MONTH}").status_code == 404
    with city.database.reading() as db:
        notes = db.scalars(select(AuditEntry).where(AuditEntry.action == "attendance.export")).all()
    assert ("kabid", "opd:1", "rekap-hadir-1-2026-11.pdf") in {(n.actor, n.object, n.detail) for n in notes}


def test_a_name_that_is_a_formula_runs_nowhere(city: Screens, office: Office) -> None:
    with city.database.writing() as db:
        db.get_one(Person, 101).short_name = '=HYPERLINK("x")'
    client = city.signed_in(Role.PERSONNEL)
    book = openpyxl.load_workbook(io.BytesIO(read(client, f"/hadir/rekap.xlsx?opd=1&{MONTH}")))
    name = next(row[1] for row in book.active.iter_rows() if row[0].value == 101)
    assert (name.data_type, name.value) == ("s", '=HYPERLINK("x")')
    text = read(client, f"/hadir/rekap.csv?opd=1&{MONTH}").decode("utf-8-sig")
    assert "'=HYPERLINK" in text


def test_an_unknown_completeness_is_said(city: Screens, office: Office) -> None:
    with city.database.writing() as db:
        for row in db.scalars(select(DoorWatermark)):
            db.delete(row)
    text = pdf_text(read(city.signed_in(Role.PERSONNEL), f"/hadir/rekap.pdf?{MONTH}"))
    assert "belum diketahui" in text


def document(city: Screens, people: int) -> RecapDocument:
    days = tuple(office_day.day for office_day in DAYS)
    sums = MonthResult({}, 15, 0, 400, Decimal("0.5"), False, 0, 0, 0)
    lines = tuple(
        RecapLine(PlacedPerson(n, f"Pegawai dengan nama panjang {n}", 1, 11, "Unit"), DAYS, sums, -50)
        for n in range(people)
    )
    facts = (("Versi aturan", "contoh"),)
    names = ("terlambat (menit)", "b", "c", "d", "e")
    return RecapDocument("Rekap", "OPD", days[0], facts, days, names, lines, "H hadir", "")


DAYS = tuple(
    DayResult(Office.first() + timedelta(days=n), DayStatus.LATE, "TL1+PSW2" if n % 2 else "H")
    for n in range(31)
)


def test_six_hundred_people_fill_pages_that_each_have_the_header(city: Screens) -> None:
    with city.app.test_request_context("/"):
        assert language() == "id"
        big = document(city, 600)
        text = pdf_text(recap_pdf(big))
        book = openpyxl.load_workbook(io.BytesIO(recap_xlsx(big)), read_only=True)
    total = int(re.findall(r"^1 / (\d+)$", text, re.MULTILINE)[0])
    assert 15 <= total <= 25
    assert text.count("\nnama\n") == total
    assert f"{total} / {total}" in text
    assert sum(1 for _row in book.active.iter_rows()) >= 600


def test_an_empty_recap_is_a_page_too(city: Screens) -> None:
    with city.app.test_request_context("/"):
        assert "Tidak ada pegawai." in pdf_text(recap_pdf(document(city, 0)))


def test_letters_that_no_font_has_become_question_marks() -> None:
    assert plain("Ali ✓ é") == "Ali ? é"
    assert shortened("x" * 100, 8, 50).endswith("...")
    pages = Pages(A4_PORTRAIT, title="✓", foot="✓", head=lambda _pages: None)
    pages.line("✓")
    assert "?" in pdf_text(pages.finish())
