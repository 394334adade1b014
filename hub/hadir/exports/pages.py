"""Pages of a PDF drawn by hand: a head, rows, a foot with page numbers. Knows nothing of attendance.

A layout engine takes minutes for a month of a large OPD; drawn cell by cell it is a second.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

MARGIN_PT = 28.0
REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
INK, SOFT, WARNING, RULE, SHADE = "#13201e", "#4b5c59", "#ad221b", "#c9d3d1", "#eef2f1"


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height in points."""

    width_pt: float
    height_pt: float


A4_LANDSCAPE = PageSize(*landscape(A4))
A4_PORTRAIT = PageSize(*A4)


def plain(text: str) -> str:
    """Return what the fonts of every PDF reader can show."""
    return text.encode("cp1252", "replace").decode("cp1252")


class Pages:
    """A document that grows downwards; ``y_pt`` is where the next line goes."""

    def __init__(self, size: PageSize, *, title: str, foot: str, head: Callable[["Pages"], None]) -> None:
        """Take the size, what stands at the foot of each page, and what draws the head of each."""
        self.size, self._foot, self._head = size, plain(foot), head
        self._buffer = io.BytesIO()
        self._canvas: Any = _NumberedCanvas(self._buffer, pagesize=(size.width_pt, size.height_pt))
        self._canvas.setTitle(plain(title))
        self._canvas.draw_foot = self._draw_foot
        self.number = 0
        self.y_pt = 0.0
        self.turn()

    def turn(self) -> None:
        """Begin a new page with its head."""
        if self.number:
            self._canvas.showPage()
        self.number += 1
        self.y_pt = self.size.height_pt - MARGIN_PT
        self._head(self)

    def room_for(self, height_pt: float) -> None:
        """Turn the page when so much does not fit any more."""
        if self.y_pt - height_pt < MARGIN_PT + 14:
            self.turn()

    def line(
        self, text: str, *, size_pt: float = 9, font: str = REGULAR, color: str = INK, x_pt: float = MARGIN_PT
    ) -> None:
        """Write one line and go down."""
        self.y_pt -= size_pt * 1.3
        self.text(x_pt, text, size_pt=size_pt, font=font, color=color)

    def paragraph(self, text: str, *, size_pt: float = 8, color: str = INK) -> None:
        """Write a text over the width of the page, in as many lines as it takes."""
        for part in split(text, size_pt, self.size.width_pt - 2 * MARGIN_PT):
            self.line(part, size_pt=size_pt, color=color)

    def text(
        self,
        x_pt: float,
        text: str,
        *,
        size_pt: float = 8,
        font: str = REGULAR,
        color: str = INK,
        align: str = "left",
        above_pt: float = 0,
    ) -> None:
        """Write a text at the current height, or so much above it."""
        self._canvas.setFont(font, size_pt)
        self._canvas.setFillColor(color)
        draw = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "centre": self._canvas.drawCentredString,
        }[align]
        draw(x_pt, self.y_pt + above_pt, plain(text))

    def rule(self, *, below_pt: float = 2) -> None:
        """Draw a thin line over the width."""
        y_pt = self.y_pt - below_pt
        self._canvas.setStrokeColor(RULE)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(MARGIN_PT, y_pt, self.size.width_pt - MARGIN_PT, y_pt)

    def shade(self, height_pt: float) -> None:
        """Shade the next band of this height."""
        self._canvas.setFillColor(SHADE)
        width_pt = self.size.width_pt - 2 * MARGIN_PT
        self._canvas.rect(MARGIN_PT, self.y_pt - height_pt, width_pt, height_pt, stroke=0, fill=1)

    def finish(self) -> bytes:
        """Return the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def _draw_foot(self, number: int, total: int) -> None:
        self._canvas.setFont(REGULAR, 7)
        self._canvas.setFillColor(SOFT)
        self._canvas.drawString(MARGIN_PT, MARGIN_PT - 8, self._foot)
        right_pt = self.size.width_pt - MARGIN_PT
        self._canvas.drawRightString(right_pt, MARGIN_PT - 8, f"{number} / {total}")


def split(text: str, size_pt: float, width_pt: float) -> Sequence[str]:
    """Return a text in lines no wider than ``width_pt``."""
    lines: list[str] = simpleSplit(plain(text), REGULAR, size_pt, width_pt)
    return lines


def shortened(text: str, size_pt: float, width_pt: float) -> str:
    """Return a text cut so that it fits."""
    text = plain(text)
    if stringWidth(text, REGULAR, size_pt) <= width_pt:
        return text
    while text and stringWidth(text + "...", REGULAR, size_pt) > width_pt:
        text = text[:-1]
    return text + "..."


class _NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no type hints
    """Keeps its pages until the end, so that each can say how many there are."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: list[dict[str, Any]] = []
        self.draw_foot: Callable[[int, int], None] = lambda _number, _total: None

    def showPage(self) -> None:  # noqa: N802 (reportlab's own name)
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = list(self._kept)
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self.draw_foot(number, len(pages))
            super().showPage()
        super().save()
