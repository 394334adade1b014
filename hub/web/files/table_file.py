"""Tables that people upload: CSV (comma, semicolon or tab) or XLSX, as text cells with their row numbers.

Guards against what is too large, packed too tightly or no table at all. What the cells mean is for
those who ask; nothing is guessed, but numbers that a spreadsheet has mangled keep looking mangled.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, Literal

from edge.wire.strict_xml import has_dtd
from hub.errors import InputError

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL_LETTERS = 2_000
# A sheet of 20,000 rows unpacks to some 20 MiB; a bomb to gigabytes.
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_MEMBERS = 200
# IEEE 754 doubles, which spreadsheets keep numbers in, are exact to 15 digits.
EXACT_BELOW = 10**15

_PIECE_BYTES, _TAIL_BYTES = 256 * 1024, 80
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}(\d{1,7}))"')

XLSX_MAGIC, _XLS_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; ``number`` is that of the spreadsheet, the header being row 1.

    A row with a ``complaint`` has no cells: importers list it with their own bad rows.
    """

    number: int
    cells: Mapping[str, str]
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table; column names are trimmed and in small letters. Empty rows are left out."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def needs(self, columns: Sequence[str]) -> None:
        """Check that columns are there.

        Raises:
            InputError: names those that are not.
        """
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise InputError(
                f"kolom {', '.join(missing)} tidak ada; baris pertama berisi nama kolom: {', '.join(columns)}"
            )


def read_table(
    data: bytes,
    filename: str,
    *,
    most_rows: int | None = None,
    is_literal: bool = False,
    decimal_mark: Literal[",", "."] = ",",
) -> Table:
    """Read an uploaded table.

    Args:
        data: The whole file.
        filename: As the browser named it; only for messages and to tell an old format.
        most_rows: How many rows there may be, the header apart; :data:`MAX_ROWS` when not said.
        is_literal: What was typed counts: formulas stay visible, and rows of merged cells complain.
        decimal_mark: What a literal number has before its decimals; a comma, as Indonesians write them.

    Returns:
        The first sheet; every cell is text, trimmed. Dates come as ``2026-11-23``, times as ``07:30``.

    Raises:
        InputError: empty, too large, of another format, or with columns that cannot be told apart.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InputError(
            f"{filename}: lebih dari {MAX_FILE_BYTES // 1024**2} MiB; bagi menjadi beberapa berkas"
        )
    if data.startswith(_XLS_MAGIC) or filename.casefold().endswith(".xls"):
        raise InputError(f"{filename}: format Excel lama; simpan sebagai .xlsx atau 'CSV UTF-8'")
    if not data.startswith(XLSX_MAGIC):
        return table_of(_csv_rows(data, filename), filename, most_rows)
    merged: dict[int, str] = {}
    rows = _xlsx_rows(data, filename, merged if is_literal else None, decimal_mark)
    table = table_of(rows, filename, most_rows)
    return _told_of_merged(table, merged) if merged else table


def _told_of_merged(table: Table, merged: Mapping[int, str]) -> Table:
    sentence = "sel {} digabung; pisahkan dan isi tiap selnya"
    rows = (
        TableRow(row.number, {}, sentence.format(merged[row.number])) if row.number in merged else row
        for row in table.rows
    )
    return Table(table.columns, tuple(rows))


def table_of(rows: Iterable[tuple[int, Sequence[str]]], filename: str, most_rows: int | None = None) -> Table:
    """Return numbered rows of cells as a table; the first that is not empty names the columns.

    Raises:
        InputError: no rows, too many, or columns that cannot be told apart.
    """
    columns: tuple[str, ...] = ()
    kept: list[TableRow] = []
    most = MAX_ROWS if most_rows is None else most_rows
    for number, cells in rows:
        if not any(cells):
            continue
        if not columns:
            columns = _columns(cells, filename)
            continue
        if len(kept) >= most:
            raise InputError(f"{filename}: lebih dari {most} baris; bagi menjadi beberapa berkas")
        kept.append(_row(columns, cells, number))
    if not columns:
        raise InputError(f"{filename}: kosong; baris pertama berisi nama kolom")
    return Table(tuple(name for name in columns if name), tuple(kept))


def _columns(cells: Sequence[str], filename: str) -> tuple[str, ...]:
    names = tuple(cell.casefold() for cell in cells)
    if len(names) > MAX_COLUMNS:
        raise InputError(f"{filename}: lebih dari {MAX_COLUMNS} kolom; hapus kolom yang tidak dipakai")
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise InputError(f"{filename}: kolom {', '.join(doubled)} ada dua kali; hapus salah satu")
    return names


def _row(columns: Sequence[str], cells: Sequence[str], number: int) -> TableRow:
    if any(cells[len(columns) :]):
        return TableRow(number, {}, "lebih banyak sel daripada kolom; periksa pemisah dan tanda kutip")
    filled = [*cells, *[""] * (len(columns) - len(cells))]
    if any(len(cell) > MAX_CELL_LETTERS for cell in filled):
        return TableRow(number, {}, f"ada sel lebih dari {MAX_CELL_LETTERS} huruf; pendekkan isinya")
    return TableRow(number, {name: cell for name, cell in zip(columns, filled, strict=False) if name})


def _csv_rows(data: bytes, filename: str) -> Iterator[tuple[int, list[str]]]:
    text = _text(data, filename)
    delimiter = _delimiter(text)
    if text.startswith("sep="):
        text = "\n" + text.split("\n", 1)[-1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            # A cell with line breaks spans lines: a row is named by the line on which it begins.
            yield before + 1, [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise InputError(f"{filename}: baris {before + 1} tidak dapat dibaca ({error})") from error


def _text(data: bytes, filename: str) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{filename}: bukan UTF-8; simpan dari Excel sebagai 'CSV UTF-8'") from error
    if "\0" in text:
        raise InputError(f"{filename}: bukan CSV atau XLSX; simpan dari Excel sebagai .xlsx atau 'CSV UTF-8'")
    return text


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    if head.startswith("sep=") and len(head.strip()) == len("sep=;"):
        return head[4]
    return max(",;\t", key=head.count)


def _xlsx_rows(
    data: bytes, filename: str, merged: dict[int, str] | None = None, decimal_mark: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Yield rows; with ``merged`` literally, and what is merged is written there by row."""
    # openpyxl costs a third of a second to import, and most processes never read a sheet.
    import openpyxl

    check_package(data, filename)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=merged is None)
        try:
            sheet = book.worksheets[0]
            # What a sheet says of its own size may be a lie; the rows themselves are counted.
            sheet.reset_dimensions()
            said = cell_text if merged is None else partial(literal_text, decimal_mark=decimal_mark)
            if merged is not None:
                # Which member of the package a sheet is, openpyxl keeps to itself.
                merged |= merged_rows(data, sheet._worksheet_path)
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, without_tail([said(value) for value in cells])
        finally:
            book.close()
    except InputError:
        raise
    # Broken packages raise whatever their innermost reader stumbled over.
    except Exception as error:
        raise InputError(f"{filename}: XLSX rusak; buka di Excel dan simpan ulang sebagai .xlsx") from error


def check_package(data: bytes, filename: str, most_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """Refuse packages that would unpack to more than they look like, or that bring entities.

    Raises:
        InputError: names the file and the remedy.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > most_bytes:
                raise InputError(f"{filename}: isinya terlalu besar; salin lembar yang perlu ke berkas baru")
            for member in members:
                with package.open(member) as stream:
                    if has_dtd(iter(partial(stream.read, _PIECE_BYTES), b"")):
                        raise InputError(f"{filename}: bukan buku kerja Excel yang wajar; simpan ulang")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(f"{filename}: XLSX rusak atau berkata sandi; simpan ulang tanpa sandi") from error


def without_tail(cells: list[str]) -> list[str]:
    """Return a row without its empty last cells."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def cell_text(value: Any) -> str:
    """Return what a cell of a workbook says, as text."""
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case int() | float():
            return _number_text(value)
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case _:
            return str(value).strip()


def literal_text(value: Any, decimal_mark: str = ",") -> str:
    """Return what somebody typed into a cell: a formula as such, decimals behind their mark."""
    if isinstance(value, float) and abs(value) < EXACT_BELOW and value != int(value):
        return f"{value:.9f}".rstrip("0").replace(".", decimal_mark)
    # Array formulas are objects with the text in them.
    return f"={getattr(value, 'text', '') or ''}" if hasattr(value, "ref") else cell_text(value)


def merged_rows(data: bytes, member: str) -> dict[int, str]:
    """Return the merged range that each row of a sheet is part of; read in pieces, it stands at the end."""
    found: dict[int, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(member) as stream:
        tail = b""
        while piece := stream.read(_PIECE_BYTES):
            for match in _MERGED.finditer(tail + piece):
                first, last = sorted((int(match[2]), int(match[3])))
                for number in range(first, min(last, first + MAX_ROWS) + 1):
                    found[number] = match[1].decode()
            tail = piece[-_TAIL_BYTES:]
    return found


def _number_text(value: float) -> str:
    if abs(value) >= EXACT_BELOW:
        # Its last digits are gone: shown as the spreadsheet shows it, so that nobody takes it for a NIP.
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else str(value)
