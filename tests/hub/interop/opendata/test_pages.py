"""The catalogue as people see it, and its files."""

import csv
import io
import json

import openpyxl

from tests.hub.screens import Screens


def text(portal: Screens, path: str, status: int = 200) -> str:
    answer = portal.stranger().get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_everybody_finds_a_dataset_by_a_word(portal: Screens) -> None:
    assert "/data/register-aplikasi" in text(portal, "/data")
    found = text(portal, "/data?cari=aplikasi")
    assert "/data/register-aplikasi" in found
    assert "/data/register-pasar" not in found
    assert "Tidak ada data dengan kata itu" in text(portal, "/data?cari=zzz")
    assert "/data/register-aplikasi" in text(portal, "/data?kelompok=perangkat-daerah-dan-sistem")
    assert "/data/register-aplikasi" in text(portal, "/data?kelompok=tidak-ada")


def test_a_dataset_shows_its_terms_columns_and_first_rows(portal: Screens) -> None:
    page = text(portal, "/data/register-aplikasi")
    for said in ("Gencil", "Creative Commons", "Tahun dibangun", "triwulanan", "Sab 21 Nov 2026"):
        assert said in page
    assert "Belum ada baris" in text(portal, "/data/register-penghargaan")
    text(portal, "/data/register-arsip", 404)
    text(portal, "/data/register-arsip.csv", 404)


def test_the_three_files_hold_the_same_rows(portal: Screens) -> None:
    client = portal.stranger()
    body = client.get("/data/register-aplikasi.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    as_json = json.loads(client.get("/data/register-aplikasi.json").get_data())
    assert (
        [row["nama"] for row in rows] == [row["nama"] for row in as_json] == ["E-Lawar", "Gencil", "Parkir"]
    )
    assert [{name: str(cell) for name, cell in row.items()} for row in as_json] == rows
    book = openpyxl.load_workbook(io.BytesIO(client.get("/data/register-aplikasi.xlsx").get_data()))
    cells = [list(row) for row in book.active.iter_rows(values_only=True)]
    names = [row[cells[[row[0] for row in cells].index("id")].index("nama")] for row in cells]
    assert names[-3:] == ["E-Lawar", "Gencil", "Parkir"]


def test_numbers_of_a_measure_are_a_dataset(portal: Screens) -> None:
    page = text(portal, "/data/ukuran-camera_installed")
    assert "Kamera terpasang" in page
    assert json.loads(portal.stranger().get("/data/ukuran-camera_installed.json").get_data()) == []
