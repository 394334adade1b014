"""Tables as rows: every row that cannot be used is named with its line, its fault and the remedy."""

import io
from datetime import date

import openpyxl
import pytest

from hub.errors import InputError
from hub.people.importing.cells import shorter_name
from hub.people.importing.rows import COLUMNS, read_staff
from hub.web.files.table_file import read_table
from tests.hub.people.importing.conftest import GOOD, KEY, NIP, TODAY, table_of


def sentence_of(row: str) -> str:
    (mistake,) = table_of(row).mistakes
    assert mistake.line == 2
    return mistake.sentence


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GOOD.replace(NIP, '"1,98E+17"'), "NIP '1,98E+17': kolom NIP rusak oleh Excel"),
        (GOOD.replace("2026-01-05", "31/02/2026"), "mulai '31/02/2026' bukan tanggal; tulis HH/BB/TTTT"),
        (GOOD.replace("2026-01-05", "45231"), "mulai '45231' bukan tanggal"),
        (GOOD.replace("2026-01-05", "1026-01-05"), "di luar 1970-2100"),
        (GOOD + "2025-12-31", "selesai 2025-12-31 lebih awal daripada mulai 2026-01-05"),
        (GOOD.replace("101,", "nol,"), "nomor 'nol' bukan nomor dari 1"),
        (GOOD.replace("101,", "4294967296,"), "bukan nomor dari 1 sampai 4294967295"),
        (GOOD.replace(",1,Dinas", ",70000,Dinas"), "opd '70000' bukan nomor dari 1 sampai 65535"),
        (GOOD.replace(",11,", ",x,"), "unit 'x' bukan nomor"),
        (GOOD.replace("Siti N.", ""), "nama '' kosong"),
        (GOOD.replace("Siti N.", "Siti\u0007N."), "tanda yang bukan huruf"),
        (f",Siti N.,,{GOOD.split(',', 3)[3]}", "isi NIP atau nomor pegawai"),
    ],
)
def test_a_bad_row_is_named_with_its_fault_and_the_remedy(row: str, words: str) -> None:
    assert words in sentence_of(row)


def test_what_is_doubled_is_named_at_each_of_its_rows() -> None:
    other = GOOD.replace(NIP, "199003122015031001").replace("Siti", "Budi")
    table = table_of(GOOD, GOOD, GOOD.replace("101", "102", 1), other.replace("101", "103", 1), other)
    assert [(one.line, one.sentence) for one in table.mistakes] == [
        (2, "baris ini sama persis dengan baris 3; hapus salah satu"),
        (3, "baris ini sama persis dengan baris 2; hapus salah satu"),
        (5, "NIP dipakai juga di baris 6; periksa mana yang benar"),
        (6, "NIP dipakai juga di baris 5; periksa mana yang benar"),
    ]
    assert [row.line for row in table.rows] == [4]


def test_rows_doubled_many_times_are_listed_in_part() -> None:
    table = table_of(*[GOOD] * 8)
    assert table.mistakes[0].sentence.endswith("baris 3, 4, 5, 6, 7 dan 2 lagi; hapus salah satu")


def test_a_missing_column_is_named_and_others_may_be_left_out() -> None:
    with pytest.raises(InputError, match="kolom mulai tidak ada"):
        table_of("Siti,1,1", head="nama,nip,opd")
    (row,) = table_of(f"Siti,{NIP},1,05/01/2026", head="Nama,NIP,OPD,Mulai").rows
    assert (row.number, row.unit, row.since, row.until) == (None, 0, date(2026, 1, 5), None)


def test_no_nip_is_left_in_what_is_kept() -> None:
    table = table_of(GOOD, GOOD.replace("101,", "x,"))
    assert NIP not in repr(table)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_files_of_every_spreadsheet_are_read_alike(mark: str) -> None:
    text = "\ufeff" + "\r\n".join(
        line.replace(",", mark) for line in (",".join(COLUMNS), "Siti N.," + NIP + ",1,2026-01-05,101,,,,,")
    )
    table = read_staff(read_table(text.encode(), "p.csv"), nip_key=KEY, today=TODAY)
    assert table.mistakes == ()
    assert (table.rows[0].name, table.rows[0].number) == ("Siti N.", 101)


def test_a_workbook_is_read_and_its_broken_nips_are_named() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["nama", "nip", "opd", "mulai"])
    sheet.append(["Siti N.", NIP, 1, date(2026, 1, 5)])
    sheet.append(["Budi S.", int(NIP), 1, date(2026, 1, 5)])
    sheet.append(["Joko T.", float(NIP), 1, "besok"])
    file = io.BytesIO()
    book.save(file)
    table = read_staff(read_table(file.getvalue(), "p.xlsx"), nip_key=KEY, today=TODAY)
    assert [(row.name, row.since) for row in table.rows] == [("Siti N.", date(2026, 1, 5))]
    assert [one.line for one in table.mistakes] == [3, 4]
    assert all("rusak oleh Excel" in one.sentence for one in table.mistakes)


def test_a_name_too_long_for_a_door_is_shortened_and_the_whole_one_kept_for_the_preview() -> None:
    rows = table_of(
        GOOD.replace("Siti N.", "Siti Nurhaliza Tarudin"), GOOD.replace("101", "102").replace(NIP, "")
    ).rows
    assert [(row.name, row.full_name) for row in rows] == [
        ("Siti Nurhaliza T.", "Siti Nurhaliza Tarudin"),
        ("Siti N.", ""),
    ]


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("Dr. H. Muhammad Iskandar Zulkarnain, S.Sos., M.Si.", "H. Muhammad I. Z."),
        ("Siti Nurhaliza Tarudin", "Siti Nurhaliza T."),
        ("Drs.", "Drs."),
        ("Siti N., S.Kom.", "Siti N., S.Kom."),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahr"),
    ],
)
def test_a_shorter_name_fits_the_door(name: str, shorter: str) -> None:
    assert shorter_name(name) == shorter
    assert len(shorter) <= 20
