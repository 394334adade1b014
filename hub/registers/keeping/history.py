"""What a row was, change by change, and what each change meant in words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.registers.keeping.models import RegisterChange, RegisterRow
from hub.registers.kind.differing import FieldChange, changes_between
from hub.registers.kind.fields import Kind
from hub.registers.kind.rules import NO_NAMES, Names


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a history; ``fields`` is empty where no value changed, as at a hand-over."""

    version: int
    at: datetime
    actor: str
    act: str
    note: str
    fields: tuple[FieldChange, ...]


def history_of(
    db: Session, kind: Kind, row: RegisterRow, names: Names = NO_NAMES, language: str = "id"
) -> list[Change]:
    """Return all changes of a row, the newest first."""
    query = select(RegisterChange).where(RegisterChange.row_id == row.id).order_by(RegisterChange.version)
    found: list[Change] = []
    before: dict[str, object] = {}
    for entry in db.scalars(query):
        fields = tuple(changes_between(kind, before, entry.snapshot, names, language))  # type: ignore[arg-type]  # JSON of values
        found.append(Change(entry.version, entry.at, entry.actor, entry.act, entry.note, fields))
        before = entry.snapshot
    return found[::-1]


def diff_of(
    db: Session, kind: Kind, row: RegisterRow, old: int, new: int, names: Names = NO_NAMES
) -> tuple[FieldChange, ...]:
    """Return what is different between two versions of a row."""
    snapshots = {
        version: entry.snapshot if entry else {}
        for version in (old, new)
        for entry in (db.get(RegisterChange, (row.id, version)),)
    }
    return tuple(changes_between(kind, snapshots[old], snapshots[new], names))
