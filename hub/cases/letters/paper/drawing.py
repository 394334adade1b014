"""A letter as PDF: the city's head, the words, the block of the signature, the seal as QR code.

reportlab, which badges need anyway: WeasyPrint would bring pango and cairo to every hub. The same
letter gives the same bytes. Must not decide a word; the fonts are those every reader has.
"""

import io
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from hub.cases.letters.paper.code import CODE_MM, draw_code
from hub.cases.letters.paper.composing import Letter, Rows

_MARGIN = 25 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_LABEL_WIDTH = 48 * mm
_GREY = HexColor(0x444444)

_PLAIN = ParagraphStyle("plain", fontName="Times-Roman", fontSize=11.5, leading=16)
_JUSTIFIED = ParagraphStyle("justified", parent=_PLAIN, alignment=TA_JUSTIFY, spaceBefore=3 * mm)
_CENTRED = ParagraphStyle("centred", parent=_PLAIN, alignment=TA_CENTER)
_HEAD = ParagraphStyle("head", parent=_CENTRED, fontName="Times-Bold", fontSize=13.5, leading=17)
_SMALL = ParagraphStyle(
    "small", parent=_PLAIN, fontName="Helvetica", fontSize=7.5, leading=10, textColor=_GREY
)
_SMALL_CENTRED = ParagraphStyle("small-centred", parent=_SMALL, alignment=TA_CENTER)
_ROW_STYLE = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
]
_TITLE = ParagraphStyle("title", parent=_HEAD, spaceBefore=6 * mm)


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """What stands around the words: the seal's text, its code for typing, where it is checked."""

    seal: str
    code: str
    address: str
    valid_until: str


class _Code(Flowable):  # type: ignore[misc]  # reportlab brings no types
    """The QR code as something that flows with the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.width = self.height = CODE_MM * mm

    def wrap(self, *_room: float) -> tuple[float, float]:
        """Return how much room it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it at the origin."""
        draw_code(self.canv, self._text)


def draw_letter(letter: Letter, paper: SealedPaper) -> bytes:
    """Return the PDF; the text of the seal also stands in its keywords, to be found in an upload."""
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=18 * mm,
        bottomMargin=24 * mm,
        invariant=1,
        pageCompression=1,
        title=f"{letter.title} {letter.number}",
        author=f"Pemerintah {letter.city}",
        keywords=paper.seal,
        lang="id-ID",
    )
    foot = partial(_draw_foot, text=f"{letter.title} · {letter.number}")
    document.build([*_head(letter), *_body(letter), _signature(letter, paper)], foot, foot)
    return file.getvalue()


def _head(letter: Letter) -> list[Flowable]:
    lines = [f"Pemerintah {letter.city}", *letter.head]
    return [
        *(Paragraph(escape(line.upper()), _HEAD) for line in lines),
        *([Paragraph(escape(letter.head_address), _SMALL_CENTRED)] if letter.head_address else []),
        HRFlowable(width="100%", thickness=1.6, color=HexColor(0), spaceBefore=2 * mm, spaceAfter=0.6 * mm),
        HRFlowable(width="100%", thickness=0.5, color=HexColor(0), spaceBefore=0, spaceAfter=0),
        Paragraph(f"<u>{escape(letter.title.upper())}</u>", _TITLE),
        Paragraph(f"Nomor: {escape(letter.number)}", _CENTRED),
        Spacer(1, 4 * mm),
    ]


def _body(letter: Letter) -> list[Flowable]:
    parts: list[Flowable] = [Paragraph(escape(letter.opening), _JUSTIFIED), _rows(letter.holder)]
    parts.append(Paragraph(escape(letter.statement), _JUSTIFIED))
    if letter.rows:
        parts.append(_rows(letter.rows))
    parts += [Paragraph(escape(text), _JUSTIFIED) for text in (letter.after, letter.closing) if text]
    return parts


def _rows(rows: Rows) -> Flowable:
    cells = [[_words(label), _words(":"), _words(value)] for label, value in rows]
    widths = [_LABEL_WIDTH, 4 * mm, _WIDTH - _LABEL_WIDTH - 12 * mm]
    # A long answer may be taller than a page: its row is broken, too.
    table = Table(cells, colWidths=widths, hAlign="CENTER", splitInRow=1)
    table.setStyle(_ROW_STYLE)
    return table


def _words(text: str) -> Paragraph:
    return Paragraph(escape(text).replace("\n", "<br/>"), _PLAIN)


def _signature(letter: Letter, paper: SealedPaper) -> Flowable:
    signed: list[Any] = [
        Paragraph(escape(letter.place_and_day), _PLAIN),
        Paragraph(escape(letter.signed_as) + ",", _PLAIN),
        Spacer(1, 8 * mm),
        Paragraph("Disetujui secara elektronik", _SMALL),
        Spacer(1, 6 * mm),
        Paragraph(f"<b><u>{escape(letter.signatory)}</u></b>", _PLAIN),
        Paragraph(escape(letter.signatory_rank), _PLAIN),
    ]
    sealed: list[Any] = [
        _Code(paper.seal),
        Paragraph(f"Kode periksa: <b>{escape(paper.code)}</b>", _SMALL),
    ]
    left = CODE_MM * mm + 14 * mm
    block = Table([[sealed, signed]], colWidths=[left, _WIDTH - left])
    block.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    notes = (
        f"Surat ini bersegel elektronik Pontive. Periksa keasliannya dengan memindai kode di atas, "
        f"di {paper.address}, atau di kios pintu masuk kantor. {paper.valid_until}"
    )
    return KeepTogether([Spacer(1, 8 * mm), block, Spacer(1, 3 * mm), Paragraph(escape(notes), _SMALL)])


def _draw_foot(canvas: Canvas, document: Any, text: str) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7.5)
    canvas.setFillColor(_GREY)
    canvas.drawString(_MARGIN, 12 * mm, text)
    canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, f"Halaman {document.page}")
    canvas.restoreState()
