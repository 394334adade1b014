"""Whose a row is from a day on; what was before stays written. Takes a session, never commits."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.people.models import Opd
from hub.registers.keeping.models import RegisterOwner, RegisterRow
from hub.registers.keeping.service import Actor, change_of, check_version
from hub.registers.kind.fields import Owner
from hub.registers.kind.reading import kind_of


def owners_of(db: Session, row: RegisterRow) -> list[RegisterOwner]:
    """Return the owners of a row, the first one first; the last one may begin in the future."""
    query = select(RegisterOwner).where(RegisterOwner.row_id == row.id).order_by(RegisterOwner.valid_from)
    return list(db.scalars(query))


def hand_over(
    db: Session, row: RegisterRow, *, opd: int, since: date, decree: str, actor: Actor, version: int
) -> None:
    """Make an OPD the owner from a day on; the same day as the last owner's corrects it.

    Raises:
        InputError: no such OPD, the owner already, before the last hand-over, or somebody was first.
    """
    check_version(db, row, version)
    if kind_of(row.kind).owner is Owner.CITY:
        raise InputError("Baris ini milik kota dan tidak diserahkan.")
    to = db.get(Opd, opd)
    if to is None:
        raise InputError("OPD: pilih penerimanya.")
    past = owners_of(db, row)
    last = past[-1] if past else None
    if last is not None and last.opd == opd:
        raise InputError(f"OPD: sudah milik {to.name} sejak {last.valid_from}.")
    if last is not None and since < last.valid_from:
        raise InputError(
            f"Sejak: lebih awal daripada penyerahan terakhir ({last.valid_from}); isi sesudahnya."
        )
    if last is not None and since == last.valid_from:
        last.opd, last.decree = opd, decree[:120]
    else:
        if last is not None:
            last.valid_to = since
        db.add(RegisterOwner(row_id=row.id, opd=opd, valid_from=since, decree=decree[:120]))
    row.version, row.changed_at, row.changed_by = row.version + 1, actor.now, actor.name
    db.flush()
    note = f"diserahkan kepada {to.name} sejak {since}" + (f", {decree}" if decree else "")
    db.add(change_of(row, "hand-over", note))
    target = f"{row.kind}:{row.id}"
    audit.append(db, at=actor.now, actor=actor.name, action="register.hand-over", target=target, detail=note)
