"""A list as a file, CSV or workbook: the same header and the same rows in both."""

from collections.abc import Sequence

from flask import Response

from hub.web.files.spreadsheet import XLSX_TYPE, Sheet, file_response, workbook
from hub.web.files.tables import csv_response
from hub.web.formats import moment_text
from hub.web.i18n import language
from hub.web.parts import parts


def list_as_csv(name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
    """Return a list as CSV; ``name`` is that of the file without its ending."""
    return csv_response(f"{name}.csv", header, rows)


def list_as_xlsx(
    name: str,
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    widths: Sequence[float] = (),
) -> Response:
    """Return a list as a workbook with its title and the present moment above it.

    Args:
        name: Of the file, without its ending.
        title: Of the sheet, in the language of the request.
        header: One text a column.
        rows: As in the CSV.
        widths: Of the columns, in letters; 18 where none is said.
    """
    here = parts()
    sheet = Sheet(
        title=title,
        above=[[title], [moment_text(here.now(), here.zone, language())]],
        header=header,
        rows=rows,
        widths=widths or (18,) * len(header),
        kept_columns=1,
    )
    return file_response(workbook(sheet), f"{name}.xlsx", XLSX_TYPE)
