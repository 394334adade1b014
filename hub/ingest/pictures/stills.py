"""The newest still of each camera as a file; a picture is never queued, never kept in the database."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from edge.faultpoints import FaultPoint, reach
from edge.wire.messages import MAX_STILL_BYTES
from hub.bulk import upsert
from hub.ingest.models import Still

JPEG_MAGIC = b"\xff\xd8\xff"
# A device has at most 32 cameras at a time; over its life some are renamed.
MAX_CAMERAS = 64
# A still is taken now; a time further off tells of the clock, not of the still.
MOST_CLOCK_ERROR = timedelta(hours=1)


class StillError(ValueError):
    """Bytes that are no still, or one camera too many."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A still as it came; ``said_at`` is ISO 8601 or empty."""

    device: str
    camera: str
    jpeg: bytes
    said_at: str
    received_at: datetime


def still_path(folder: Path, device: str, camera: str) -> Path:
    """Return where the newest still of a camera lies; both ids are checked ids of topics."""
    return folder / "stills" / device / f"{camera}.jpg"


def check_still(folder: Path, picture: Picture) -> None:
    """Refuse what cannot be a still of this device.

    Raises:
        StillError: too large, no JPEG, or more cameras than a device has.
    """
    if len(picture.jpeg) > MAX_STILL_BYTES:
        raise StillError(f"still of {len(picture.jpeg)} bytes, more than {MAX_STILL_BYTES}")
    if not picture.jpeg.startswith(JPEG_MAGIC):
        raise StillError("still is no JPEG")
    path = still_path(folder, picture.device, picture.camera)
    if not path.exists() and path.parent.is_dir() and _stills_in(path.parent) >= MAX_CAMERAS:
        raise StillError(f"stills of more than {MAX_CAMERAS} cameras of one device")


def _stills_in(place: Path) -> int:
    return sum(name.endswith(".jpg") for name in os.listdir(place))


def write_still(folder: Path, picture: Picture, *, worker: int = 0) -> None:
    """Put the file in place; a reader sees the old one or the new one, never a part.

    Args:
        folder: Of the hub.
        picture: That passed its checks.
        worker: Of several that write; each has parts of its own.

    Raises:
        OSError: the folder cannot be written.
    """
    path = still_path(folder, picture.device, picture.camera)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{worker}.part")
    part.write_bytes(picture.jpeg)
    reach(FaultPoint.HUB_STILL_WRITTEN)
    part.replace(path)


def note_still(session: Session, picture: Picture) -> None:
    """Note in the database what the file shows."""
    row = {
        "device": picture.device,
        "camera": picture.camera,
        "taken_at": taken_at(picture.said_at, received_at=picture.received_at),
        "received_at": picture.received_at,
        "bytes": len(picture.jpeg),
    }
    upsert(
        session,
        Still,
        [row],
        key=("device", "camera"),
        changes=lambda new: {name: new[name] for name in ("taken_at", "received_at", "bytes")},
    )


def taken_at(said_at: str, *, received_at: datetime) -> datetime:
    """Return when a still was taken: as the device says if that is believable, else ``received_at``."""
    try:
        said = datetime.fromisoformat(said_at)
    except ValueError:
        return received_at
    if said.tzinfo is None or abs(said - received_at) > MOST_CLOCK_ERROR:
        return received_at
    return said
