"""Badges as sheets of A4 to print and cut: ten cards of 85.6 x 54 mm a page, with cut marks.

Cards are drawn one by one as they come, so a run of the whole city needs no more memory than its
finished file. No NIP and no NIK: a card that is found in the street tells a name and an office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from hub.people.badges.service import PrintedBadge

# ISO/IEC 7810 (2019), size ID-1.
CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 54.0
COLUMNS, ROWS = 2, 5
# Layout HB asks for 45 mm at least, quiet zone of four modules on each side included.
CODE_MM = 46.0
QUIET_MODULES = 4
# The payload is as good as random bits, so no mask is better than another, and trying all eight
# takes five times as long.
_MASK = 2
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_MARGIN = 3.2 * mm
_TEXT_WIDTH = (CARD_WIDTH_MM - CODE_MM) * mm - _MARGIN
_MARK = 3.5 * mm


@dataclass(frozen=True, slots=True)
class Printout:
    """How much was printed."""

    cards: int
    pages: int


def draw_sheets(file: IO[bytes] | str, badges: Iterable[PrintedBadge], *, city: str) -> Printout:
    """Write a PDF with a card for each badge.

    Args:
        file: Where to; a name or a file open for bytes.
        badges: In the order of the sheets.
        city: Stands at the head of each card.

    Returns:
        How many cards and pages; without any card there is one empty page.
    """
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(f"Kartu Hadir {city}")
    count, per_page = 0, COLUMNS * ROWS
    for badge in badges:
        place = count % per_page
        if place == 0:
            if count:
                canvas.showPage()
            _cut_marks(canvas)
        _draw_card(canvas, badge, city, place)
        count += 1
    canvas.showPage()
    canvas.save()
    return Printout(cards=count, pages=-(-count // per_page))


def corner_of(place: int) -> tuple[float, float]:
    """Return the lower left corner of the card at a place of the page, 0 to 9, in points."""
    row, column = divmod(place, COLUMNS)
    left = (A4[0] - COLUMNS * CARD_WIDTH_MM * mm) / 2
    top = (A4[1] + ROWS * CARD_HEIGHT_MM * mm) / 2
    return left + column * CARD_WIDTH_MM * mm, top - (row + 1) * CARD_HEIGHT_MM * mm


def _draw_card(canvas: Canvas, badge: PrintedBadge, city: str, place: int) -> None:
    canvas.saveState()
    canvas.translate(*corner_of(place))
    _draw_texts(canvas, badge, city)
    canvas.translate((CARD_WIDTH_MM - CODE_MM) * mm, (CARD_HEIGHT_MM - CODE_MM) / 2 * mm)
    _draw_code(canvas, badge.code)
    canvas.restoreState()


def _draw_texts(canvas: Canvas, badge: PrintedBadge, city: str) -> None:
    top = CARD_HEIGHT_MM * mm
    canvas.setFillGray(0)
    _write(canvas, top - 8 * mm, "Kartu Hadir", "Helvetica-Bold", 10)
    _write(canvas, top - 12 * mm, city, "Helvetica", 7)
    _write(canvas, top - 22 * mm, badge.name, "Helvetica-Bold", 11)
    for number, line in enumerate(_lines(badge.opd, 7)[:3]):
        _write(canvas, top - (26.5 + 3.2 * number) * mm, line, "Helvetica", 7)
    _write(canvas, 12.5 * mm, f"No. {badge.number}", "Helvetica", 7)
    _write(canvas, 9 * mm, f"Berlaku s.d. {day_text(badge.valid_until)}", "Helvetica", 7)
    canvas.setFillGray(0.35)
    _write(canvas, 4 * mm, "Perlu PIN di pintu masuk", "Helvetica", 6)


def _write(canvas: Canvas, y: float, text: str, font: str, size: float) -> None:
    """Write a line at the left edge, smaller when it would run into the code."""
    fitting = min(size, size * _TEXT_WIDTH / max(stringWidth(text, font, size), 1e-6))
    canvas.setFont(font, fitting)
    canvas.drawString(_MARGIN, y, text)


def _lines(text: str, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, "Helvetica", size) <= _TEXT_WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw_code(canvas: Canvas, text: str) -> None:
    """Draw a QR code of level Q; each run of dark modules is one rectangle."""
    matrix = segno.make_qr(text, error="q", boost_error=False, mode="alphanumeric", mask=_MASK).matrix
    modules = len(matrix)
    canvas.scale(*(2 * (CODE_MM * mm / (modules + 2 * QUIET_MODULES),)))
    canvas.setFillGray(0)
    path: Any = canvas.beginPath()
    for row, values in enumerate(matrix):
        y = QUIET_MODULES + modules - 1 - row
        for start, length in dark_runs(values):
            path.rect(QUIET_MODULES + start, y, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)


def dark_runs(values: Iterable[int]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of ones."""
    runs: list[tuple[int, int]] = []
    for place, value in enumerate(values):
        if not value:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs


def day_text(day: date) -> str:
    """Return as ``30 Nov 2028``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _cut_marks(canvas: Canvas) -> None:
    """Draw short lines outside the cards, where the knife goes."""
    canvas.setLineWidth(0.3)
    left, bottom = corner_of(COLUMNS * (ROWS - 1))
    right, top = left + COLUMNS * CARD_WIDTH_MM * mm, bottom + ROWS * CARD_HEIGHT_MM * mm
    for column in range(COLUMNS + 1):
        x = left + column * CARD_WIDTH_MM * mm
        canvas.line(x, top + mm, x, top + mm + _MARK)
        canvas.line(x, bottom - mm, x, bottom - mm - _MARK)
    for row in range(ROWS + 1):
        y = bottom + row * CARD_HEIGHT_MM * mm
        canvas.line(left - mm, y, left - mm - _MARK, y)
        canvas.line(right + mm, y, right + mm + _MARK, y)
