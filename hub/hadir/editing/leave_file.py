"""Leave and duties from a CSV: every bad row is named before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.models import PersonLeave
from hub.hadir.results.calendar import LeaveKind, LeavePart
from hub.people.employees_file import BadCell, date_of, number_of, read_table
from hub.people.models import Person

COLUMNS = ("nomor", "jenis", "mulai", "selesai", "bagian", "dokumen")
_PARTS = {
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


def read_leave(db: Session, text: str, *, approver: str) -> LeaveFile:
    """Read a CSV with the columns of :data:`COLUMNS`; ``bagian`` is penuh, pagi or siang.

    Raises:
        InputError: a column is missing; mistakes in rows are in the answer.
    """
    known = set(db.scalars(select(Person.number)))
    rows: list[PersonLeave] = []
    mistakes: list[str] = []
    seen: set[tuple[int, object, str]] = set()
    for line, cells in read_table(text, COLUMNS):
        try:
            row = _row(cells, known, approver)
            key = (row.person_number, row.first, row.part)
            if key in seen:
                raise BadCell(f"nomor {row.person_number} dua kali dengan mulai dan bagian yang sama")
            seen.add(key)
            rows.append(row)
        except BadCell as bad:
            mistakes.append(f"baris {line}: {bad.sentence}")
    return LeaveFile(tuple(rows), tuple(mistakes))


def load_leave(db: Session, file: LeaveFile) -> int:
    """Write the rows of a file without mistakes; the same row again changes nothing.

    Raises:
        InputError: all mistakes, one a line.
    """
    if file.mistakes:
        raise InputError("\n".join(file.mistakes))
    for row in file.rows:
        key = {"person_number": row.person_number, "first": row.first, "part": row.part}
        old = db.scalars(select(PersonLeave).filter_by(**key)).first()
        if old is None:
            db.add(row)
        else:
            old.kind, old.last, old.document, old.is_withdrawn = row.kind, row.last, row.document, False
    db.flush()
    return len(file.rows)


def _row(cells: Mapping[str, str], known: set[int], approver: str) -> PersonLeave:
    number = number_of("nomor", cells["nomor"])
    if number not in known:
        raise BadCell(f"tidak ada pegawai nomor {number}; impor pegawainya dulu")
    kind, part = cells["jenis"].upper(), cells["bagian"].casefold()
    if kind not in {str(one) for one in LeaveKind}:
        raise BadCell(f"jenis {cells['jenis']!r}: pakai {', '.join(LeaveKind)}")
    if part not in _PARTS:
        raise BadCell(f"bagian {cells['bagian']!r}: pakai penuh, pagi, atau siang")
    first, last = date_of("mulai", cells["mulai"]), date_of("selesai", cells["selesai"])
    if last < first:
        raise BadCell("selesai lebih awal daripada mulai; tukar keduanya")
    if (last - first).days >= MAX_DAYS:
        raise BadCell(f"lebih dari {MAX_DAYS} hari; periksa tahunnya")
    return PersonLeave(
        person_number=number,
        kind=kind,
        first=first,
        last=last,
        part=_PARTS[part],
        document=cells["dokumen"][:80],
        approver=approver,
        is_withdrawn=False,
    )
