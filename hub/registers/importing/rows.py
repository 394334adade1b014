"""An uploaded table as rows of a kind, and every cell that cannot be used, with its remedy.

Looks at the table and at what cells may name; what the register has already is compared in
:mod:`hub.registers.importing.plan`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from hub.errors import InputError
from hub.places.importing.cells import BadCell
from hub.registers.kind.days import read_day
from hub.registers.kind.fields import MAX_LETTERS, Field, Kind, Quality
from hub.registers.kind.rules import Names, Value, clean, plain, read_opd, read_value
from hub.web.files.table_file import Table, TableRow

# One reads a row's first mistakes, mends them, and the rest shows; thousands of rows stay readable.
MOST_A_ROW = 3
MAX_ROWS = 30_000
_SHOWN_LETTERS = 60
STANDARD = ("opd", "berlaku_dari", "berlaku_sampai", "sumber", "mutu")


class Mistake(msgspec.Struct, frozen=True, order=True):
    """Why a row cannot be used: its line in the spreadsheet, the column, the cell, and what to do."""

    line: int
    column: str
    value: str
    remedy: str


class FileRow(msgspec.Struct, frozen=True):
    """One row as a file says it. ``None`` is an empty cell; what has no column is not there."""

    line: int
    values: dict[str, Any]
    owner: int | msgspec.UnsetType | None = msgspec.UNSET
    valid_from: date | msgspec.UnsetType | None = msgspec.UNSET
    valid_to: date | msgspec.UnsetType | None = msgspec.UNSET
    source: str | msgspec.UnsetType = msgspec.UNSET
    quality: str | msgspec.UnsetType = msgspec.UNSET


class RegisterTable(msgspec.Struct, frozen=True):
    """Rows that are fine by themselves, and the mistakes of the others."""

    rows: tuple[FileRow, ...]
    mistakes: tuple[Mistake, ...]


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return the columns of a file of this kind, in order."""
    return (*(field.id for field in kind.filed), *STANDARD)


def read_rows(kind: Kind, table: Table, names: Names) -> RegisterTable:
    """Read a table whose columns are called by id or by label.

    Raises:
        InputError: a column is missing that tells rows apart, or one is unknown.
    """
    called = _called(kind, table)
    rows, mistakes = [], []
    for row in table.rows:
        if row.complaint:
            mistakes.append(Mistake(row.number, "", "", row.complaint))
            continue
        found, bad = _read(kind, row, called, names)
        mistakes += bad
        if found is not None:
            rows.append(found)
    return RegisterTable(tuple(rows), tuple(mistakes))


def _called(kind: Kind, table: Table) -> Mapping[str, str]:
    """Return the id behind each column of a table.

    Raises:
        InputError: names what is missing or unknown.
    """
    spelled = {name: name for name in columns_of(kind)} | {plain(one.label): one.id for one in kind.filed}
    unknown = [name for name in table.columns if plain(name) not in spelled]
    if unknown:
        raise InputError(
            f"kolom {', '.join(unknown[:5])} tidak dikenal; yang ada: {', '.join(columns_of(kind))}"
        )
    called = {name: spelled[plain(name)] for name in table.columns}
    doubled = sorted({one for one in called.values() if list(called.values()).count(one) > 1})
    if doubled:
        raise InputError(f"kolom {', '.join(doubled)} ada dua kali; hapus salah satu")
    missing = [name for name in kind.key if name not in called.values()]
    if missing:
        raise InputError(f"kolom {', '.join(missing)} tidak ada; tanpa itu baris tidak dapat dibedakan")
    return called


def _read(
    kind: Kind, row: TableRow, called: Mapping[str, str], names: Names
) -> tuple[FileRow | None, list[Mistake]]:
    values: dict[str, Any] = {}
    bad: list[Mistake] = []
    fields = {field.id: field for field in kind.filed}
    for column, name in called.items():
        text = row.cells.get(column, "")
        try:
            values[name] = _cell(fields.get(name), name, text, names)
        except BadCell as wrong:
            if len(bad) < MOST_A_ROW:
                bad.append(Mistake(row.number, name, text[:_SHOWN_LETTERS], wrong.remedy))
    if bad:
        return None, bad
    return _file_row(row.number, values), []


def _cell(field: Field | None, name: str, text: str, names: Names) -> Value | date | None:
    if field is not None:
        return read_value(field, text, names)
    text = clean(text)
    if text.startswith("="):
        raise BadCell("rumus tidak diterima; tempel hasilnya sebagai nilai")
    match name:
        case "opd":
            return read_opd(text, names) if text else None
        case "berlaku_dari" | "berlaku_sampai":
            return read_day(text) if text else None
        case "mutu":
            return _quality(text)
        case _:
            return _source(text)


def _quality(text: str) -> str:
    if not text:
        return Quality.SURE.value
    if plain(text) not in {one.value for one in Quality}:
        raise BadCell(f"pilih dari: {', '.join(Quality)}")
    return plain(text)


def _source(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > MAX_LETTERS or not line.isprintable():
        raise BadCell(f"isi paling banyak {MAX_LETTERS} huruf")
    return line


def _file_row(line: int, cells: Mapping[str, Any]) -> FileRow:
    """Part the fields of the kind from the columns that every table has."""
    names = {
        "opd": "owner",
        "berlaku_dari": "valid_from",
        "berlaku_sampai": "valid_to",
        "sumber": "source",
        "mutu": "quality",
    }
    values = {name: value for name, value in cells.items() if name not in names}
    return FileRow(line, values, **{names[name]: cells[name] for name in names if name in cells})
