"""The part of a camera's settings that the hub may decide, and the document it travels in.

Drawn in a browser, kept by the hub, sent as ``Desired(document="config")``. Addresses, passwords
and everything else of a device stay in its own file: must not hold a secret.
"""

from enum import StrEnum
from itertools import combinations
from typing import Annotated, Any

import msgspec

from edge.wire.records.bodies import MAX_INTEGER, SourceId
from edge.wire.strict_toml import Section

DOCUMENT = "config"

# Twice the area of a triangle, in fractions of the picture or metres, that is still none.
_LEAST_SPAN = 1e-6

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Point = tuple[Fraction, Fraction]
Polygon = Annotated[tuple[Point, ...], msgspec.Meta(min_length=3, max_length=32)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Plane = Annotated[float, msgspec.Meta(ge=-10_000, le=10_000)]
GroundPoint = tuple[Plane, Plane]
Polygons = Annotated[tuple[Polygon, ...], msgspec.Meta(max_length=16)]


SizeLimits = tuple[Fraction, Fraction]


class Line(Section, frozen=True):
    """A counting line, as fractions of the picture's width and height.

    ``forward`` and ``backward`` are what people call the two directions; forward is from the
    left of the line to its right, seen from its first point. ``sizes`` calibrates the size classes
    here: how large a car, and a heavy vehicle, begin to look at this line, as the side of a square
    as large as the thing's box over the picture's height; without it there are no size classes.
    """

    id: SourceId
    points: tuple[Point, Point]
    forward: Label = "maju"
    backward: Label = "mundur"
    sizes: SizeLimits | None = None


class ZonePurpose(StrEnum):
    """What is asked of a zone."""

    TRAFFIC = "traffic"
    CROWD = "crowd"


class Zone(Section, frozen=True):
    """An area whose fullness is measured.

    ``person_height`` is how tall a standing person looks in it, over the picture's height; a
    crowd level needs it.
    """

    id: SourceId
    polygon: Polygon
    purpose: ZonePurpose = ZonePurpose.TRAFFIC
    person_height: Fraction = 0


class Ground(Section, frozen=True):
    """Four points of the street in the picture and where they lie on the ground, in metres.

    Any flat coordinates do: only distances between the points count.
    """

    points: tuple[Point, Point, Point, Point]
    metres: tuple[GroundPoint, GroundPoint, GroundPoint, GroundPoint]


class Gauge(Section, frozen=True):
    """A staff gauge in the water.

    ``corners`` of its face: top left, top right, bottom right, bottom left, as seen; ``top_m`` and
    ``bottom_m`` are the readings at its two ends.
    """

    id: SourceId
    corners: tuple[Point, Point, Point, Point]
    top_m: Annotated[float, msgspec.Meta(ge=-100, le=1000)]
    bottom_m: Annotated[float, msgspec.Meta(ge=-100, le=1000)]


class View(Section, frozen=True):
    """What is to be seen from one position of a camera.

    ``scale`` is the size of the smallest object that counts, as a fraction of the picture's
    height; 0 learns it.
    """

    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=16)] = ()
    masks: Polygons = ()
    privacy_masks: Polygons = ()
    zones: Annotated[tuple[Zone, ...], msgspec.Meta(max_length=16)] = ()
    gauges: Annotated[tuple[Gauge, ...], msgspec.Meta(max_length=4)] = ()
    ground: Ground | None = None
    scale: Fraction = 0


class Preset(View, frozen=True, kw_only=True):
    """The view of a turning camera at one of its presets; ``token`` is the camera's name for it."""

    id: SourceId
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


Presets = Annotated[tuple[Preset, ...], msgspec.Meta(max_length=16)]


class RemoteCamera(Section, frozen=True, omit_defaults=True):
    """What the hub decides of one camera; ``None`` leaves what the device's own file says.

    Names, units and limits are those of the same keys of ``[[cameras]]`` in ``edge.toml``.
    """

    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=16)] | None = None
    masks: Polygons | None = None
    privacy_masks: Polygons | None = None
    zones: Annotated[tuple[Zone, ...], msgspec.Meta(max_length=16)] | None = None
    gauges: Annotated[tuple[Gauge, ...], msgspec.Meta(max_length=4)] | None = None
    ground: Ground | None = None
    presets: Presets | None = None
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
    check_view(camera, "")
    check_presets(camera.presets or (), "presets")
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


def check_view(view: View | RemoteCamera, path: str) -> None:
    """Raise :class:`SettingsError` for what no single key can tell: doubled ids, shapes without extent.

    Args:
        view: Of a camera or a preset.
        path: Of ``view`` in its document, put before the key; empty at the top.
    """
    prefix = f"{path}." if path else ""
    for key in ("lines", "zones", "gauges"):
        ids = [each.id for each in getattr(view, key) or ()]
        for one in ids:
            if ids.count(one) > 1:
                raise SettingsError(f"{prefix}{key}: {key.rstrip('s')} id {one!r} is used twice")
    for line in view.lines or ():
        _check_line(line, f"{prefix}lines")
    for gauge in view.gauges or ():
        if gauge.top_m <= gauge.bottom_m:
            raise SettingsError(f"{prefix}gauges: {gauge.id!r} reads no more at its top than at its bottom")
        if not _spans(gauge.corners):
            raise SettingsError(f"{prefix}gauges: the corners of {gauge.id!r} span no area")
    if view.ground is not None and not (_spans(view.ground.points) and _spans(view.ground.metres)):
        raise SettingsError(f"{prefix}ground: three of the four points lie on one line")


def check_presets(presets: tuple[Preset, ...], path: str) -> None:
    """Raise :class:`SettingsError` for a preset that is named twice, or whose view is wrong."""
    for key in ("id", "token"):
        names = [getattr(preset, key) for preset in presets]
        for name in names:
            if names.count(name) > 1:
                raise SettingsError(f"{path}: preset {key} {name!r} is used twice")
    for number, preset in enumerate(presets):
        check_view(preset, f"{path}[{number}]")


def _check_line(line: Line, path: str) -> None:
    if line.points[0] == line.points[1]:
        raise SettingsError(f"{path}: {line.id!r} has no length")
    if line.sizes is not None and not 0 < line.sizes[0] < line.sizes[1]:
        raise SettingsError(f"{path}: sizes of {line.id!r} must be above 0 and rise")


def _spans(points: tuple[tuple[float, float], ...]) -> bool:
    """Tell whether no three of the points lie on one line."""
    return all(abs(_turn(*three)) > _LEAST_SPAN for three in combinations(points, 3))


def _turn(first: tuple[float, float], second: tuple[float, float], third: tuple[float, float]) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])


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
