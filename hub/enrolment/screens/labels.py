"""The label of a claim: QR code and text, on the screen as SVG and on paper as PDF.

The QR holds what ``pontive.toml`` on the card holds. Holds a secret: must not be kept anywhere.
"""

import io

import segno
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from edge.wire.joining.claims import read_claim_code
from edge.wire.joining.phone import access_point

QUIET_MODULES = 4
_CODE_MM = 58.0
_MARGIN_MM = 9.0
_GROUPS_A_LINE = 3


def claim_text(hub: str, code: str) -> str:
    """Return the content of ``pontive.toml``, which is that of the QR code too."""
    return f'hub = "{hub}"\ncode = "{code}"\n'


def claim_drawing(hub: str, code: str) -> tuple[int, str]:
    """Return the QR code for a page: modules a side, quiet zone included, and the path of an SVG."""
    rows = [list(row) for row in segno.make(claim_text(hub, code), error="m", micro=False).matrix]
    path = "".join(
        f"M{column + QUIET_MODULES} {line + QUIET_MODULES}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, is_dark in enumerate(row)
        if is_dark
    )
    return len(rows) + 2 * QUIET_MODULES, path


def claim_label(hub: str, code: str, *, title: str, device: str, until: str, city: str) -> bytes:
    """Return a PDF of A6 with QR code, text and the three steps.

    Args:
        hub: Its address.
        code: The claim code.
        title: Name of the site.
        device: Its id.
        until: Until when the code is good, in words.
        city: Stands at the head.
    """
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A6, pageCompression=1, invariant=1)
    canvas.setTitle(f"{device} {title}")
    width, height = A6
    y = height - _MARGIN_MM * mm
    for text, font, size in (
        (city, "Helvetica", 8),
        (title, "Helvetica-Bold", 13),
        (device, "Courier", 9),
    ):
        y -= size * 1.35
        _line(canvas, text, font, size, y)
    _draw_code(canvas, claim_text(hub, code), (width - _CODE_MM * mm) / 2, y - _CODE_MM * mm - 3)
    y -= _CODE_MM * mm + 14
    groups = code.split("-")
    for start in range(0, len(groups), _GROUPS_A_LINE):
        _line(canvas, "-".join(groups[start : start + _GROUPS_A_LINE]), "Courier-Bold", 12, y)
        y -= 15
    for text in (
        hub,
        f"Berlaku sampai {until}, sekali pakai.",
        *_wifi_lines(code),
        "1. Simpan pontive.toml di partisi PONTIVE kartu, atau di stik USB.",
        "2. Nyalakan perangkat; ia mendaftar sendiri.",
        "3. Buka Pemasangan di hub, periksa, serah terimakan.",
    ):
        _line(canvas, text, "Helvetica", 8, y)
        y -= 11
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _wifi_lines(code: str) -> tuple[str, str]:
    """Return what a phone joins when the device, with this claim on its card, finds no network."""
    point = access_point(read_claim_code(code).secret)
    return f"Tanpa jaringan: Wi-Fi {point.name}", f"sandi {point.password}"


def _line(canvas: Canvas, text: str, font: str, size: float, y: float) -> None:
    most = A6[0] - 2 * _MARGIN_MM * mm
    # What does not fit is drawn smaller rather than cut: it is there to be typed.
    size = min(size, size * most / max(stringWidth(text, font, size), 1))
    canvas.setFont(font, size)
    canvas.drawString(_MARGIN_MM * mm, y, text)


def _draw_code(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    module = _CODE_MM * mm / (len(rows) + 2 * QUIET_MODULES)
    for number, row in enumerate(reversed(rows)):
        for column, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(
                    left + (column + QUIET_MODULES) * module,
                    bottom + (number + QUIET_MODULES) * module,
                    module,
                    module,
                    stroke=0,
                    fill=1,
                )
