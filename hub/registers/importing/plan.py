"""Rows of a file compared with the register: what each would change, or why it cannot be taken.

Writes nothing. The plan of the same table on the same data is the same, and after it was applied there
is nothing left to change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.places.importing.cells import BadCell
from hub.registers.importing.rows import FileRow, Mistake, RegisterTable
from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.reach import owned_on
from hub.registers.keeping.service import Actor, Given, moderated, snapshot_of
from hub.registers.kind.fields import Kind, Owner, Quality
from hub.registers.kind.rules import Names
from hub.registers.kind.whole_rows import key_of, title_of, wrong_days, wrong_with


class Act(StrEnum):
    """What a row of a file does."""

    NEW = "new"
    CHANGED = "changed"
    BACK = "back"  # it was off the list


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A row as it will be, and the row of the register that it changes, if there is one."""

    line: int
    act: Act
    given: Given
    key: str
    title: str
    row: RegisterRow | None
    was: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do; ``unnamed`` counts rows within reach that it does not name, and that stay."""

    changes: tuple[PlannedChange, ...]
    mistakes: tuple[Mistake, ...]
    unchanged: int
    unnamed: int

    def counts(self) -> dict[Act, int]:
        """Return how many rows do what."""
        found = {act: sum(one.act is act for one in self.changes) for act in Act}
        return {act: count for act, count in found.items() if count}


def make_plan(db: Session, kind: Kind, table: RegisterTable, names: Names, actor: Actor) -> Plan:
    """Compare a table with the register."""
    planner = _Planner(kind, names, actor, _known(db, kind, actor.today))
    changes, mistakes, unchanged = [], list(table.mistakes), 0
    for row in table.rows:
        try:
            change = planner.change_of(row)
        except BadCell as bad:
            shown = str(row.values.get(bad.column, ""))[:60]
            mistakes.append(Mistake(row.line, bad.column, shown, bad.remedy))
            continue
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    return Plan(tuple(changes), tuple(sorted(mistakes)), unchanged, planner.unnamed())


@dataclass(frozen=True, slots=True)
class _Known:
    row: RegisterRow
    owner: int | None


def _known(db: Session, kind: Kind, today: date) -> dict[str, _Known]:
    query = (
        select(RegisterRow, RegisterOwner.opd)
        .join(RegisterOwner, owned_on(today), isouter=True)
        .where(RegisterRow.kind == kind.code)
    )
    return {row.key: _Known(row, owner) for row, owner in db.execute(query)}


class _Planner:
    """Goes through the rows and remembers the keys that it saw."""

    def __init__(self, kind: Kind, names: Names, actor: Actor, known: dict[str, _Known]) -> None:
        self._kind, self._names, self._actor, self._known = kind, names, actor, known
        self._lines: dict[str, int] = {}

    def change_of(self, row: FileRow) -> PlannedChange | None:
        """Return what a row changes, ``None`` for nothing.

        Raises:
            BadCell: it contradicts itself, another row, or the register.
        """
        key = key_of(self._kind, row.values)
        self._check_doubled(key, row.line)
        known = self._known.get(key)
        owner = self._owner(row, known)
        was = snapshot_of(known.row) if known else {}
        given = self._given(row, known, owner)
        self._check(given)
        given = moderated(self._kind, given, known.row.values if known else {}, self._actor)
        becomes = _as_snapshot(given)
        if known is not None and not known.row.is_retired and was == becomes:
            return None
        act = Act.NEW if known is None else Act.BACK if known.row.is_retired else Act.CHANGED
        title = title_of(self._kind, given.values)
        return PlannedChange(row.line, act, given, key, title, known.row if known else None, was)

    def unnamed(self) -> int:
        """Return how many rows within reach no row of the file named."""
        return sum(
            not one.row.is_retired and key not in self._lines and self._actor.reach.holds(one.owner)
            for key, one in self._known.items()
        )

    def _check_doubled(self, key: str, line: int) -> None:
        if key in self._lines:
            raise BadCell(
                f"kunci yang sama sudah di baris {self._lines[key]}; hapus salah satu", self._kind.key[0]
            )
        self._lines[key] = line

    def _owner(self, row: FileRow, known: _Known | None) -> int | None:
        reach = self._actor.reach
        said = None if row.owner is UNSET else row.owner
        if known is not None:
            if not reach.holds(known.owner):
                raise BadCell(
                    "sudah dipakai baris milik OPD lain; pakai nama lain atau minta Diskominfo",
                    self._kind.key[0],
                )
            if said is not None and said != known.owner:
                raise BadCell("pemiliknya lain; serahkan lewat halaman baris, dengan tanggalnya", "opd")
            return known.owner
        if self._kind.owner is Owner.CITY:
            if not reach.is_city:
                raise BadCell("baris baru di register kota ditambah oleh Diskominfo", self._kind.key[0])
            if said is not None:
                raise BadCell("register ini milik kota; kosongkan", "opd")
            return None
        if said is None and not reach.is_city and len(reach.opds) == 1:
            return next(iter(reach.opds))
        if said is None:
            raise BadCell("isi OPD pemilik baris baru", "opd")
        if not reach.holds(said):
            raise BadCell("di luar kewenangan Anda", "opd")
        return said

    def _given(self, row: FileRow, known: _Known | None, owner: int | None) -> Given:
        old = known.row if known else None
        values = {**(old.values if old else {}), **row.values}
        return Given(
            values={name: value for name, value in values.items() if value not in (None, "", [])},
            owner=owner,
            valid_from=_or(row.valid_from, old.valid_from if old else None),
            valid_to=_or(row.valid_to, old.valid_to if old else None),
            source=_or(row.source, old.source if old else self._kind.source),
            quality=_or(row.quality, old.quality if old else Quality.SURE.value),
        )

    def _check(self, given: Given) -> None:
        for column, remedy in wrong_with(self._kind, given.values):
            raise BadCell(remedy, column)
        wrong = wrong_days(given.valid_from, given.valid_to)
        if wrong:
            raise BadCell(wrong, "berlaku_sampai")


def _or(said: Any, known: Any) -> Any:
    return known if said is UNSET else said


def _as_snapshot(given: Given) -> dict[str, Any]:
    return {
        **given.values,
        "berlaku_dari": given.valid_from.isoformat() if given.valid_from else None,
        "berlaku_sampai": given.valid_to.isoformat() if given.valid_to else None,
        "sumber": given.source,
        "mutu": given.quality,
    }


def snapshots(change: PlannedChange) -> Iterator[Mapping[str, Any]]:
    """Yield a row before and after."""
    yield change.was
    yield _as_snapshot(change.given)
