"""Rows compared with what the hub knows: what each would change, or why it cannot be taken.

Writes nothing. The plan of the same table on the same data is the same, and after it was applied
there is nothing left to change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from hub.people.importing.known import Known
from hub.people.importing.rows import Mistake, StaffRow, StaffTable
from hub.people.models import Person, Placement
from hub.people.reach import Reach


class Kind(StrEnum):
    """What a row changes."""

    NEW = "new"
    RENAMED = "renamed"
    MOVED = "moved"
    LEFT = "left"
    RETURNED = "returned"
    NIP = "nip"  # a NIP that was not known, or another one


@dataclass(frozen=True, slots=True)
class Change:
    """A row and what it changes; ``was`` is the name and place before, empty for somebody new."""

    row: StaffRow
    number: int | None
    kinds: tuple[Kind, ...]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do. ``unnamed`` are people of its OPDs that it does not name."""

    changes: tuple[Change, ...]
    mistakes: tuple[Mistake, ...]
    unchanged: int
    new_opds: dict[int, str]
    new_units: dict[int, StaffRow]
    unnamed: tuple[int, ...]

    def count(self, kind: Kind) -> int:
        """Return how many rows have this among their changes."""
        return sum(kind in change.kinds for change in self.changes)

    @property
    def shortened(self) -> int:
        """How many of the changed rows have a name that was made to fit a door."""
        return sum(bool(change.row.full_name) for change in self.changes)

    def counts(self) -> dict[Kind, int]:
        """Return the number of rows for each kind of change there is."""
        return {kind: found for kind in Kind if (found := self.count(kind))}


class _BadRow(Exception):  # noqa: N818 (carries one sentence to the row it stands in)
    """A row that contradicts what is known."""


def make_plan(table: StaffTable, known: Known, reach: Reach) -> Plan:
    """Compare rows with what is known.

    Args:
        table: Rows that are fine by themselves, and mistakes found before.
        known: The hub's people and offices.
        reach: For whom the one who imports may act; only the whole city makes new OPDs.
    """
    planner = _Planner(known, reach)
    changes, mistakes, unchanged = [], list(table.mistakes), 0
    for row in table.rows:
        try:
            change = planner.change_of(row)
        except _BadRow as bad:
            mistakes.append(Mistake(row.line, str(bad)))
            continue
        if change.kinds:
            changes.append(change)
        else:
            unchanged += 1
    return Plan(
        changes=tuple(changes),
        mistakes=tuple(sorted(mistakes)),
        unchanged=unchanged,
        new_opds=planner.new_opds,
        new_units=planner.new_units,
        unnamed=tuple(_unnamed(table.rows, planner, known)),
    )


class _Planner:
    """Goes through the rows and remembers the offices that they bring."""

    def __init__(self, known: Known, reach: Reach) -> None:
        self._known = known
        self._reach = reach
        self.new_opds: dict[int, str] = {}
        self.new_units: dict[int, StaffRow] = {}
        self._named: set[int] = set()

    def number_of(self, row: StaffRow) -> int | None:
        """Return whose row it is, as far as the hub knows."""
        return row.number if row.number is not None else self._known.numbers.get(row.digest)

    def change_of(self, row: StaffRow) -> Change:
        number = self.number_of(row)
        self._check_owner(row, number)
        person = self._known.people.get(number) if number is not None else None
        newest = self._known.newest(number) if number is not None else None
        self._check_reach(row, person, newest)
        row = _with_known_name(row, person)
        opd, unit = self._new_opd(row), self._new_unit(row)
        kinds = tuple(self._kinds(row, person, newest))
        # Only a row that is good as a whole brings its offices.
        self.new_opds |= opd
        self.new_units |= unit
        return Change(row, number, kinds, self._was(person, newest))

    def _check_owner(self, row: StaffRow, number: int | None) -> None:
        owner = self._known.numbers.get(row.digest) if row.digest else None
        if owner is not None and owner != number:
            raise _BadRow(f"NIP-nya sudah milik nomor {owner}; periksa mana yang benar")
        if number is not None and number in self._named:
            raise _BadRow(f"pegawai nomor {number} sudah disebut di baris lain dengan NIP; hapus salah satu")
        if number is not None:
            self._named.add(number)

    def _check_reach(self, row: StaffRow, person: Person | None, newest: Placement | None) -> None:
        if not self._reach.holds(row.opd, row.unit):
            raise _BadRow(f"OPD {row.opd} di luar kewenangan Anda; minta BKPSDM yang mengimpor baris ini")
        is_here = person is None or self._reach.holds(
            newest.opd if newest else person.opd, newest.unit if newest else 0
        )
        is_nowhere = person is not None and newest is None and person.opd == 0
        if not is_here and not is_nowhere:
            raise _BadRow("pegawai ini masih di OPD lain; mutasi antar-OPD diimpor oleh BKPSDM")

    def _new_opd(self, row: StaffRow) -> dict[int, str]:
        known = self._known.opds.get(row.opd)
        if known is not None:
            _check_said(f"OPD {row.opd}", row.opd_name, known, "nama_opd")
            return {}
        said = self.new_opds.get(row.opd) or row.opd_name
        if not said or not self._reach.is_city:
            raise _BadRow(f"OPD {row.opd} belum dikenal; isi nama_opd atau tambahkan dulu di halaman OPD")
        if row.opd_name not in ("", said):
            raise _BadRow(f"OPD {row.opd} disebut {row.opd_name!r} dan {said!r}; samakan namanya")
        return {row.opd: said}

    def _new_unit(self, row: StaffRow) -> dict[int, StaffRow]:
        if not row.unit:
            return {}
        unit = self._known.units.get(row.unit)
        opd = unit.opd if unit else self.new_units[row.unit].opd if row.unit in self.new_units else row.opd
        if unit is not None:
            _check_said(f"unit {row.unit}", row.unit_name, unit.name, "nama_unit")
        if opd != row.opd:
            raise _BadRow(
                f"unit {row.unit} adalah bagian OPD {opd}, bukan OPD {row.opd}; periksa nomor unit atau opd"
            )
        if row.site and row.site not in self._known.sites:
            raise _BadRow(f"lokasi {row.site!r} tidak ada; pakai id titik dari daftar titik, atau kosongkan")
        if unit is None and row.unit not in self.new_units and not row.unit_name:
            raise _BadRow(f"unit {row.unit} belum dikenal; isi nama_unit atau tambahkan dulu di halaman OPD")
        return {} if unit or row.unit in self.new_units else {row.unit: row}

    def _kinds(self, row: StaffRow, person: Person | None, newest: Placement | None) -> Iterator[Kind]:
        if person is None:
            yield Kind.NEW
            if row.until is not None:
                yield Kind.LEFT
            return
        if person.short_name != row.name:
            yield Kind.RENAMED
        if row.digest and self._known.numbers.get(row.digest) != person.number:
            yield Kind.NIP
        yield from _placement_kinds(row, person, newest)

    def _was(self, person: Person | None, newest: Placement | None) -> str:
        if person is None:
            return ""
        opd, unit = (newest.opd, newest.unit) if newest else (person.opd, 0)
        names = [person.short_name, self._known.opds.get(opd, f"OPD {opd}" if opd else "")]
        if unit in self._known.units:
            names.append(self._known.units[unit].name)
        return " · ".join(name for name in names if name)


def _with_known_name(row: StaffRow, person: Person | None) -> StaffRow:
    """Keep the name that doors show where the row's is only another way to shorten it."""
    if person is None or not row.full_name or _first_word(person.short_name) != _first_word(row.name):
        return row
    return replace(row, name=person.short_name, full_name="")


def _first_word(name: str) -> str:
    return name.casefold().partition(" ")[0]


def _check_said(what: str, said: str, known: str, column: str) -> None:
    """Refuse a name that is not the known one: a wrong number would move somebody elsewhere."""
    if said and " ".join(said.split()).casefold() != " ".join(known.split()).casefold():
        raise _BadRow(f"{what} bernama {known!r}, bukan {said!r}; periksa nomornya, atau kosongkan {column}")


def _placement_kinds(row: StaffRow, person: Person, newest: Placement | None) -> Iterator[Kind]:
    if newest is None:
        yield Kind.MOVED
    elif newest.valid_to is not None and row.since > newest.valid_to:
        yield Kind.RETURNED
    elif (newest.opd, newest.unit) != (row.opd, row.unit):
        if row.since < newest.valid_from:
            raise _BadRow(f"sudah ditempatkan sejak {newest.valid_from}; isi 'mulai' sesudahnya")
        yield Kind.MOVED
    elif row.until is None and (newest.valid_to is not None or not person.is_active):
        when = f" sejak {newest.valid_to}" if newest.valid_to else ""
        raise _BadRow(f"sudah keluar{when}; isi 'selesai', atau 'mulai' dengan tanggal kembali bekerja")
    if row.until is not None and (newest is None or newest.valid_to != row.until):
        yield Kind.LEFT


def _unnamed(rows: Sequence[StaffRow], planner: _Planner, known: Known) -> Iterator[int]:
    """Yield who works in an OPD of the table and is not named by it: perhaps they left."""
    opds = {row.opd for row in rows}
    named = {planner.number_of(row) for row in rows}
    for number, person in known.people.items():
        newest = known.newest(number)
        is_here = newest is not None and newest.valid_to is None and newest.opd in opds
        if person.is_active and is_here and number not in named:
            yield number
