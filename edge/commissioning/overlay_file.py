"""The overlay on the disk, beside the outbox: replaced whole, so that a power cut leaves the old one.

Holds no secret: it says what may be seen on a screen anyway. What is garbled there is left out,
and the hub sends it again.
"""

import logging
import os
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge.commissioning.overlay import Overlay, lay_over
from edge.config import CameraSettings, EdgeConfig
from edge.faultpoints import FaultPoint, reach
from edge.wire.camera_settings import SettingsError

logger = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is remembered over a restart.

    ``current`` is in force, ``good`` is what it goes back to; while ``is_on_trial`` it is not
    known whether the cameras start on ``current``. Up to ``refused_version`` nothing is taken.
    """

    current: Overlay | None = None
    good: Overlay | None = None
    is_on_trial: bool = False
    starts_on_trial: int = 0
    refused_version: int = 0


def overlay_path(config: EdgeConfig) -> Path:
    """Return where the overlay of a device lies."""
    return Path(config.outbox.path).parent / "cameras.overlay.json"


def read_overlay(path: Path) -> Kept:
    """Return what is kept at ``path``; nothing when it cannot be read, which is logged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept, strict=True)
    except FileNotFoundError:
        return Kept()
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        logger.warning("%s: cannot be read, the cameras run on edge.toml alone: %s", path, error)
        return Kept()


def write_overlay(path: Path, kept: Kept) -> None:
    """Replace the file at ``path``.

    Raises:
        OSError: the disk refuses; the old file is untouched.
    """
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    reach(FaultPoint.EDGE_DOCUMENT_KEPT)


def effective_cameras(config: EdgeConfig, path: Path) -> tuple[CameraSettings, ...]:
    """Return the cameras as an agent that starts now would use them."""
    overlay = read_overlay(path).current
    try:
        return lay_over(config.cameras, {} if overlay is None else overlay.cameras)
    except SettingsError as error:
        logger.warning("%s: not used: %s", path, error)
        return config.cameras


def effective_config(config: EdgeConfig) -> EdgeConfig:
    """Return the configuration as an agent that starts now would use it."""
    return replace(config, cameras=effective_cameras(config, overlay_path(config)))
