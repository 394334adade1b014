"""Plan and realisation: what is late, what the city comes to, who may report, and files in and out."""

import io

import openpyxl
import pytest
from flask.testing import FlaskClient

from hub.measures.performance.rules import Month, Verdict, progress, verdict_of
from hub.measures.performance.service import lines_of, together
from hub.people.models import Opd
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens, csrf_of

HEAD = (
    "tahun,skpd,kode_sub_kegiatan,nama_sub_kegiatan,pagu,bulan,"
    "rencana_kas,realisasi_keuangan,rencana_fisik,realisasi_fisik\n"
)
ROWS = (
    "2026,1,2.16.02.2.01.0001,Jaringan,1000000,1,500000,400000,50,30\n"
    "2026,1,2.16.02.2.01.0001,Jaringan,1000000,2,500000,,100,\n"
    "2026,2,1.03.01.2.01.0002,Jalan,3000000,1,1500000,1500000,50,50\n"
)


def send(client: FlaskClient, data: str) -> tuple[int, str]:
    token = csrf_of(client, "/kinerja/impor")
    sent = {"csrf_token": token, "berkas": (io.BytesIO(data.encode()), "sipd.csv")}
    answer = client.post("/kinerja/impor", data=sent)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def offices(screens: Screens) -> Screens:
    with screens.database.writing() as db:
        db.add_all([Opd(number=1, name="Diskominfo"), Opd(number=2, name="PUPR")])
    return screens


def test_work_is_late_when_it_is_far_behind_its_plan() -> None:
    assert verdict_of(50, 39.9) is Verdict.LATE
    assert verdict_of(50, 44) is Verdict.WATCH
    assert verdict_of(50, 45) is Verdict.ON_PLAN
    assert verdict_of(90, 100) is Verdict.DONE
    assert verdict_of(50, None) is Verdict.NO_REPORT
    stands = progress(1000.0, [Month(100, 400, 10, 20)] + [Month()] * 11, 6)
    assert (stands.planned_percent, stands.spent_percent, stands.deviation) == (10, 40, 10)
    assert stands.is_money_ahead
    assert progress(0.0, [Month()] * 12, 1).spent_percent == 0


def test_the_city_is_its_departments_weighted_by_what_they_cost(offices: Screens) -> None:
    client = offices.signed_in(Role.SUPERVISOR)
    assert send(client, HEAD + ROWS)[0] == 303
    assert send(client, HEAD + ROWS)[0] == 303
    with offices.database.reading() as db:
        whole = together(lines_of(db, 2026)).until(1)
    assert whole.ceiling == 4_000_000
    assert whole.spent_percent == pytest.approx(47.5)
    assert whole.work_done == pytest.approx(45.0), "(30 x 1 + 50 x 3) / 4"
    page = client.get("/kinerja?bulan=1").get_data(as_text=True)
    assert "45,0 %" in page
    assert "Yang terlambat" in page
    assert "Jaringan" in page
    # What goes out is what came in.
    exported = client.get("/kinerja.csv?tahun=2026").get_data(as_text=True)
    assert "2.16.02.2.01.0001,Jaringan,1000000,1,500000,400000,50,30" in exported
    assert send(client, exported.lstrip("\ufeff"))[0] == 303
    assert client.get("/kinerja.csv?tahun=2026").get_data(as_text=True) == exported


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026,9,x,Nama,100,1,0,0,0,0", "bukan OPD Anda"),
        ("26,1,x,Nama,100,1,0,0,0,0", "tahun"),
        ("2026,1,,Nama,100,1,0,0,0,0", "isi kode_sub_kegiatan"),
        ("2026,1,x,Nama,1.000.000,1,0,0,0,0", "tanpa titik"),
        ("2026,1,x,Nama,100,13,0,0,0,0", "bulan"),
        ("2026,1,x,Nama,100,1,0,-5,0,0", "kurang dari nol"),
        ("2026,1,x,Nama,100,1,0,0,0,101", "persen dari 0 sampai 100"),
        ("2026,1,x,Nama,100,1,0,0,0,=A1", "tulis angka saja"),
        ("2026,1,2.16.02.2.01.0001,Jaringan,999,3,0,0,0,0", "pagu berbeda"),
        ("2026,1,2.16.02.2.01.0001,Jaringan,1000000,1,0,0,0,0", "ada dua kali"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(offices: Screens, row: str, said: str) -> None:
    client = offices.signed_in(Role.SUPERVISOR)
    code, page = send(client, f"{HEAD}{ROWS}{row}\n")
    assert code == 422
    assert "baris 5: " in page
    assert said in page
    with offices.database.reading() as db:
        assert lines_of(db, 2026) == []


def test_a_plan_with_merged_cells_is_refused_whole(offices: Screens) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (HEAD + ROWS).splitlines():
        page.append([int(cell) if cell.isdecimal() else cell for cell in row.split(",")])
    page.merge_cells("G2:G3")  # one sum for two months would be read as one month and nothing
    buffer = io.BytesIO()
    book.save(buffer)
    client = offices.signed_in(Role.SUPERVISOR)
    sent = {
        "csrf_token": csrf_of(client, "/kinerja/impor"),
        "berkas": (io.BytesIO(buffer.getvalue()), "a.xlsx"),
    }
    answer = client.post("/kinerja/impor", data=sent)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("sel G2:G3 digabung") == 2
    with offices.database.reading() as db:
        assert lines_of(db, 2026) == []


def test_a_planner_reports_for_the_own_department_only(offices: Screens) -> None:
    assert send(offices.signed_in(Role.SUPERVISOR), HEAD + ROWS)[0] == 303
    client = offices.signed_in(Role.PLANNER, kind=ScopeKind.OPD, scope="1")
    page = client.get("/kinerja").get_data(as_text=True)
    assert "Diskominfo" in page
    assert "PUPR" not in page
    assert client.get("/kinerja/2").status_code == 404
    assert client.get("/kinerja/2/2").status_code == client.get("/kinerja/1/2").status_code == 404
    assert "bukan OPD Anda" in send(client, HEAD + ROWS)[1]
    assert "Jaringan" in client.get("/kinerja/1?tahun=2026&bulan=2").get_data(as_text=True)
    token = csrf_of(client, "/kinerja/1/1")

    def tell(**fields: str) -> str:
        data = {"csrf_token": token, **fields}
        return client.post("/kinerja/1/1", data=data, follow_redirects=True).get_data(as_text=True)

    assert "Realisasi tersimpan." in tell(bulan="2", keuangan="350000", fisik="95")
    assert "75,0" in client.get("/kinerja/1?bulan=2").get_data(as_text=True), "400.000 + 350.000 of a million"
    assert "desimal dengan titik" in tell(bulan="2", keuangan="350.000,00", fisik="95")
    assert "persen dari 0 sampai 100" in tell(bulan="2", keuangan="1", fisik="950")
    assert "pilih 1 sampai 12" in tell(bulan="99", keuangan="1", fisik="95")
    refused = client.post("/kinerja/2/3", data={"csrf_token": token, "bulan": "1"})
    assert refused.status_code == 404


def test_without_a_plan_the_page_says_so(screens: Screens) -> None:
    client = screens.signed_in(Role.EXECUTIVE)
    assert "Belum ada rencana" in client.get("/kinerja").get_data(as_text=True)
