"""SP4N-LAPOR! files in and out, and the statistics that follow: the published figures come out again."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from hub.cases.complaints.publishing.board import category_labels
from hub.cases.complaints.publishing.shown import Wanted
from hub.cases.complaints.sp4n.bringing import bring_in
from hub.cases.complaints.sp4n.files import Row, read_rows
from hub.cases.complaints.sp4n.giving import HEADER, rows_for_sp4n
from hub.cases.complaints.statistics.importing import SHIPPED, import_figures
from hub.cases.complaints.statistics.views import _NAME
from hub.cases.keeping.access import engine
from hub.cases.keeping.chores import look
from hub.cases.keeping.models import CaseEscalation, CaseRecord
from hub.errors import InputError
from hub.notify.models import NotifyAddress, OutboxMessage
from hub.people.permissions import Role
from hub.web.files.table_file import read_table
from tests.hub.cases.complaints.conftest import SERVICE, Town
from tests.hub.cases.office import MONDAY, ZONE, Office
from tests.hub.screens import csrf_of

DAY = timedelta(days=1)
LABELS = category_labels(SERVICE)
HEAD = "Tracking ID,Tanggal,Judul,Isi,Kategori,Instansi,Status\n"
# Of 2021: 94 handed on (81 + 8 + 5) and 29 archived, by month as published or made to fit.
MONTHS = (10, 11, 12, 9, 4, 10, 11, 12, 15, 11, 10, 8)
YEAR_2021 = Path(__file__).parents[4] / "data/complaints/sp4n-2021.csv"


def rows_of(text: str) -> tuple[Row, ...]:
    return read_rows(read_table(text.encode(), "lapor.csv"), LABELS)


def test_the_statistics_of_2021_come_out_of_an_imported_file_as_published(town: Town) -> None:
    """Everything in one: the file is slow to bring in, so it is brought in once."""
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    with town.screens.database.writing() as db:
        address = NotifyAddress(
            account_id=1, channel="email", address="a@contoh.id", least="info", added_at=town.screens.clock()
        )
        db.add(address)

    def bring() -> str:
        file = (io.BytesIO(YEAR_2021.read_bytes()), "lapor.csv")
        token = csrf_of(coordinator, "/sandi")
        data = {"csrf_token": token, "berkas": file, "isi": "laporan"}
        answer = coordinator.post("/berkas/lapor/impor", data=data, follow_redirects=True)
        return answer.get_data(as_text=True)

    assert "123 laporan baru, 0 sudah ada" in bring()
    assert "0 laporan baru, 123 sudah ada" in bring(), "the same file twice changes nothing"
    with town.screens.database.reading() as db:
        assert db.scalars(select(func.count()).select_from(CaseRecord)).one() == 123
        assert db.scalars(select(OutboxMessage)).all() == [], "nobody is told of what is long over"
    client = town.screens.stranger()

    def side(name: str) -> list[list[str]]:
        text = client.get(f"/laporan/statistik.csv?sisi={name}&tahun=2021").get_data(as_text=True)
        return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]

    assert [int(row[1]) for row in side("bulan")] == list(MONTHS)
    assert {row[0]: int(row[1]) for row in side("status")} == {
        "Diselesaikan": 81,
        "Terverifikasi": 8,
        "Diproses": 5,
        "Diarsipkan": 29,
    }
    assert side("opd")[0][0] == "Dinas Perhubungan"
    assert sum(int(row[2]) for row in side("opd")) == 100
    page = client.get("/laporan/statistik?tahun=2021").get_data(as_text=True)
    assert re.search(r"<strong>123</strong>.*<strong>94</strong>", page, re.DOTALL)


def test_published_figures_are_shown_with_their_contradictions(town: Town) -> None:
    with town.screens.database.writing() as db:
        for _ in range(2):
            import_figures(db, SHIPPED.read_bytes(), SHIPPED.name, actor="a", now=town.screens.clock())
    town.screens.app.extensions.pop(_NAME, None)
    client = town.screens.stranger()
    page = client.get("/laporan/statistik").get_data(as_text=True)
    assert page.count("angka tidak konsisten") == 2
    assert "722 ≠ 879" in page
    assert "82 ≠ 300" in page
    again = client.get("/laporan/statistik/terbit.csv").data
    assert len(again.decode("utf-8-sig").splitlines()) == len(SHIPPED.read_text("utf-8").splitlines())
    assert client.get("/laporan/statistik.csv?sisi=apa").status_code == 404
    assert client.get("/laporan/statistik?tahun=x").status_code == 200


def test_a_file_with_mistakes_is_refused_whole_and_names_them(town: Town) -> None:
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    file = (io.BytesIO((HEAD + "L1,2021-01-15,J,Isi,Jalan dan trotoar,Dishub,apa\n").encode()), "a.csv")
    data = {"csrf_token": csrf_of(coordinator, "/sandi"), "berkas": file}
    answer = coordinator.post("/berkas/lapor/impor", data=data)
    assert answer.status_code == 422
    assert "baris 2: status" in answer.get_data(as_text=True)
    empty = coordinator.post("/berkas/lapor/impor", data={"csrf_token": csrf_of(coordinator, "/sandi")})
    assert empty.status_code == 422


def test_merged_cells_and_formulas_of_a_workbook_are_named_and_nothing_is_kept(town: Town) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEAD.strip().split(","))
    good = ["2021-01-15", "J", "Isi", "jalan", "Dishub", "diproses"]
    for number in range(1, 5):
        sheet.append([f"L{number}", *good])
    sheet.merge_cells("C3:C4")
    sheet["C5"] = "=A5"
    saved = io.BytesIO()
    book.save(saved)
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    file = (io.BytesIO(saved.getvalue()), "a.xlsx")
    answer = coordinator.post(
        "/berkas/lapor/impor", data={"csrf_token": csrf_of(coordinator, "/sandi"), "berkas": file}
    )
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("baris 3: sel C3:C4 digabung", "baris 4: sel C3:C4 digabung", "baris 5: judul: rumus"):
        assert words in said, words
    assert "baris 2:" not in said
    with town.screens.database.reading() as db:
        assert db.scalars(select(CaseRecord)).first() is None


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("L1,2021-13-15,J,Isi,jalan,Dishub,diproses", "tanggal"),
        ("L1,1021-01-15,J,Isi,jalan,Dishub,diproses", "tahun"),
        ("L1,2021-01-15,,Isi,jalan,Dishub,diproses", "judul"),
        ("L1,2021-01-15,J,Isi,apa,Dishub,diproses", "kategori"),
        (",2021-01-15,J,Isi,jalan,Dishub,diproses", "tracking id"),
        ("L1,2021-01-15,J,Isi,jalan,Dishub,diproses\nL1,2021-01-15,J,Isi,jalan,Dishub,diproses", "dua kali"),
    ],
)
def test_each_mistake_of_a_row_is_named(row: str, names: str) -> None:
    with pytest.raises(InputError, match=names):
        rows_of(HEAD + row + "\n")


def test_what_cannot_walk_is_named_and_nothing_is_kept(office: Office) -> None:
    def bring(row: str) -> None:
        with office.writing() as db:
            bring_in(db, office.engine, rows_of(HEAD + row), actor="a", zone=ZONE, now=MONDAY)

    with pytest.raises(InputError, match="belum terjadi"):
        bring("L1,2027-01-15,Jalan rusak,Lubang besar di jalan,jalan,Dinas Perhubungan,diproses\n")
    with pytest.raises(InputError, match="L1"):
        bring("L1,2021-01-15,J,I,jalan,Dinas Perhubungan,diproses\n")
    with office.database.reading() as db:
        assert db.scalars(select(CaseRecord)).all() == []


def test_what_was_late_long_ago_troubles_nobody_and_what_runs_out_later_is_told(office: Office) -> None:
    old = "L1,2021-01-15,Jalan rusak,Lubang besar di jalan,jalan,Dinas Perhubungan,belum ditindaklanjuti\n"
    new = "L2,2026-11-23,Jalan rusak,Lubang besar di jalan,jalan,Dinas Perhubungan,belum ditindaklanjuti\n"
    with office.writing() as db:
        bring_in(db, office.engine, rows_of(HEAD + old + new), actor="a", zone=ZONE, now=MONDAY + DAY)
    with office.writing() as db:
        assert look(db, office.engine, MONDAY + DAY) == 0, "nobody is told of 2021"
    with office.writing() as db:
        assert look(db, office.engine, MONDAY + 30 * DAY) == 1
    with office.database.reading() as db:
        query = select(CaseRecord.opened_at, CaseEscalation.percent, CaseEscalation.at)
        rows = db.execute(query.join(CaseEscalation, CaseEscalation.case_id == CaseRecord.id)).all()
    shares = [(opened_at.year, percent, (at - MONDAY).days) for opened_at, percent, at in rows]
    assert sorted(shares) == [
        *((2021, percent, 1) for percent in (50, 80, 100)),
        *((2026, percent, 30) for percent in (50, 80, 100)),
    ]


def test_what_is_taken_away_can_be_brought_in_elsewhere_and_names_nobody(town: Town) -> None:
    town.file(name="Siti Rahmawati", text="Lubang besar di jalan. Telepon 081234567890.")
    town.file(identity="rahasia")
    with town.screens.app.test_request_context("http://localhost/"), town.screens.database.reading() as db:
        assert engine() is not None
        rows = list(rows_for_sp4n(db, Wanted(), ZONE))
    assert len(rows) == 1, "the secret one stays here"
    assert "Siti" not in str(rows)
    assert "081234567890" not in str(rows)
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER, *rows])
    [row] = read_rows(read_table(buffer.getvalue().encode(), "keluar.csv"), LABELS)
    assert (row.category, row.status) == ("jalan", "terverifikasi")
    coordinator = town.screens.signed_in(Role.COORDINATOR)
    assert "PGD-" in coordinator.get("/berkas/lapor/ekspor.csv").get_data(as_text=True)
