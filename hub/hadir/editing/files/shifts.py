"""Shift rosters from a CSV or XLSX: a row a person and day; every bad row is named first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.editing.files.people import KnownPeople
from hub.hadir.models import WorkShift
from hub.hadir.results.reading.rows import hours_of
from hub.people.importing.cells import BadCell, read_day
from hub.web.files.table_file import Table

COLUMNS = ("tanggal", "mulai", "selesai")
TEMPLATE = ("nomor", "tanggal", "giliran", "mulai", "selesai", "istirahat_mulai", "istirahat_selesai")
_CLOCK = re.compile(r"\A(\d{1,2})[.:](\d{2})(?::\d{2})?\Z")


@dataclass(frozen=True, slots=True)
class ShiftFile:
    """What a file says: rows to keep, and one sentence a mistake with its line."""

    rows: tuple[WorkShift, ...]
    mistakes: tuple[str, ...]


def read_shifts(table: Table, people: KnownPeople) -> ShiftFile:
    """Read a table with ``nomor`` or ``nip`` and :data:`COLUMNS`; without times it is a day off.

    Raises:
        InputError: a column is missing; mistakes in rows are in the answer.
    """
    table.needs(COLUMNS)
    rows: dict[tuple[int, date], WorkShift] = {}
    mistakes: list[str] = []
    for line in table.rows:
        try:
            if line.complaint:
                raise BadCell(line.complaint)
            row = _row(line.cells, people)
            key = (row.person_number, row.day)
            if key in rows:
                raise BadCell(f"nomor {row.person_number} dua kali pada {row.day}; gabungkan")
            rows[key] = row
        except BadCell as bad:
            mistakes.append(f"baris {line.number}: {bad.sentence}")
    return ShiftFile(tuple(rows.values()), tuple(mistakes))


def load_shifts(db: Session, file: ShiftFile) -> int:
    """Write the rows of a file without mistakes; a later file replaces a person's day.

    Raises:
        InputError: all mistakes, one a line.
    """
    if file.mistakes:
        raise InputError("\n".join(file.mistakes))
    for row in file.rows:
        db.merge(row)
    db.flush()
    return len(file.rows)


def read_clock(name: str, text: str) -> str:
    """Read a time of day as ``07:30`` or ``07.30``; return it as ``07:30``.

    Raises:
        BadCell: it is none.
    """
    found = _CLOCK.match(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadCell(f"{name} {text!r} bukan jam; tulis JJ:MM, misalnya 07:30")
    return f"{int(found[1]):02d}:{found[2]}"


def _row(cells: Mapping[str, str], people: KnownPeople) -> WorkShift:
    number, day = people.find(cells), read_day("tanggal", cells["tanggal"])
    times = _times(cells)
    name = cells.get("giliran", "") or ("giliran" if times else "lepas giliran")
    hours = msgspec.json.encode(times).decode() if times else None
    return WorkShift(person_number=number, day=day, name=name[:40], hours=hours)


def _times(cells: Mapping[str, str]) -> list[str]:
    names = ["mulai", "selesai", "istirahat_mulai", "istirahat_selesai"]
    filled = [name for name in names if cells.get(name)]
    if filled not in ([], names[:2], names):
        raise BadCell("isi mulai dan selesai (dan kedua jam istirahat), atau kosongkan semuanya untuk lepas")
    times = [read_clock(name, cells[name]) for name in filled]
    if times:
        hours_of(times)
    return times
