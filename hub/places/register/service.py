"""One entry of the inventory changed by hand: the same checks and the same words as for a file.

A form is a row of a table with some cells typed anew. Takes a session, never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.places.importing.apply import write_changes
from hub.places.importing.export import camera_cells_of, camera_row
from hub.places.importing.files import read_row
from hub.places.importing.known import Known, read_known
from hub.places.importing.plan import make_plan
from hub.places.importing.tables import LAYOUTS, InventoryTables, Kind, Mistake
from hub.places.models import CityCamera
from hub.places.owning.service import CameraKey
from hub.places.register.retiring import restore, retire


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, and when; ``today`` is the day in the city."""

    name: str
    now: datetime
    today: date


def camera_cells(db: Session, camera: CameraKey, today: date) -> dict[str, str]:
    """Return the cells of a camera's row as a file has them, retired or not.

    Raises:
        NotFoundError: the inventory has no such camera.
    """
    known = read_known(db, today)
    if camera not in known.cameras:
        raise NotFoundError("/".join(camera))
    return _cells(known, camera)


def change_camera(db: Session, camera: CameraKey, typed: Mapping[str, str], actor: Actor) -> bool:
    """Change what was typed of a camera; the rest stays. Return whether something changed.

    Raises:
        InputError: a cell is wrong; names it and the remedy.
        NotFoundError: the inventory has no such camera.
    """
    known = read_known(db, actor.today)
    if camera not in known.cameras:
        raise NotFoundError("/".join(camera))
    if known.cameras[camera].is_retired:
        raise InputError("Kamera ini sudah pensiun; kembalikan dulu.")
    # The day belongs to the owner that is typed with it, not to the one of now.
    cells = _cells(known, camera) | {"pemilik_sejak": ""} | dict(typed)
    row = read_row(Kind.CAMERAS, cells, known_owners=_owner_names(known))
    if isinstance(row, Mistake):
        raise InputError(f"{row.column}: {row.remedy}")
    tables = InventoryTables(cameras=(row,))
    plan = make_plan(tables, known, actor.today)
    if plan.mistakes:
        bad = plan.mistakes[0]
        raise InputError(f"{bad.column}: {bad.remedy}")
    if not plan.changes:
        return False
    write_changes(db, tables, plan, known, actor.today)
    detail = "; ".join(f"{one.name}: {one.was} -> {one.becomes}" for one in plan.changes[0].fields)
    _note(db, camera, "camera.inventory", detail, actor)
    return True


def set_retired(db: Session, camera: CameraKey, *, is_retired: bool, actor: Actor) -> None:
    """Take a camera off duty, or bring it back with the device and the point it hangs on.

    Raises:
        NotFoundError: the inventory has no such camera.
    """
    (retire if is_retired else restore)(db, CityCamera, camera)
    _note(db, camera, "camera.retire" if is_retired else "camera.restore", "", actor)


def _cells(known: Known, camera: CameraKey) -> dict[str, str]:
    cells = camera_cells_of(camera_row(known.cameras[camera], known))
    return {name: str(cell) for name, cell in zip(LAYOUTS[Kind.CAMERAS].columns, cells, strict=True)}


def _owner_names(known: Known) -> list[str]:
    return sorted({row.owner for row in known.last_owners.values()})


def _note(db: Session, camera: CameraKey, action: str, detail: str, actor: Actor) -> None:
    target = f"camera:{camera[0]}/{camera[1]}"
    audit.append(db, at=actor.now, actor=actor.name, action=action, target=target, detail=detail)
