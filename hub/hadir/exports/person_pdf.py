"""One person's month as PDF: each day with its times, its cuts and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from hub.hadir.asking import day_words, percent_text
from hub.hadir.exports.pages import (
    A4_PORTRAIT,
    BOLD,
    MARGIN_PT,
    SOFT,
    WARNING,
    Pages,
    shortened,
    split,
)
from hub.hadir.results.reading.rows import percent_of
from hub.hadir.results.rules import DayResult
from hub.hadir.results.showing.recap import RecapLine
from hub.hadir.results.translation import explained

_COLUMNS_PT = (MARGIN_PT + 2, 112.0, 158.0, 194.0, 230.0, 272.0)
_WHY_PT = _COLUMNS_PT[-1]
_LINE_PT = 9.0


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """What the sheet of one person says."""

    line: RecapLine
    opd: str
    month: date
    facts: Sequence[tuple[str, str]]
    warning: str
    zone: ZoneInfo
    language: str


def person_pdf(sheet: PersonMonth) -> bytes:
    """Return the file."""
    person = sheet.line.person
    title = _("Hadir: %(name)s, %(month)s", name=person.name, month=f"{sheet.month:%Y-%m}")

    def head(pages: Pages) -> None:
        pages.line(title, size_pt=13, font=BOLD)
        place = " · ".join(part for part in (sheet.opd, person.unit_name) if part)
        pages.line(_("pegawai no. %(number)s", number=person.number) + f" · {place}", size_pt=9, color=SOFT)
        pages.paragraph(" · ".join(f"{n}: {v}" for n, v in sheet.facts), size_pt=7, color=SOFT)
        if sheet.warning:
            pages.paragraph(sheet.warning, size_pt=8, color=WARNING)
        _header(pages)

    pages = Pages(A4_PORTRAIT, title=title, foot=title, head=head)
    for day in sheet.line.days:
        if day is not None:
            _day(pages, day, sheet)
    _sums(pages, sheet.line)
    return pages.finish()


def _header(pages: Pages) -> None:
    pages.y_pt -= 5
    pages.shade(14)
    pages.y_pt -= 10
    names = (_("Hari"), _("Kode"), _("Masuk"), _("Pulang"), _("Potongan"), _("Alasan"))
    for x_pt, name in zip(_COLUMNS_PT, names, strict=True):
        pages.text(x_pt, shortened(name, 7, 40), size_pt=7, font=BOLD)
    pages.y_pt -= 4


def _day(pages: Pages, day: DayResult, sheet: PersonMonth) -> None:
    width_pt = pages.size.width_pt - MARGIN_PT - _WHY_PT
    why = [part for one in day.explanation for part in split(explained(one, sheet.language), 7, width_pt)]
    pages.room_for(_LINE_PT * max(1, len(why)) + 4)
    pages.y_pt -= _LINE_PT
    cut = percent_of(day)
    cells = (
        day_words(day.day),
        day.code,
        _clock(day.arrived_at, sheet.zone),
        _clock(day.left_at, sheet.zone),
        f"{percent_text(cut)} %" if cut else "",
    )
    for x_pt, text in zip(_COLUMNS_PT, cells, strict=False):
        pages.text(x_pt, text, size_pt=7.5)
    for place, part in enumerate(why):
        pages.y_pt -= _LINE_PT if place else 0
        pages.text(_WHY_PT, part, size_pt=7)
    pages.y_pt -= 3
    pages.rule(below_pt=0)


def _sums(pages: Pages, line: RecapLine) -> None:
    sums = line.month
    pages.room_for(40)
    pages.y_pt -= 6
    words = (
        _("Potongan bulan ini: %(percent)s %%", percent=percent_text(sums.percent)),
        _("terlambat %(count)s menit", count=sums.late_min),
        _("pulang awal %(count)s menit", count=sums.early_min),
        _("hari belum lengkap: %(count)s", count=sums.incomplete_days),
    )
    pages.line(" · ".join(words), size_pt=9, font=BOLD)


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H.%M}" if at else ""
