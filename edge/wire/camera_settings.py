"""The part of a camera's settings that the hub may decide, and the document it travels in.

Drawn in a browser, kept by the hub, sent as ``Desired(document="config")``. Addresses, passwords
and everything else of a device stay in its own file: must not hold a secret.
"""

from typing import Annotated, Any

import msgspec

from edge.wire.bodies import MAX_INTEGER, SourceId
from edge.wire.strict_toml import Section

DOCUMENT = "config"

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Point = tuple[Fraction, Fraction]
Polygon = Annotated[tuple[Point, ...], msgspec.Meta(min_length=3, max_length=32)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Polygons = Annotated[tuple[Polygon, ...], msgspec.Meta(max_length=16)]


class Line(Section, frozen=True):
    """A counting line, as fractions of the picture's width and height.

    ``forward`` and ``backward`` are what people call the two directions; forward is from the
    left of the line to its right, seen from its first point.
    """

    id: SourceId
    points: tuple[Point, Point]
    forward: Label = "maju"
    backward: Label = "mundur"


class RemoteCamera(Section, frozen=True, omit_defaults=True):
    """What the hub decides of one camera; ``None`` leaves what the device's own file says.

    Names, units and limits are those of the same keys of ``[[cameras]]`` in ``edge.toml``.
    """

    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=16)] | None = None
    masks: Polygons | None = None
    privacy_masks: Polygons | None = None
    scale: Fraction | None = None
    fps: Annotated[float, msgspec.Meta(gt=0, le=60)] | None = None
    counts_every_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] | None = None
    still_every_s: Annotated[float, msgspec.Meta(ge=0.5, le=3600)] | None = None
    still_width_px: Annotated[int, msgspec.Meta(ge=64, le=1920)] | None = None


REMOTE_KEYS: tuple[str, ...] = RemoteCamera.__struct_fields__


class ConfigDocument(Section, frozen=True):
    """All camera settings the hub decides for one device; ``version`` rises with every change."""

    version: Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
    cameras: dict[SourceId, RemoteCamera]


class LooseDocument(Section, frozen=True):
    """The same as a device reads it: keys of newer hubs are named one by one, not lost in a heap."""

    version: Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
    cameras: dict[str, dict[str, Any]]


class SettingsError(ValueError):
    """Settings that cannot be used; begins with the path of the key."""


def decode_camera(text: str | bytes) -> RemoteCamera:
    """Read the settings of one camera from JSON, strictly.

    Raises:
        SettingsError: not JSON, a key unknown or out of range, a line doubled or without length.
    """
    try:
        camera = msgspec.json.decode(text, type=RemoteCamera, strict=True)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SettingsError(key_first(str(error))) from error
    check_lines(camera.lines or (), "lines")
    return camera


def decode_loosely(plain: bytes) -> LooseDocument:
    """Read a document of the hub without judging what it says of each camera.

    Raises:
        SettingsError: not JSON, or no such document.
    """
    try:
        return msgspec.json.decode(plain, type=LooseDocument, strict=True)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SettingsError(key_first(str(error))) from error


def check_lines(lines: tuple[Line, ...], path: str) -> None:
    """Raise :class:`SettingsError` for a line id that is used twice and a line of one point."""
    ids = [line.id for line in lines]
    for line in lines:
        if ids.count(line.id) > 1:
            raise SettingsError(f"{path}: line id {line.id!r} is used twice")
        if line.points[0] == line.points[1]:
            raise SettingsError(f"{path}: {line.id!r} has no length")


def key_first(message: str, path: str = "") -> str:
    """Turn msgspec's ``… - at `$.lines[0].points``` round, so that the key stands first.

    Args:
        message: Of a :class:`msgspec.ValidationError`.
        path: Of the struct that was judged, put before the key.
    """
    text, found, place = message.rpartition(" - at `$")
    where = place.rstrip("`").lstrip(".") if found else ""
    full = ".".join(part for part in (path, where) if part)
    return f"{full or 'top level'}: {text if found else message}"
