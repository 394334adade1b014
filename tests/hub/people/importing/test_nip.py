"""A NIP is checked part by part, and what spreadsheets do to one is recognised in every form."""

import pytest

from hub.people.importing.cells import BadCell
from hub.people.importing.nip import nip_digest, read_nip
from tests.hub.people.importing.conftest import NIP, TODAY


@pytest.mark.parametrize(
    "text",
    [
        NIP,
        f" {NIP} ",
        f"'{NIP}",
        f'="{NIP}"',
        "19870315 200902 1 002",
        "19870315.200902.1.002",
        "19870315-200902-1-002",
    ],
)
def test_a_nip_is_read_however_it_is_written(text: str) -> None:
    assert read_nip(text, TODAY) == NIP


def test_the_number_of_a_pppk_has_21_in_place_of_the_month() -> None:
    assert read_nip("199003122023211004", TODAY) == "199003122023211004"


def test_an_empty_cell_is_no_mistake() -> None:
    assert read_nip("  ", TODAY) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1.9E+17",
        "1,9E+17",
        "1.98703e17",
        "1,98703152009021E+17",
        "1.98703152009021E+0017",
        "2E17",
        "1.9 E+17",
        "'1.98703E+17",
        "198703152009021000",
        "198703152009021002.0",
        "198703152009021002,00",
        "19870315 200902 1 000",
        "########",
    ],
)
def test_what_a_spreadsheet_broke_is_named_with_the_remedy(text: str) -> None:
    with pytest.raises(BadCell, match="rusak oleh Excel; ubah kolom menjadi Teks"):
        read_nip(text, TODAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12345", "harus 18 angka, di sini 5"),
        (NIP + "1", "harus 18 angka"),
        ("19870315200902100A", "harus 18 angka"),
        ("198702302009021002", "bukan tanggal lahir"),
        ("188703152009021002", "bukan tanggal lahir"),
        ("202003152009021002", "bukan tanggal lahir"),
        ("198703151995021002", "bukan tahun dan bulan pengangkatan"),
        ("198703152031021002", "bukan tahun dan bulan pengangkatan"),
        ("198703152009131002", "bukan tahun dan bulan pengangkatan"),
        ("198703152009003002", "bukan tahun dan bulan pengangkatan"),
        ("198703152009023002", "jenis kelamin, 1 atau 2"),
    ],
)
def test_a_part_that_cannot_be_is_named(text: str, words: str) -> None:
    with pytest.raises(BadCell, match=words):
        read_nip(text, TODAY)


def test_a_digest_depends_on_the_key_and_tells_nothing() -> None:
    digest = nip_digest("a" * 40, NIP)
    assert len(digest) == 64
    assert digest != nip_digest("b" * 40, NIP)
    assert NIP not in digest
