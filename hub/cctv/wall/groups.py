"""Groups of cameras for walls: kept by whoever made them, shown by everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.wall.models import WallGroup
from hub.errors import NotFoundError
from hub.live.streams import CameraKey

MOST_GROUPS = 60
MOST_NAME = 60


class GroupError(ValueError):
    """A group that cannot be kept: ``name``, ``empty``, ``many`` or ``taken``."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as screens show it."""

    id: int
    name: str
    account_id: int
    cameras: frozenset[CameraKey]


def list_groups(db: Session) -> list[Group]:
    """Return all groups by name."""
    return [_group(row) for row in db.scalars(select(WallGroup).order_by(WallGroup.name))]


def get_group(db: Session, number: int) -> Group:
    """Return one group.

    Raises:
        NotFoundError: there is none.
    """
    row = db.get(WallGroup, number)
    if row is None:
        raise NotFoundError(f"group {number}")
    return _group(row)


def keep_group(
    db: Session, *, name: str, cameras: Iterable[CameraKey], account_id: int, now: datetime
) -> Group:
    """Keep a group; one's own of the same name is replaced.

    Raises:
        GroupError: it has no name or no camera, there are too many, or the name is somebody else's.
    """
    name, lines = name.strip(), sorted({f"{key.device}/{key.camera}" for key in cameras})
    if not 0 < len(name) <= MOST_NAME:
        raise GroupError("name")
    if not lines:
        raise GroupError("empty")
    row = db.scalars(select(WallGroup).where(WallGroup.name == name)).one_or_none()
    if row is not None and row.account_id != account_id:
        raise GroupError("taken")
    if row is None:
        if len(list_groups(db)) >= MOST_GROUPS:
            raise GroupError("many")
        row = WallGroup(name=name, account_id=account_id, cameras="", changed_at=now)
        db.add(row)
    row.cameras, row.changed_at = "\n".join(lines), now
    db.flush()
    return _group(row)


def delete_group(db: Session, number: int, *, account_id: int, may_all: bool) -> None:
    """Forget a group.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    row = db.get(WallGroup, number)
    if row is None or (row.account_id != account_id and not may_all):
        raise NotFoundError(f"group {number}")
    db.delete(row)


def _group(row: WallGroup) -> Group:
    keys = (line.partition("/") for line in row.cameras.splitlines())
    return Group(row.id, row.name, row.account_id, frozenset(CameraKey(a, b) for a, _, b in keys))
