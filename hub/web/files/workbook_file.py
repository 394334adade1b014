"""Workbooks of several sheets that people upload, sheet by sheet, with what a table must not have.

Unlike :mod:`hub.web.files.table_file`, formulas stay visible as formulas and merged cells are told: in an
inventory a value that somebody did not type is a mistake, not a value.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.errors import InputError
from hub.web.files.table_file import MAX_FILE_BYTES, Table, cell_text, check_package, table_of, without_tail

# The whole book is held in memory, some 50 bytes for each that it unpacks to.
MAX_UNPACKED_BYTES = 12 * 1024 * 1024
MAX_SHEETS = 20


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet; ``merged`` gives the range that a row is part of, by the row's number."""

    title: str
    table: Table
    merged: Mapping[int, str] = field(default_factory=dict)


def read_book(data: bytes, filename: str) -> tuple[SheetTable, ...]:
    """Read all sheets of an XLSX that are not empty.

    Raises:
        InputError: too large, broken, or no table at all.
    """
    # openpyxl costs a third of a second to import, and most processes never read a sheet.
    import openpyxl

    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"{filename}: lebih dari {MAX_FILE_BYTES // 1024**2} MiB; hapus lembar lain")
    check_package(data, filename, MAX_UNPACKED_BYTES)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
    # Broken packages raise whatever their innermost reader stumbled over.
    except Exception as error:
        raise InputError(f"{filename}: XLSX rusak; buka di Excel dan simpan ulang sebagai .xlsx") from error
    if len(book.worksheets) > MAX_SHEETS:
        raise InputError(f"{filename}: lebih dari {MAX_SHEETS} lembar; hapus yang tidak dipakai")
    found = tuple(_sheet(page, filename) for page in book.worksheets if _has_cells(page))
    if not found:
        raise InputError(f"{filename}: kosong; baris pertama tiap lembar berisi nama kolom")
    return found


def _has_cells(page: Any) -> bool:
    return any(value is not None for row in page.iter_rows(values_only=True) for value in row)


def _sheet(page: Any, filename: str) -> SheetTable:
    rows = (
        (number, without_tail([_formula_or_text(cell) for cell in cells]))
        for number, cells in enumerate(page.iter_rows(), start=1)
    )
    table = table_of(rows, f"{filename} [{page.title}]")
    merged = {
        number: str(area)
        for area in page.merged_cells.ranges
        for number in range(area.min_row, area.max_row + 1)
    }
    return SheetTable(str(page.title), table, merged)


def _formula_or_text(cell: Any) -> str:
    if cell.data_type == "f":
        # Array formulas are objects with the text in them.
        return str(getattr(cell.value, "text", cell.value))
    return cell_text(cell.value)
