"""An uploaded table as rows of employees, and one sentence for each row that cannot be used.

Looks at the table alone; what the hub knows already is compared in :mod:`hub.people.importing.plan`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

import msgspec

from hub.people.importing.cells import (
    MAX_NAME_LETTERS,
    MAX_NUMBER,
    MAX_OPD,
    MAX_UNIT,
    BadCell,
    read_day,
    read_name,
    read_number,
    shorter_name,
)
from hub.people.importing.nip import nip_digest, read_nip
from hub.web.files.table_file import Table

NEEDED = ("nama", "nip", "opd", "mulai")
OPTIONAL = ("nomor", "nama_opd", "unit", "nama_unit", "lokasi", "selesai")
COLUMNS = (*NEEDED, *OPTIONAL)
# Of the review: a place that began earlier, or begins so far ahead, is a slip of the year.
_EARLIEST_START = date(1990, 1, 1)
_LATEST_AHEAD = timedelta(days=366)


class StaffRow(msgspec.Struct, frozen=True):
    """One employee as a row says; the NIP is a keyed digest, empty without one.

    ``number`` is ``None`` when the hub is to find or choose it. ``unit`` 0: none in particular.
    ``since`` is the first day at this place, ``until`` the last one with the city. ``full_name`` is what
    the row says where that is too long for a door; else empty.
    """

    line: int
    number: int | None
    name: str
    digest: str
    opd: int
    opd_name: str
    unit: int
    unit_name: str
    site: str
    since: date
    until: date | None = None
    full_name: str = ""


class Mistake(msgspec.Struct, frozen=True, order=True):
    """Why a row cannot be used, and what to do; ``line`` is that of the spreadsheet."""

    line: int
    sentence: str


class StaffTable(msgspec.Struct, frozen=True):
    """Rows that are fine by themselves, and the mistakes of the others."""

    rows: tuple[StaffRow, ...]
    mistakes: tuple[Mistake, ...]


def read_staff(table: Table, *, nip_key: str, today: date) -> StaffTable:
    """Read a table with the columns of :data:`NEEDED`, and any of :data:`OPTIONAL`.

    Args:
        table: As uploaded.
        nip_key: Keys the digests of NIPs.
        today: What birth dates and appointments must be plausible on.

    Raises:
        InputError: a column is missing; mistakes of rows are in the answer.
    """
    table.needs(NEEDED)
    rows: list[StaffRow] = []
    mistakes: list[Mistake] = []
    for row in table.rows:
        if row.complaint:
            mistakes.append(Mistake(row.number, row.complaint))
            continue
        try:
            rows.append(_staff_row(row.number, _complete(row.cells), nip_key, today))
        except BadCell as bad:
            mistakes.append(Mistake(row.number, bad.sentence))
    doubled = list(_doubled(rows))
    bad_lines = {mistake.line for mistake in doubled}
    kept = tuple(row for row in rows if row.line not in bad_lines)
    return StaffTable(kept, tuple(sorted((*mistakes, *doubled))))


def _complete(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cells.get(name, "").strip() for name in COLUMNS}


def _staff_row(line: int, cells: Mapping[str, str], nip_key: str, today: date) -> StaffRow:
    nip = read_nip(cells["nip"], today)
    number = read_number("nomor", cells["nomor"], MAX_NUMBER) if cells["nomor"] else None
    if number is None and not nip:
        raise BadCell("isi NIP atau nomor pegawai; tanpa salah satunya pegawai tidak dapat dikenali")
    since = read_day("mulai", cells["mulai"])
    if not _EARLIEST_START <= since <= today + _LATEST_AHEAD:
        raise BadCell(f"mulai {since} sebelum 1990 atau lebih dari setahun lagi; periksa tahunnya")
    until = read_day("selesai", cells["selesai"]) if cells["selesai"] else None
    if until is not None and until < since:
        raise BadCell(f"selesai {until} lebih awal daripada mulai {since}")
    name = read_name(cells["nama"])
    return StaffRow(
        line=line,
        number=number,
        name=shorter_name(name),
        digest=nip_digest(nip_key, nip) if nip else "",
        opd=read_number("opd", cells["opd"], MAX_OPD),
        opd_name=cells["nama_opd"][:120],
        unit=read_number("unit", cells["unit"], MAX_UNIT) if cells["unit"] else 0,
        unit_name=cells["nama_unit"][:120],
        site=cells["lokasi"],
        since=since,
        until=until,
        full_name=name if len(name) > MAX_NAME_LETTERS else "",
    )


def _doubled(rows: Iterable[StaffRow]) -> Iterable[Mistake]:
    """Yield a mistake for every row of which another has the same number or NIP."""
    rows = tuple(rows)
    same = _groups(rows, lambda row: msgspec.structs.astuple(row)[1:])
    for lines in same:
        for line in lines:
            others = _listed(lines, line)
            yield Mistake(line, f"baris ini sama persis dengan baris {others}; hapus salah satu")
    exact = {line for lines in same for line in lines}
    rest = [row for row in rows if row.line not in exact]
    checks: tuple[tuple[str, Callable[[StaffRow], object]], ...] = (
        ("NIP", lambda row: row.digest or None),
        ("nomor", lambda row: row.number),
    )
    for what, key in checks:
        for lines in _groups(rest, key):
            for line in lines:
                yield Mistake(
                    line, f"{what} dipakai juga di baris {_listed(lines, line)}; periksa mana yang benar"
                )


def _groups(rows: Iterable[StaffRow], key: Callable[[StaffRow], object]) -> list[list[int]]:
    found: dict[object, list[int]] = defaultdict(list)
    for row in rows:
        if (value := key(row)) is not None:
            found[value].append(row.line)
    return [lines for lines in found.values() if len(lines) > 1]


def _listed(lines: list[int], but: int) -> str:
    others = [str(line) for line in lines if line != but]
    more = f" dan {len(others) - 5} lagi" if len(others) > 5 else ""
    return ", ".join(others[:5]) + more
