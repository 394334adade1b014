"""A recap as CSV and as XLSX."""

from decimal import Decimal

from flask import Response
from flask_babel import gettext as _

from hub.hadir.asking import percent_text
from hub.hadir.exports.document import RecapDocument, person_cells, sums_of
from hub.web.files.spreadsheet import Sheet, workbook
from hub.web.files.tables import csv_response

_WIDTHS = (9.0, 26.0, 24.0)
_DAY_WIDTH, _SUM_WIDTH = 5.5, 12.0


def recap_csv(document: RecapDocument, name: str) -> Response:
    """Return the CSV; percentages are written as on screen."""
    rows = [
        [*person_cells(line), *(percent_text(n) if isinstance(n, Decimal) else n for n in sums_of(line))]
        for line in document.lines
    ]
    first, *others = _above(document)
    return csv_response(name, [str(value) for value in first], [*others, document.header, *rows])


def recap_xlsx(document: RecapDocument) -> bytes:
    """Return the workbook; percentages are numbers."""
    return workbook(
        Sheet(
            title=f"{document.month:%Y-%m}",
            above=_above(document),
            header=document.header,
            rows=([*person_cells(line), *sums_of(line)] for line in document.lines),
            below=[[], [document.legend]],
            widths=[*_WIDTHS, *[_DAY_WIDTH] * len(document.days), *[_SUM_WIDTH] * len(document.sums)],
            kept_columns=2,
        )
    )


def _above(document: RecapDocument) -> list[list[object]]:
    head: list[list[object]] = [[document.title, document.place, f"{document.month:%Y-%m}"]]
    head += [list(fact) for fact in document.facts]
    return head + ([[_("Peringatan"), document.warning]] if document.warning else [])
