"""What lies over the cameras of ``edge.toml``: the settings drawn at the hub or at the site. Pure.

Only the keys of :data:`REMOTE_KEYS` can be laid over; whatever else a document says is an error
that names its path. Must not read files.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from edge.config import CameraSettings
from edge.config_file import check_turning
from edge.wire.camera_settings import REMOTE_KEYS, SettingsError, check_presets, check_view, key_first

Keys = dict[str, Any]


class Origin(StrEnum):
    """Who decided."""

    HUB = "hub"
    SITE = "site"


class Overlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One state of the overlay; ``version`` is the newest of the hub that it contains.

    ``cameras`` holds what was said of each camera, not yet judged; ``at`` is when it came.
    """

    version: int
    origin: Origin
    at: datetime
    cameras: dict[str, Keys]


def lay_over(
    cameras: Sequence[CameraSettings], said: Mapping[str, Mapping[str, Any]]
) -> tuple[CameraSettings, ...]:
    """Return ``cameras`` with what was said of them.

    Args:
        cameras: As the device's own file describes them.
        said: Keys by camera id.

    Raises:
        SettingsError: a camera or a key is not known here, or a value is out of range.
    """
    strangers = sorted(set(said) - {camera.id for camera in cameras})
    if strangers:
        raise SettingsError(f"cameras.{strangers[0]}: this device has no such camera")
    return tuple(_merged(camera, said.get(camera.id, {})) for camera in cameras)


def _merged(camera: CameraSettings, keys: Mapping[str, Any]) -> CameraSettings:
    path = f"cameras.{camera.id}"
    for key in keys:
        if key not in REMOTE_KEYS:
            raise SettingsError(f"{path}.{key}: not a key the hub may set here (too old a firmware?)")
    try:
        merged = msgspec.convert({**msgspec.to_builtins(camera), **keys}, CameraSettings, strict=True)
    except msgspec.ValidationError as error:
        raise SettingsError(key_first(str(error), path)) from error
    check_view(merged, path)
    check_presets(merged.presets, f"{path}.presets")
    check_turning(merged, path)
    return merged


def changed(before: Sequence[CameraSettings], after: Sequence[CameraSettings]) -> tuple[CameraSettings, ...]:
    """Return those of ``after`` that differ, whose workers have to begin again."""
    old = {camera.id: camera for camera in before}
    return tuple(camera for camera in after if old.get(camera.id) != camera)


def origins(overlay: Overlay | None) -> dict[str, str]:
    """Return where each key that is not from the file came from, by its path."""
    if overlay is None:
        return {}
    source = f"{overlay.origin}, version {overlay.version}, {overlay.at:%Y-%m-%dT%H:%M:%SZ}"
    return {
        f"cameras.{camera}.{key}": source for camera, keys in sorted(overlay.cameras.items()) for key in keys
    }
