"""Published figures from files: those of the city come out as published, bad rows are named."""

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from hub.db import Database
from hub.errors import InputError
from hub.measures.catalogue.reading import shipped
from hub.measures.keeping.importing import MOST_ROWS, import_figures, read_figures
from hub.measures.keeping.periods import Grain
from hub.measures.prices.imported import price_doubt
from hub.measures.service import conflicts_of, values_of
from hub.places.areas import read_areas

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
ROOT = Path(__file__).parents[4]
PUBLISHED = ROOT / "tests/data/measures/published.csv"
WARDS = {area.code for area in read_areas().kelurahan}


def load(database: Database) -> int:
    with database.writing() as db:
        return import_figures(
            db,
            PUBLISHED.read_bytes(),
            PUBLISHED.name,
            catalogue=shipped(),
            kelurahan=WARDS,
            actor="siti",
            now=NOW,
        )


def test_the_published_figures_of_the_city_come_out_with_their_shares(database: Database) -> None:
    assert load(database) == load(database) == 26
    with database.reading() as db:

        def of(code: str) -> float:
            value = values_of(db, code, grain=Grain.YEAR)[-1].value
            assert value is not None
            return value

        figures = [of(f"camera_{part}") for part in ("installed", "online", "offline", "fibre", "wireless")]
        assert figures == [147, 136, 11, 138, 9]
        assert round(of("camera_availability"), 2) == 92.52
        assert (of("department_with_website"), of("department_total")) == (41, 69)
        assert round(of("website_share"), 1) == 59.4
        assert (of("application_total"), of("department_building_applications")) == (163, 38)
        assert round(of("applications_each"), 2) == 4.29
        assert (of("content_published"), of("content_news_published")) == (2832, 921)
        assert round(of("content_news_share"), 1) == 32.5
        assert of("room_use_published") == 268
        received = [one.value for one in values_of(db, "sp4n_received", grain=Grain.YEAR)]
        assert received == [192, 722, 123]
        assert round(of("sp4n_finished_share")) == 86
        assert conflicts_of(db) == []


def test_the_city_is_given_the_same_file() -> None:
    assert (ROOT / "hub/measures/published.csv").read_bytes() == PUBLISHED.read_bytes()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("tidak_ada,2021,1,a,", "tidak ada ukuran"),
        ("camera_availability,2021-01-01,1,a,", "tidak ada ukuran"),
        ("sp4n_received,2021-09,1,a,", "tulis seperti 2021"),
        ("camera_online,2021-02-31,1,a,", "tidak ada tanggal"),
        ('sp4n_received,2021,"1.234,5",a,', "desimal dengan titik"),
        ("sp4n_received,2021,=1+1,a,", "tulis angka saja"),
        ("sp4n_received,2021,120 laporan,a,", "tulis angka saja"),
        ("sp4n_received,2021,1,a,kamera", "diukur dalam 'laporan'"),
        ("sp4n_received,2021,1,,", "sumber"),
        ("sp4n_received,1066,1,a,", "tahun di luar"),
        ("sp4n_received,2021,-1,a,", "tidak mungkin kurang dari nol"),
    ],
)
def test_a_bad_row_is_named_with_its_remedy(row: str, said: str) -> None:
    text = f"ukuran,periode,nilai,sumber,satuan\nsp4n_received,2020,7,a,\n{row}\n"
    with pytest.raises(InputError, match="baris 3: ") as caught:
        read_figures(text.encode(), "angka.csv", catalogue=shipped(), kelurahan=WARDS)
    assert said in str(caught.value)


def test_doubled_rows_and_unknown_places_are_named_too() -> None:
    text = (
        "ukuran,periode,nilai,sumber,kelurahan,opd,mutu\n"
        "complaint_received,2021-01,7,a,61.71.05.1004,,\n"
        "complaint_received,2021-01,8,a,61.71.05.1004,,sementara\n"
        "complaint_received,2021-01,8,a,Sungai Jawi,,\n"
        "complaint_received,2021-01,8,a,,Dishub,\n"
        "complaint_received,2021-01,8,a,,3,bagus\n"
    )
    with pytest.raises(InputError) as caught:
        read_figures(text.encode(), "angka.csv", catalogue=shipped(), kelurahan=WARDS)
    said = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in said] == ["baris 3", "baris 4", "baris 5", "baris 6"]
    assert "sama dengan baris 2" in said[0]


def test_a_million_for_chilli_in_a_file_is_named_with_its_row(database: Database) -> None:
    text = (
        "ukuran,periode,pasar,dimensi,nilai,sumber\n"
        "food_price,2026-11-20,flamboyan,cabai-rawit,60000,petugas\n"
        "food_price,2026-11-21,flamboyan,cabai-rawit,1000000,petugas\n"
        "food_price,2026-11-21,flamboyan,cabe,60000,petugas\n"
        "food_price,2026-11-21,pasar-lain,cabai-rawit,60000,petugas\n"
    )
    with pytest.raises(InputError) as caught, database.writing() as db:
        import_figures(
            *(db, text.encode(), "harga.csv"),
            catalogue=shipped(),
            kelurahan=WARDS,
            actor="siti",
            now=NOW,
            doubt=price_doubt,
        )
    said = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in said] == ["baris 3", "baris 4", "baris 5"]
    assert "tidak mungkin" in said[0]
    with database.reading() as db:
        assert values_of(db, "food_price", grain=Grain.YEAR) == [], "nothing half imported"


def workbook_of(*rows: tuple[object, ...], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_merged_cells_and_formulas_of_a_workbook_are_named_and_its_decimals_are_read() -> None:
    head = ("ukuran", "periode", "nilai", "sumber")
    good = workbook_of(head, ("river_level", "2026-11-20", -0.25, "juru ukur"))
    [figure] = read_figures(good, "a.xlsx", catalogue=shipped(), kelurahan=WARDS)
    assert figure.said.value == -0.25, "water may be below the mark of its gauge"
    bad = workbook_of(
        head,
        ("sp4n_received", "2020", "=1+1", "kota"),
        ("sp4n_received", "2021", 123, "kota"),
        merged="A3:A4",
    )
    with pytest.raises(InputError) as caught:
        read_figures(bad, "a.xlsx", catalogue=shipped(), kelurahan=WARDS)
    said = str(caught.value).splitlines()
    assert "baris 2: nilai '=1+1'" in said[0]
    assert "baris 3: sel A3:A4 digabung" in said[1]


def test_thirty_thousand_figures_are_read_and_one_more_is_not() -> None:
    rows = [f"complaint_received,2021-01,{number % 50},kota,jenis-{number}" for number in range(MOST_ROWS)]
    text = "\n".join(["ukuran,periode,nilai,sumber,dimensi", *rows])
    assert len(read_figures(text.encode(), "a.csv", catalogue=shipped(), kelurahan=WARDS)) == MOST_ROWS
    with pytest.raises(InputError, match="lebih dari 30000 baris"):
        read_figures(f"{text}\n{rows[0]}".encode(), "a.csv", catalogue=shipped(), kelurahan=WARDS)
