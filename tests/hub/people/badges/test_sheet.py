"""Sheets of badges: ten a page, readable, with no more on them than there should be."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.units import mm

from hub.people.badges import sheet
from hub.people.badges.service import PrintedBadge
from tests.hub.people.badges.page_pixels import content_streams, draw_page

UNTIL = date(2028, 11, 20)
# Base45 has these letters; a real code is as long.
CODE = "HB:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 2 + "0123456789ABCDEFGHIJK"


def badges(count: int, name: str = "Siti N.", opd: str = "Dinas Kominfo") -> Iterator[PrintedBadge]:
    for number in range(count):
        yield PrintedBadge(name, opd, 101 + number, 3, UNTIL, f"{CODE[:-4]}{number:04}")


def drawn(*given: PrintedBadge) -> tuple[sheet.Printout, bytes]:
    file = io.BytesIO()
    return sheet.draw_sheets(file, given, city="Kota Pontianak"), file.getvalue()


def test_ten_cards_make_a_page(tmp_path: Path) -> None:
    for cards, pages in ((0, 0), (1, 1), (10, 1), (11, 2), (21, 3)):
        printout, pdf = drawn(*badges(cards))
        assert (printout.cards, printout.pages) == (cards, pages)
        assert len(content_streams(pdf)) == max(1, pages)


def test_every_code_of_a_page_is_read(tmp_path: Path) -> None:
    _, pdf = drawn(*badges(13))
    for page, expected in zip(content_streams(pdf), (range(10), range(10, 13)), strict=True):
        read = {found.text for found in zxingcpp.read_barcodes(draw_page(page))}
        assert read == {f"{CODE[:-4]}{number:04}" for number in expected}


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
def test_another_program_draws_the_same_codes(tmp_path: Path) -> None:
    _, pdf = drawn(*badges(10))
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "sheet.pdf", "page"], cwd=tmp_path, check=True)
    (picture,) = tmp_path.glob("page*.png")
    read = {found.text for found in zxingcpp.read_barcodes(Image.open(picture))}
    assert read == {f"{CODE[:-4]}{number:04}" for number in range(10)}


def test_a_code_is_of_level_q_and_as_large_as_asked() -> None:
    _, pdf = drawn(*badges(1))
    (found,) = zxingcpp.read_barcodes(draw_page(content_streams(pdf)[0], dots_per_point=3))
    assert found.ec_level == "Q"
    corners = found.position
    side_mm = (corners.top_right.x - corners.top_left.x) / 3 / mm
    # 45 modules of 53; with four modules of quiet zone on each side it is 45 mm and more.
    assert side_mm * 53 / 45 >= 45


def test_cards_do_not_overlap_and_stay_on_the_page() -> None:
    corners = [sheet.corner_of(place) for place in range(10)]
    lefts, bottoms = sorted({x for x, _ in corners}), sorted({y for _, y in corners})
    assert lefts[1] - lefts[0] == pytest.approx(85.6 * mm)
    assert {round(b - a, 6) for a, b in pairwise(bottoms)} == {round(54 * mm, 6)}
    assert min(lefts) > 10 * mm
    assert min(bottoms) > 10 * mm


def test_a_card_tells_name_office_number_and_last_day_and_nothing_else() -> None:
    _, pdf = drawn(*badges(1, opd="Dinas Komunikasi dan Informatika Kota Pontianak"))
    page = content_streams(pdf)[0]
    texts = [part.split(")")[0] for part in page.split("(")[1:]]
    assert texts == [
        "Kartu Hadir",
        "Kota Pontianak",
        "Siti N.",
        "Dinas Komunikasi dan",
        "Informatika Kota Pontianak",
        "No. 101-3",
        "Berlaku s.d. 20 Nov 2028",
        "Perlu PIN di pintu masuk",
    ]


def test_a_long_name_gets_smaller_letters_instead_of_running_into_the_code() -> None:
    sizes = []
    for name in ("Siti", "W" * 20):
        _, pdf = drawn(*badges(1, name=name))
        before = content_streams(pdf)[0].split(f"({name})")[0]
        sizes.append(float(before.split(" Tf")[-2].split()[-1]))
    assert sizes[0] == 11
    assert sizes[1] < 7


@pytest.mark.parametrize(
    ("values", "runs"),
    [([], []), ([0, 0], []), ([1, 1, 0, 1], [(0, 2), (3, 1)]), ([0, 1, 1, 1], [(1, 3)])],
)
def test_runs_of_dark_modules(values: list[int], runs: list[tuple[int, int]]) -> None:
    assert sheet.dark_runs(values) == runs
