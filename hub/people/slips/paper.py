"""Slips to cut from A4: a name, a secret in large letters, what to do with it, until when.

Ten a page. A slip is the only place where its secret is written: must not be kept anywhere.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

COLUMNS, ROWS = 2, 5
_MARGIN = 10 * mm
_WIDTH = (A4[0] - 2 * _MARGIN) / COLUMNS
_HEIGHT = (A4[1] - 2 * _MARGIN) / ROWS
_INSET = 4 * mm
_CODE_MM = 20
_QUIET = 4


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip. ``address`` is drawn as a QR code when it is not empty; it holds no secret."""

    title: str
    name: str
    office: str
    secret: str
    steps: tuple[str, ...]
    until: str
    address: str = ""


def draw_slips(slips: Iterable[Slip], *, city: str) -> bytes:
    """Return a PDF with a slip for each."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(f"Hadir {city}")
    for number, slip in enumerate(slips):
        place = number % (COLUMNS * ROWS)
        if number and place == 0:
            canvas.showPage()
        row, column = divmod(place, COLUMNS)
        canvas.saveState()
        canvas.translate(_MARGIN + column * _WIDTH, A4[1] - _MARGIN - (row + 1) * _HEIGHT)
        _draw(canvas, slip, city)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, slip: Slip, city: str) -> None:
    canvas.setDash(2, 2)
    canvas.setLineWidth(0.4)
    canvas.rect(0, 0, _WIDTH, _HEIGHT)
    canvas.setDash()
    inner = _WIDTH - 2 * _INSET
    _write(canvas, _HEIGHT - 6 * mm, f"{slip.title} · {city}", "Helvetica", 7, inner)
    _write(canvas, _HEIGHT - 11.5 * mm, slip.name, "Helvetica-Bold", 11, inner)
    _write(canvas, _HEIGHT - 15.5 * mm, slip.office, "Helvetica", 7, inner)
    _write(canvas, _HEIGHT - 23.5 * mm, slip.secret, "Courier-Bold", 17, inner)
    beside = inner - (_CODE_MM * mm if slip.address else 0)
    lines = [line for step in slip.steps for line in wrapped(step, beside - mm, 7)]
    for number, line in enumerate(lines):
        _write(canvas, _HEIGHT - (29.5 + 3.1 * number) * mm, line, "Helvetica", 7, beside)
    _write(canvas, 3.5 * mm, slip.until, "Helvetica-Bold", 7, inner)
    if slip.address:
        canvas.translate(_WIDTH - _INSET - (_CODE_MM - 2) * mm, 5 * mm)
        _draw_address(canvas, slip.address)


def wrapped(text: str, width: float, size: float) -> Sequence[str]:
    """Return a text as lines that fit, in points."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, "Helvetica", size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _write(canvas: Canvas, y: float, text: str, font: str, size: float, width: float) -> None:
    canvas.setFont(font, min(size, size * width / max(stringWidth(text, font, size), 1e-6)))
    canvas.drawString(_INSET, y, text)


def _draw_address(canvas: Canvas, address: str) -> None:
    matrix = segno.make_qr(address, error="m").matrix
    modules = len(matrix)
    side = _CODE_MM * mm / (modules + 2 * _QUIET)
    canvas.scale(side, side)
    path = canvas.beginPath()
    for row, values in enumerate(matrix):
        for column, value in enumerate(values):
            if value:
                path.rect(_QUIET + column, _QUIET + modules - 1 - row, 1, 1)
    canvas.drawPath(path, stroke=0, fill=1)
