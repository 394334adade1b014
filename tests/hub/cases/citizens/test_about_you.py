"""What somebody says of themselves: the day of birth and the NIK must be of one person."""

from datetime import date

import pytest

from hub.cases.citizens.about_you import about_you, about_you_faults

TODAY = date(2026, 11, 22)
LIM = {
    "diri_name": ["Lim  A Hua "],
    "diri_nik": ["6171025507929903"],
    "diri_birth_place": ["Pontianak"],
    "diri_birth_date": ["1992-07-15"],
    "diri_address": ["Gg. Contoh 5"],
    "diri_kelurahan": ["61.71.01.1002"],
}


def test_a_womans_nik_has_forty_added_to_the_day() -> None:
    assert about_you_faults(LIM, TODAY) == ()
    assert about_you(LIM).name == "Lim A Hua"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"diri_birth_date": ["1992-07-16"]}, "tidak sama"),
        ({"diri_birth_date": ["2030-07-15"]}, "belum terjadi"),
        ({"diri_nik": ["6171"]}, "16 angka"),
        ({"diri_kelurahan": [""]}, "Kelurahan: belum diisi"),
    ],
    ids=["another-day", "not-born", "short", "nowhere"],
)
def test_what_cannot_be_is_said(change: dict[str, list[str]], words: str) -> None:
    assert any(words in fault.text for fault in about_you_faults(LIM | change, TODAY))
