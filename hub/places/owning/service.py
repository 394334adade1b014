"""Whose a camera is from a day on; what was before stays written. Takes a session, never commits."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.places.models import CameraOwner
from hub.places.owning.opds import owner_key

CameraKey = tuple[str, str]


def owners_on(db: Session, day: date) -> dict[CameraKey, CameraOwner]:
    """Return the owner of each camera on a day."""
    query = select(CameraOwner).where(
        CameraOwner.valid_from <= day, or_(CameraOwner.valid_to.is_(None), CameraOwner.valid_to > day)
    )
    return {(row.device, row.camera): row for row in db.scalars(query)}


def history_of(db: Session, camera: CameraKey) -> list[CameraOwner]:
    """Return the owners of a camera, the first one first; the last one may begin in the future."""
    query = select(CameraOwner).where(CameraOwner.device == camera[0], CameraOwner.camera == camera[1])
    return list(db.scalars(query.order_by(CameraOwner.valid_from)))


def set_owner(db: Session, camera: CameraKey, owner: str, since: date) -> bool:
    """Make somebody the owner from a day on; the same day as the last owner's corrects it.

    Returns:
        Whether something changed: the same owner by another name does not.

    Raises:
        InputError: the day is before the last owner's.
    """
    past = history_of(db, camera)
    last = past[-1] if past else None
    if last is not None and owner_key(last.owner) == owner_key(owner):
        return False
    if last is not None and since < last.valid_from:
        raise InputError(
            f"{camera[0]}/{camera[1]}: pemilik sejak {since} lebih awal daripada {last.owner} "
            f"sejak {last.valid_from}; isi tanggal sesudahnya"
        )
    if last is not None and since == last.valid_from:
        last.owner = owner
    else:
        if last is not None:
            last.valid_to = since
        db.add(CameraOwner(device=camera[0], camera=camera[1], owner=owner, valid_from=since))
    db.flush()
    return True
