"""Workbooks to keep: written row by row, so that a large one needs little memory; nothing in them runs."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_TITLE = 31  # of a sheet, as Excel has it
_NOT_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines above the table, its header (repeated in print), rows, lines below.

    ``widths`` are in letters, one a column; ``kept_columns`` stay in view when scrolled.
    """

    title: str
    above: Sequence[Sequence[object]]
    header: Sequence[object]
    rows: Iterable[Sequence[object]]
    below: Sequence[Sequence[object]] = ()
    widths: Sequence[float] = ()
    kept_columns: int = 0
    is_landscape: bool = True


def workbook(*sheets: Sheet) -> bytes:
    """Return an XLSX file; texts that look like formulas stay texts, numbers stay numbers."""
    # openpyxl costs a third of a second to import, and most processes never write a sheet.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet.title.translate(_NOT_IN_TITLE)[:_MAX_TITLE].strip() or "Hadir")
    head_row = len(sheet.above) + 1
    page.freeze_panes = f"{get_column_letter(sheet.kept_columns + 1)}{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.orientation = "landscape" if sheet.is_landscape else "portrait"
    page.page_setup.paperSize = 9  # A4, in the list of ECMA-376
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for place, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    bold, shade = Font(bold=True), PatternFill("solid", fgColor="DDE7E5")
    for number, row in enumerate(sheet.above):
        page.append(_cells(page, row, font=bold if number == 0 else None))
    wrap = Alignment(wrap_text=True, vertical="top")
    page.append(_cells(page, sheet.header, font=bold, fill=shade, alignment=wrap))
    for row in sheet.rows:
        page.append(_cells(page, row))
    for row in sheet.below:
        page.append(_cells(page, row))


def _cells(page: Any, row: Sequence[object], **styles: Any) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell

    made = []
    for value in row:
        if isinstance(value, int | float | Decimal) and not styles:
            made.append(value)
            continue
        one = WriteOnlyCell(page, value if isinstance(value, int | float | Decimal) else _text(value))
        if isinstance(one.value, str):
            # Without this a text that begins with "=" would be a formula.
            one.data_type = "s"
        for name, style in styles.items():
            if style is not None:
                setattr(one, name, style)
        made.append(one)
    return made


def _text(value: object) -> str:
    # No apostrophe as in CSV: the cell's type says that it is text. Control characters are not allowed.
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def table_response(
    name: str, title: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> Response:
    """Return one table as a workbook to keep, its columns as wide as what stands in them."""
    kept = [list(row) for row in rows]
    columns = zip(header, *kept, strict=True)
    widths = [min(48.0, max(8.0, 2.0 + max(len(str(value)) for value in column))) for column in columns]
    sheet = Sheet(title=title, above=(), header=header, rows=kept, widths=widths, kept_columns=1)
    return file_response(workbook(sheet), name, XLSX_TYPE)


def file_response(data: bytes, name: str, mimetype: str) -> Response:
    """Return a file to keep."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
