"""Uploaded tables: what spreadsheets save is read, what is no table is refused with a remedy."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from hub.errors import InputError
from hub.web.files import table_file
from hub.web.files.table_file import read_table


def xlsx(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def package(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def refusal(data: bytes, name: str = "a.csv") -> str:
    with pytest.raises(InputError) as caught:
        read_table(data, name)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"Nomor,Nama\n101,Siti\n",
        b"\xef\xbb\xbfnomor;nama\r\n101; Siti \r\n",
        b"nomor\tnama\n\n101\tSiti\n",
        b"sep=;\r\nnomor;nama\r\n101;Siti\r\n",
        "nomor\tnama\n101\tSiti\n".encode("utf-16"),
        b'nomor,nama,\n"101","Siti",\n',
        xlsx((" Nomor ", "NAMA", None), (101, "Siti"), (None, "  ")),
    ],
)
def test_what_spreadsheets_save_comes_out_the_same(data: bytes) -> None:
    table = read_table(data, "a.csv")
    assert table.columns == ("nomor", "nama")
    assert [dict(row.cells) for row in table.rows] == [{"nomor": "101", "nama": "Siti"}]


def test_rows_are_named_by_the_line_on_which_they_begin() -> None:
    table = read_table(b'a,b\n1,"satu\ndua"\n\n2\n', "a.csv")
    assert [(row.number, row.cells["a"], row.cells["b"]) for row in table.rows] == [
        (2, "1", "satu\ndua"),
        (5, "2", ""),
    ]
    sheet = read_table(xlsx(("a",), (None,), (7,)), "a.xlsx")
    assert [row.number for row in sheet.rows] == [3]


def test_cells_of_a_sheet_become_the_text_that_forms_take() -> None:
    row = (
        date(2026, 11, 23),
        datetime.fromisoformat("2026-11-23T07:30"),
        time(7, 30),
        1.0,
        1.5,
        True,
        False,
        "x ",
    )
    table = read_table(xlsx(tuple("abcdefgh"), row), "a.xlsx")
    assert list(table.rows[0].cells.values()) == [
        "2026-11-23", "2026-11-23 07:30", "07:30", "1", "1.5", "ya", "tidak", "x"
    ]  # fmt: skip


def test_a_number_that_excel_mangled_keeps_looking_mangled() -> None:
    table = read_table(xlsx(("nip",), (198701012010011002,), (123456,)), "a.xlsx")
    assert [row.cells["nip"] for row in table.rows] == ["1.98701012010011E+17", "123456"]


def test_missing_columns_are_named() -> None:
    table = read_table(b"a,b\n1,2\n", "a.csv")
    table.needs(["a"])
    with pytest.raises(InputError, match="kolom c, d tidak ada"):
        table.needs(["a", "c", "d"])


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "kosong"),
        (b"\n,\n", "a.csv", "kosong"),
        ("nama\nSiti é".encode("latin-1"), "a.csv", "CSV UTF-8"),
        (b"a\0b", "a.csv", "bukan CSV"),
        (b"a,A\n1,2", "a.csv", "kolom a ada dua kali"),
        (b"\xd0\xcf\x11\xe0rest", "a.csv", "format Excel lama"),
        (b"x", "lama.XLS", "format Excel lama"),
        (b"PK\x03\x04rubbish", "a.xlsx", "XLSX rusak"),
        (package(**{"a.txt": b"x"}), "a.xlsx", "XLSX rusak"),
        (package(**{"a.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'}), "a.xlsx", "wajar"),
        (package(**{f"m{n}": b"" for n in range(201)}), "a.xlsx", "terlalu besar"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(data: bytes, name: str, words: str) -> None:
    assert words in refusal(data, name)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "kolom; hapus" in refusal(",".join(f"k{n}" for n in range(61)).encode())
    assert "2000 huruf" in read_table(b"a\n" + b"x" * 2001, "a.csv").rows[0].complaint
    assert "tidak dapat dibaca" in refusal(b"a\n" + b"x" * 140_000)
    bomb = package(**{"xl/worksheets/sheet1.xml": b" " * (table_file.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 100_000
    assert "terlalu besar" in refusal(bomb, "a.xlsx")
    monkeypatch.setattr(table_file, "MAX_ROWS", 3)
    assert "lebih dari 3 baris" in refusal(b"a\n" + b"1\n" * 4)
    assert "lebih dari 3 baris" in refusal(xlsx(("a",), *[(1,)] * 4), "a.xlsx")
    monkeypatch.setattr(table_file, "MAX_FILE_BYTES", 10)
    assert "MiB" in refusal(b"a\n" * 6)


def test_a_row_with_too_many_cells_is_a_bad_row_of_its_own() -> None:
    table = read_table(b"a,b\n1,2,3\n4,5", "a.csv")
    assert [(row.number, bool(row.complaint)) for row in table.rows] == [(2, True), (3, False)]
    assert "lebih banyak sel" in table.rows[0].complaint
