"""A few older stills of each camera, for whoever wants to know how it looked before something happened.

Bounded: at most ``MOST`` a camera, apart by ``APART``. Must not be shown to anybody from here; what
is worth keeping is copied away by its concern within minutes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hub.ingest.pictures.stills import Picture, taken_at
from hub.telemetry.store import instant_of_ms, ms_of_instant

# Together three minutes: a picture is called covered or frozen some ten seconds after it is.
MOST = 12
APART = timedelta(seconds=15)


class RecentStill(NamedTuple):
    """One of them."""

    at: datetime
    path: Path


def keep_recent(folder: Path, picture: Picture, *, worker: int = 0) -> None:
    """Keep a still that passed its checks, unless one of the last seconds is there.

    Args:
        folder: Of the hub.
        picture: That passed its checks.
        worker: Of several that write; each has parts of its own.

    Raises:
        OSError: the folder cannot be written.
    """
    at = taken_at(picture.said_at, received_at=picture.received_at)
    there = recent_stills(folder, picture.device, picture.camera)
    if there and abs(at - there[-1].at) < APART:
        return
    place = _folder(folder, picture.device, picture.camera)
    place.mkdir(parents=True, exist_ok=True)
    part = place / f"new.{worker}.part"
    part.write_bytes(picture.jpeg)
    part.replace(place / f"{ms_of_instant(at)}.jpg")
    for old in there[: max(0, len(there) + 1 - MOST)]:
        old.path.unlink(missing_ok=True)


def recent_stills(folder: Path, device: str, camera: str) -> Sequence[RecentStill]:
    """Return what is there of a camera, oldest first."""
    place = _folder(folder, device, camera)
    found = [path for path in place.glob("*.jpg") if path.stem.isdecimal()] if place.is_dir() else []
    return sorted(RecentStill(instant_of_ms(int(path.stem)), path) for path in found)


def _folder(folder: Path, device: str, camera: str) -> Path:
    return folder / "stills-recent" / device / camera
