"""Dates, numbers and ages as people write them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.web import formats

WIB = ZoneInfo("Asia/Pontianak")
AT = datetime(2026, 11, 21, 0, 14, 22, tzinfo=UTC)
AGE_SCRIPT = Path(formats.__file__).parent / "static/js/age.js"


def test_a_moment_names_day_and_zone() -> None:
    assert formats.moment_text(AT, WIB, "id") == "Sab 21 Nov 2026 07.14 WIB"
    assert formats.moment_text(AT, WIB, "en") == "Sat 21 Nov 2026 07:14 WIB"


def test_days_and_months_alone_know_no_zone() -> None:
    assert formats.date_text(AT.date(), "id") == "Sab 21 Nov 2026"
    assert formats.month_text(AT.date(), "id") == "Nov 2026"
    assert formats.month_text(AT.date().replace(month=5), "en") == "May 2026"


def test_a_day_begins_at_the_citys_midnight() -> None:
    assert formats.day_text(datetime(2026, 5, 30, 17, 0, tzinfo=UTC), WIB, "id") == "Min 31 Mei 2026"


def test_a_clock_has_seconds() -> None:
    assert formats.clock_text(AT, WIB, "id") == "07.14.22"
    assert formats.clock_text(AT, WIB, "en") == "07:14:22"


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [(0, 0, "0", "0"), (1234.56, 1, "1.234,6", "1,234.6"), (-1e6, 0, "-1.000.000", "-1,000,000")],
)
def test_numbers_follow_the_language(value: float, decimals: int, indonesian: str, english: str) -> None:
    assert formats.number_text(value, "id", decimals) == indonesian
    assert formats.number_text(value, "en", decimals) == english


def test_rupiah() -> None:
    assert formats.rupiah_text(1_250_000, "id") == "Rp\u00a01.250.000"
    assert formats.rupiah_text(-500, "id") == "-Rp\u00a0500"


@pytest.mark.parametrize(
    ("age_s", "text"),
    [
        (-3, "0 dtk"),
        (89.9, "89 dtk"),
        (90, "1 mnt"),
        (5399, "89 mnt"),
        (5400, "1 jam"),
        (129_599, "35 jam"),
        (129_600, "1 hari"),
    ],
)
def test_ages_change_their_unit_where_the_smaller_one_gets_long(age_s: float, text: str) -> None:
    assert formats.age_text(age_s, "id") == text


def test_the_script_counts_ages_by_the_same_bounds_and_words() -> None:
    script = AGE_SCRIPT.read_text("utf-8")
    assert '["s", "min", "h", "d"] : ["dtk", "mnt", "jam", "hari"]' in script
    assert "[[90, 1], [90 * 60, 60], [36 * 3600, 3600], [Infinity, 86400]]" in script


def test_sizes_and_coordinates() -> None:
    assert formats.bytes_text(900, "id") == "900 B"
    assert formats.bytes_text(8_300, "id") == "8,1 KiB"
    assert formats.bytes_text(5 * 2**40, "en") == "5,120.0 GiB"
    assert formats.coordinate_text(0.0) == "0.000000"
