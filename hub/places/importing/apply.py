"""A plan written down, all of it or nothing: the caller's transaction decides."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.places.importing.known import Known
from hub.places.importing.plan import Action, Change, Plan, key_of, owner_moves, tables_of
from hub.places.importing.tables import CameraRow, InventoryTables, Kind
from hub.places.models import CityCamera, Device, Door, Sensor, Site
from hub.places.owning.service import set_owner
from hub.places.register.retiring import retire

# The table of the database behind each table of a file.
MODELS: dict[Kind, type[Any]] = {
    Kind.SITES: Site,
    Kind.DEVICES: Device,
    Kind.CAMERAS: CityCamera,
    Kind.DOORS: Door,
    Kind.SENSORS: Sensor,
}
_NOT_OF_THE_ROW = frozenset({"line", "owner", "owner_since"})


def apply_plan(
    db: Session,
    tables: InventoryTables,
    plan: Plan,
    known: Known,
    *,
    retires: bool,
    file_name: str,
    today: date,
    actor: str,
    now: datetime,
) -> int:
    """Write what a plan says; return how many rows of the inventory changed.

    Args:
        db: A writing session, the one that ``known`` was read with.
        tables: What the plan was made of.
        plan: Made in this transaction.
        known: What the plan was compared with.
        retires: Whether what the tables do not name goes off duty.
        file_name: For the audit chain.
        today: From when a new owner counts where the table does not say.
        actor: The account's name.
        now: For the audit chain.

    Raises:
        InputError: a row has a mistake; nothing is written.
    """
    write_changes(db, tables, plan, known, today)
    if retires:
        for change in plan.gone:
            retire(db, MODELS[change.kind], (change.device, change.id) if change.device else change.id)
    _note(db, plan, retires=retires, file_name=file_name, actor=actor, now=now)
    return len(plan.changes) + (len(plan.gone) if retires else 0)


def write_changes(db: Session, tables: InventoryTables, plan: Plan, known: Known, today: date) -> None:
    """Write what is new, changed or back; what is gone stays.

    Raises:
        InputError: a row has a mistake; nothing is written.
    """
    if plan.mistakes:
        raise InputError(f"{len(plan.mistakes)} baris salah; tidak ada yang ditulis")
    changed = {(change.kind, change.device, change.id) for change in plan.changes}
    for kind, rows in tables_of(tables).items():
        for row in rows:
            if (kind, getattr(row, "device", ""), row.id) in changed:
                _write(db, kind, row, known, today)
        # What hangs on a device refers to it.
        db.flush()


def _write(db: Session, kind: Kind, row: Any, known: Known, today: date) -> None:
    model = MODELS[kind]
    said = {
        name: value
        for name, value in msgspec.structs.asdict(row).items()
        if name not in _NOT_OF_THE_ROW and value is not msgspec.UNSET
    }
    there = db.get(model, key_of(row))
    if there is None:
        db.add(model(**said, is_retired=False))
    else:
        for name, value in said.items():
            setattr(there, name, value)
        there.is_retired = False
    if isinstance(row, CameraRow) and owner_moves(row, known):
        db.flush()
        set_owner(db, (row.device, row.id), known.spelling(row.owner), row.owner_since or today)


def _note(db: Session, plan: Plan, *, retires: bool, file_name: str, actor: str, now: datetime) -> None:
    counted = ", ".join(
        f"{count} {action}" for action, count in plan.counts().items() if retires or action is not Action.GONE
    )
    detail = f"{counted or 'nothing'}; {plan.unchanged} unchanged"
    audit.append(db, at=now, actor=actor, action="inventory.import", target=file_name[:120], detail=detail)
    for change in plan.changes:
        _note_owner(db, change, actor, now)


def _note_owner(db: Session, change: Change, actor: str, now: datetime) -> None:
    for field in change.fields:
        if field.name == "pemilik" and field.was:
            target = f"camera:{change.address}"
            detail = f"{field.was} -> {field.becomes}"
            audit.append(db, at=now, actor=actor, action="camera.owner", target=target, detail=detail)
