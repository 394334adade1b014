"""A plan written down, all of it or nothing: the caller's transaction decides."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.registers.importing.plan import Act, Plan, PlannedChange
from hub.registers.keeping.models import RegisterChange, RegisterOwner, RegisterRow
from hub.registers.keeping.service import Actor, change_of, fill, put_office
from hub.registers.kind.fields import Kind

# Rows in one statement: few enough for any driver, enough to be quick.
_AT_ONCE = 500


def apply_plan(db: Session, kind: Kind, plan: Plan, *, file_name: str, actor: Actor) -> int:
    """Write what a plan says; return how many rows changed.

    Args:
        db: A writing session, the one that the plan was made in.
        kind: Of all rows.
        plan: Without mistakes.
        file_name: For history and audit chain.
        actor: Who.

    Raises:
        InputError: the plan has mistakes: a file is taken whole or not at all.
    """
    if plan.mistakes:
        raise InputError("Ada baris yang salah; tidak ada yang ditulis.")
    note = f"berkas {file_name}"
    changed = [one for one in plan.changes if one.act is not Act.NEW]
    for change in changed:
        _change(db, kind, change, note, actor)
    db.flush()
    new = iter([one for one in plan.changes if one.act is Act.NEW])
    while some := list(islice(new, _AT_ONCE)):
        _insert(db, kind, some, note, actor)
    detail = ", ".join(f"{count} {act}" for act, count in plan.counts().items()) or "nothing"
    audit.append(
        db,
        at=actor.now,
        actor=actor.name,
        action="register.import",
        target=f"{kind.code}:{file_name}"[:120],
        detail=f"{detail}; {plan.unchanged} unchanged",
    )
    return len(plan.changes)


def _change(db: Session, kind: Kind, change: PlannedChange, note: str, actor: Actor) -> None:
    row = change.row
    assert row is not None, "what is not new has a row"
    fill(kind, row, change.given, actor)
    row.is_retired, row.version = False, row.version + 1
    db.add(change_of(row, "import", note))
    if kind.code == "opd":
        put_office(db, row, actor)


def _insert(db: Session, kind: Kind, changes: Sequence[PlannedChange], note: str, actor: Actor) -> None:
    made = [_filled(kind, change, actor) for change in changes]
    statement = insert(RegisterRow).returning(RegisterRow.id, sort_by_parameter_order=True)
    ids = list(db.scalars(statement, [_columns(row) for row in made]))
    for row, number in zip(made, ids, strict=True):
        row.id = number
        if kind.code == "opd":
            put_office(db, row, actor)
    history = [change_of(row, "import", note) for row in made]
    db.execute(insert(RegisterChange), [_history_columns(one) for one in history])
    owners = list(_owners(changes, ids, actor))
    if owners:
        db.execute(insert(RegisterOwner), owners)


def _filled(kind: Kind, change: PlannedChange, actor: Actor) -> RegisterRow:
    row = RegisterRow(kind=kind.code, version=1, is_retired=False)
    fill(kind, row, change.given, actor)
    return row


def _columns(row: RegisterRow) -> dict[str, Any]:
    names = (column.key for column in RegisterRow.__table__.columns if column.key != "id")
    return {name: getattr(row, name) for name in names}


def _history_columns(entry: RegisterChange) -> dict[str, Any]:
    return {column.key: getattr(entry, column.key) for column in RegisterChange.__table__.columns}


def _owners(changes: Sequence[PlannedChange], ids: Sequence[int], actor: Actor) -> Iterator[dict[str, Any]]:
    for change, number in zip(changes, ids, strict=True):
        given = change.given
        if given.owner is not None:
            start = given.valid_from if given.valid_from and given.valid_from < actor.today else actor.today
            yield {"row_id": number, "opd": given.owner, "valid_from": start, "valid_to": None, "decree": ""}
