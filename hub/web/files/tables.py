"""Tables as CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# OWASP ASVS 5.0 (2025), 1.2.10: a cell that begins like a formula is run by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_SIGNS = ("-", "+")


def cell(value: object) -> str:
    """Return the text of one cell; a text that looks like a formula gets an apostrophe.

    A sign alone is no formula: spreadsheets show it as it is.
    """
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) and text not in _SIGNS else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV with a mark in front, so that spreadsheets read its letters right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([cell(value) for value in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + buffer.getvalue()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a file to keep, in UTF-8."""
    response = Response(csv_text(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
