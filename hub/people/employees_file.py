"""Employees from a CSV of the personnel office: every bad row is named before anything is written.

The NIP finds a person again and is kept as a keyed digest only: the hub has no encryption of
columns yet, so nobody can read a NIP back from it.
"""

import csv
import hashlib
import hmac
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people.models import Opd, Person, PersonNip, Placement, Unit

COLUMNS = ("nomor", "nama", "nip", "opd", "nama_opd", "unit", "nama_unit", "lokasi", "mulai")
_MANGLED = re.compile(r"\A\d+(?:[.,]\d+)?[eE]\+?\d+\Z")
_REMEDY = "kolom NIP rusak oleh Excel; ubah kolom menjadi Teks, isi ulang NIP, lalu simpan lagi sebagai CSV"


@dataclass(frozen=True, slots=True)
class Employee:
    """One row that is fine."""

    number: int
    name: str
    nip: str
    opd: int
    opd_name: str
    unit: int
    unit_name: str
    site: str
    since: date


@dataclass(frozen=True, slots=True)
class EmployeesFile:
    """What a file says: good rows, and one sentence a mistake with its line."""

    employees: tuple[Employee, ...]
    mistakes: tuple[str, ...]


class BadCell(Exception):  # noqa: N818 (carries one sentence to the line it stands in)
    """A cell that cannot be used."""

    def __init__(self, sentence: str) -> None:
        """Take the sentence that names the cell and the remedy."""
        super().__init__(sentence)
        self.sentence = sentence


def nip_digest(key: str, nip: str) -> str:
    """Return the keyed digest by which a NIP is found again."""
    return hmac.new(key.encode(), b"pontive nip 1 " + nip.encode(), hashlib.sha256).hexdigest()


def read_table(text: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of a CSV, comma or semicolon.

    Raises:
        InputError: a column is missing.
    """
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    missing = [name for name in columns if name not in names]
    if missing:
        raise InputError(f"kolom {', '.join(missing)} tidak ada; baris pertama berisi: {','.join(columns)}")
    reader.fieldnames = names
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in columns}
        if any(cells.values()):
            yield reader.line_num, cells


def read_employees(text: str) -> EmployeesFile:
    """Read a CSV with the columns of :data:`COLUMNS`.

    Raises:
        InputError: a column is missing; mistakes in rows are in the answer.
    """
    employees: list[Employee] = []
    mistakes: list[str] = []
    lines: list[int] = []
    for line, cells in read_table(text, COLUMNS):
        try:
            employees.append(_employee(cells))
            lines.append(line)
        except BadCell as bad:
            mistakes.append(f"baris {line}: {bad.sentence}")
    for what, values in (
        ("NIP", [one.nip for one in employees]),
        ("nomor", [str(one.number) for one in employees]),
    ):
        mistakes += _doubled(what, values, lines)
    return EmployeesFile(tuple(employees), tuple(mistakes))


def load_employees(db: Session, file: EmployeesFile, *, nip_key: str, now: datetime) -> int:
    """Write the employees of a file without mistakes; others stay. Return how many.

    Raises:
        InputError: all mistakes, one a line, also a NIP that belongs to another number already.
    """
    mistakes = list(file.mistakes) + list(_taken(db, file, nip_key))
    if mistakes:
        raise InputError("\n".join(mistakes))
    for one in file.employees:
        _put_places(db, one)
        person = db.get(Person, one.number)
        if person is None:
            person = Person(number=one.number, short_name=one.name, changed_at=now)
            db.add(person)
        elif (person.short_name, person.opd) != (one.name, one.opd):
            person.changed_at = now
        person.short_name, person.opd = one.name, one.opd
        db.flush()
        if one.nip:
            db.merge(PersonNip(person_number=one.number, digest=nip_digest(nip_key, one.nip)))
        _place(db, one)
    db.flush()
    return len(file.employees)


def date_of(name: str, text: str) -> date:
    """Read a date as ``2026-11-23`` or ``23/11/2026``.

    Raises:
        BadCell: it is none.
    """
    found = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCell(f"{name} {text!r} bukan tanggal; tulis HH/BB/TTTT atau TTTT-BB-HH") from error


def number_of(name: str, text: str, *, largest: int = 2**32 - 1) -> int:
    """Read a number from 1 on.

    Raises:
        BadCell: it is none.
    """
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= largest:
        raise BadCell(f"{name} {text!r} bukan nomor dari 1 sampai {largest}")
    return int(text)


def _employee(cells: Mapping[str, str]) -> Employee:
    name = cells["nama"]
    if not 1 <= len(name) <= 20:
        raise BadCell(f"nama {name!r}: isi 1-20 huruf, seperti yang tampil di pintu")
    return Employee(
        number=number_of("nomor", cells["nomor"]),
        name=name,
        nip=_nip(cells["nip"]),
        opd=number_of("opd", cells["opd"], largest=65_535),
        opd_name=cells["nama_opd"] or f"OPD {cells['opd']}",
        unit=number_of("unit", cells["unit"], largest=2**31 - 1) if cells["unit"] else 0,
        unit_name=cells["nama_unit"] or f"Unit {cells['unit']}",
        site=cells["lokasi"],
        since=date_of("mulai", cells["mulai"]),
    )


def _nip(text: str) -> str:
    if not text:
        return ""
    if _MANGLED.match(text):
        raise BadCell(f"NIP {text!r}: {_REMEDY}")
    digits = re.sub(r"[ .']", "", text)
    if not re.fullmatch(r"\d{18}", digits, re.ASCII):
        raise BadCell("NIP harus 18 angka; periksa lagi di SK pegawai")
    # 1.9E+17 saved once as a number loses its last digits: three zeros at the end are its trace.
    if digits.endswith("000"):
        raise BadCell(f"NIP berakhir 000: {_REMEDY}")
    return digits


def _doubled(what: str, values: Sequence[str], lines: Sequence[int]) -> list[str]:
    times = Counter(value for value in values if value)
    found = []
    for value, count in times.items():
        if count > 1:
            at = [str(line) for line, other in zip(lines, values, strict=True) if other == value]
            shown = value if what == "nomor" else "yang sama"
            found.append(f"baris {' dan '.join(at)}: {what} {shown} dipakai lebih dari sekali")
    return found


def _taken(db: Session, file: EmployeesFile, nip_key: str) -> Iterator[str]:
    owners = {row.digest: row.person_number for row in db.scalars(select(PersonNip))}
    for one in file.employees:
        owner = owners.get(nip_digest(nip_key, one.nip)) if one.nip else None
        if owner is not None and owner != one.number:
            yield f"nomor {one.number}: NIP-nya sudah milik nomor {owner}; periksa mana yang benar"


def _put_places(db: Session, one: Employee) -> None:
    db.merge(Opd(number=one.opd, name=one.opd_name))
    db.flush()
    if one.unit:
        db.merge(Unit(number=one.unit, opd=one.opd, name=one.unit_name, site=one.site))
        db.flush()


def _place(db: Session, one: Employee) -> None:
    newest = db.scalars(
        select(Placement).where(Placement.person_number == one.number).order_by(Placement.valid_from.desc())
    ).first()
    if newest is not None and (newest.opd, newest.unit) == (one.opd, one.unit):
        return
    if newest is not None and newest.valid_from == one.since:
        newest.opd, newest.unit = one.opd, one.unit
        return
    if newest is not None and newest.valid_from > one.since:
        raise InputError(
            f"nomor {one.number}: sudah ditempatkan sejak {newest.valid_from}; isi 'mulai' sesudahnya"
        )
    if newest is not None:
        newest.valid_to = one.since - timedelta(days=1)
    db.add(Placement(person_number=one.number, opd=one.opd, unit=one.unit, valid_from=one.since))
