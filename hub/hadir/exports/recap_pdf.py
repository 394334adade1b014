"""A recap of a month as PDF: A4 landscape, a row a person, the header on every page."""

from decimal import Decimal

from flask_babel import gettext as _

from hub.hadir.asking import percent_text
from hub.hadir.exports.document import RecapDocument, sums_of
from hub.hadir.exports.pages import (
    A4_LANDSCAPE,
    BOLD,
    MARGIN_PT,
    SOFT,
    WARNING,
    Pages,
    shortened,
)
from hub.hadir.results.showing.recap import RecapLine, letters

ROW_PT, HEAD_PT = 13.0, 26.0
_NUMBER_PT, _NAME_PT, _SUM_PT = 30.0, 96.0, 33.0
_WIDTH_PT = A4_LANDSCAPE.width_pt - 2 * MARGIN_PT


def recap_pdf(document: RecapDocument) -> bytes:
    """Return the file."""
    place = f"{document.title} · {document.place} · {document.month:%Y-%m}"
    facts = " · ".join(f"{name}: {value}" for name, value in document.facts)
    grid = _Grid(document)

    def head(pages: Pages) -> None:
        pages.line(f"{document.title}: {document.place}", size_pt=13, font=BOLD)
        pages.line(f"{document.month:%Y-%m}", size_pt=9, color=SOFT)
        pages.paragraph(facts, size_pt=7, color=SOFT)
        if document.warning:
            pages.line(document.warning, size_pt=8, font=BOLD, color=WARNING)
        grid.header(pages)

    pages = Pages(A4_LANDSCAPE, title=place, foot=place, head=head)
    for place_in_list, line in enumerate(document.lines):
        pages.room_for(ROW_PT)
        grid.row(pages, line, is_shaded=place_in_list % 2 == 1)
    if not document.lines:
        pages.line(_("Tidak ada pegawai."), color=SOFT)
    pages.room_for(30)
    pages.y_pt -= 4
    pages.paragraph(document.legend, size_pt=7, color=SOFT)
    return pages.finish()


class _Grid:
    """Where columns stand: number, name, days, sums."""

    def __init__(self, document: RecapDocument) -> None:
        self._document = document
        self._days_pt = MARGIN_PT + _NUMBER_PT + _NAME_PT
        self._sums_pt = MARGIN_PT + _WIDTH_PT - _SUM_PT * len(document.sums)
        self._day_pt = (self._sums_pt - self._days_pt) / max(1, len(document.days))

    def header(self, pages: Pages) -> None:
        pages.y_pt -= 4
        pages.shade(HEAD_PT)
        pages.y_pt -= HEAD_PT - 4
        pages.text(MARGIN_PT + 2, _("no."), size_pt=7, font=BOLD)
        pages.text(MARGIN_PT + _NUMBER_PT, _("nama"), size_pt=7, font=BOLD)
        for place, day in enumerate(self._document.days):
            pages.text(self._middle_pt(place), f"{day.day}", size_pt=6.5, font=BOLD, align="centre")
        for place, name in enumerate(self._document.sums):
            for line, word in enumerate(reversed(name.split(" ")[:3])):
                x_pt = self._sums_pt + _SUM_PT * (place + 1) - 2
                pages.text(x_pt, word, size_pt=5, font=BOLD, align="right", above_pt=6.5 * line)
        pages.y_pt -= 4

    def row(self, pages: Pages, line: RecapLine, *, is_shaded: bool) -> None:
        if is_shaded:
            pages.shade(ROW_PT)
        pages.y_pt -= ROW_PT - 4
        pages.text(MARGIN_PT + 2, f"{line.person.number}", size_pt=6.5)
        name = shortened(line.person.name, 7, _NAME_PT - 4)
        pages.text(MARGIN_PT + _NUMBER_PT, name, size_pt=7)
        for place, code in enumerate(letters(line)):
            self._code(pages, self._middle_pt(place), code)
        for place, value in enumerate(sums_of(line)):
            text = percent_text(value) if isinstance(value, Decimal) else f"{value}"
            pages.text(self._sums_pt + _SUM_PT * (place + 1) - 2, text, size_pt=7, align="right")
        pages.y_pt -= 4
        pages.rule(below_pt=0)

    def _code(self, pages: Pages, x_pt: float, code: str) -> None:
        if "+" not in code:
            pages.text(x_pt, code, size_pt=6 if len(code) < 4 else 5, align="centre")
            return
        above, below = code.split("+", 1)
        pages.text(x_pt, above, size_pt=4.8, align="centre", above_pt=3.2)
        pages.text(x_pt, below, size_pt=4.8, align="centre", above_pt=-1.8)

    def _middle_pt(self, place: int) -> float:
        return self._days_pt + self._day_pt * (place + 0.5)
