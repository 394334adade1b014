"""The seal's QR code on paper: large enough for an old phone, drawn as few rectangles."""

from typing import Any

import segno
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

# Version 10 or 11: half a millimetre a module. A page scanned at 100 dpi is read by the door's decoder
# (2026); zbar needs 3 px a module.
MODULES_MM = 30.0
QUIET_MODULES = 4
# With its quiet zone, for the widest symbol that a seal needs here (version 12: 65 modules).
CODE_MM = 34.5


def matrix_of(text: str) -> tuple[tuple[int, ...], ...]:
    """Return the modules of a seal, 1 dark, without quiet zone; level M, as on all of our paper."""
    return tuple(tuple(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix)


def draw_code(canvas: Canvas, text: str) -> None:
    """Draw the code into the square of ``CODE_MM`` at the origin; each run of dark modules is one path."""
    matrix = matrix_of(text)
    side = MODULES_MM * mm / len(matrix)
    offset = (CODE_MM - MODULES_MM) / 2 * mm
    path: Any = canvas.beginPath()
    for row, values in enumerate(matrix):
        bottom = offset + (len(matrix) - 1 - row) * side
        for column, value in enumerate(values):
            if value and (column == 0 or not values[column - 1]):
                length = next((n for n, dark in enumerate(values[column:]) if not dark), len(values) - column)
                path.rect(offset + column * side, bottom, length * side, side)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
