"""Leave and duties from a CSV or XLSX: every bad row is named before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.editing.files.people import KnownPeople
from hub.hadir.models import PersonLeave
from hub.hadir.results.calendar import LeaveKind, LeavePart
from hub.people.importing.cells import BadCell, read_day
from hub.web.files.table_file import Table

COLUMNS = ("jenis", "mulai", "selesai")
TEMPLATE = ("nomor", "jenis", "mulai", "selesai", "bagian", "dokumen")
PARTS = {
    "": LeavePart.WHOLE,
    "penuh": LeavePart.WHOLE,
    "pagi": LeavePart.MORNING,
    "siang": LeavePart.AFTERNOON,
}
MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class LeaveFile:
    """What a file says: rows to keep, and one sentence a mistake with its line."""

    rows: tuple[PersonLeave, ...]
    mistakes: tuple[str, ...]


def read_leave(table: Table, people: KnownPeople, *, approver: str) -> LeaveFile:
    """Read a table with ``nomor`` or ``nip`` and :data:`COLUMNS`; ``bagian`` is penuh, pagi or siang.

    Raises:
        InputError: a column is missing; mistakes in rows are in the answer.
    """
    table.needs(COLUMNS)
    rows: list[PersonLeave] = []
    mistakes: list[str] = []
    seen: set[tuple[int, object, str]] = set()
    for line in table.rows:
        try:
            if line.complaint:
                raise BadCell(line.complaint)
            row = leave_of_cells(line.cells, people.find, approver)
            key = (row.person_number, row.first, row.part)
            if key in seen:
                raise BadCell(f"nomor {row.person_number} dua kali dengan mulai dan bagian yang sama")
            seen.add(key)
            rows.append(row)
        except BadCell as bad:
            mistakes.append(f"baris {line.number}: {bad.sentence}")
    return LeaveFile(tuple(rows), tuple(mistakes))


def load_leave(db: Session, file: LeaveFile) -> int:
    """Write the rows of a file without mistakes; the same row again changes nothing.

    Raises:
        InputError: all mistakes, one a line.
    """
    if file.mistakes:
        raise InputError("\n".join(file.mistakes))
    for row in file.rows:
        keep_leave(db, row)
    return len(file.rows)


def keep_leave(db: Session, row: PersonLeave) -> None:
    """Add a leave, or change the one of the same person, first day and part."""
    key = {"person_number": row.person_number, "first": row.first, "part": row.part}
    old = db.scalars(select(PersonLeave).filter_by(**key)).first()
    if old is None:
        db.add(row)
    else:
        old.kind, old.last, old.document = row.kind, row.last, row.document
        old.approver, old.is_withdrawn = row.approver, False
    db.flush()


def leave_of_cells(
    cells: Mapping[str, str], find: Callable[[Mapping[str, str]], int], approver: str
) -> PersonLeave:
    """Read one row, of a file or a form.

    Raises:
        BadCell: names the cell and the remedy.
    """
    number = find(cells)
    kind, part = cells.get("jenis", "").upper(), cells.get("bagian", "").casefold()
    if kind not in {str(one) for one in LeaveKind}:
        raise BadCell(f"jenis {cells.get('jenis', '')!r}: pakai {', '.join(LeaveKind)}")
    if part not in PARTS:
        raise BadCell(f"bagian {cells.get('bagian', '')!r}: pakai penuh, pagi, atau siang")
    first, last = read_day("mulai", cells.get("mulai", "")), read_day("selesai", cells.get("selesai", ""))
    if last < first:
        raise BadCell("selesai lebih awal daripada mulai; tukar keduanya")
    if (last - first).days >= MAX_DAYS:
        raise BadCell(f"lebih dari {MAX_DAYS} hari; periksa tahunnya")
    return PersonLeave(
        person_number=number,
        kind=kind,
        first=first,
        last=last,
        part=PARTS[part],
        document=cells.get("dokumen", "")[:80],
        approver=approver,
        is_withdrawn=False,
    )
