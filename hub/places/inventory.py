"""The inventory file: TOML or JSON into frozen structs, with every mistake named. Pure but for reading.

::

    [[sites]]
    id = "tugu"
    name = "Tugu Khatulistiwa"
    kelurahan = "61.71.04.1004"
    lat = 0.0
    lon = 109.322
    [[devices]]
    id = "edge-001"
    site = "tugu"
    name = "Tugu Khatulistiwa"
    [[devices.cameras]]
    id = "cam1"
    name = "Arah kota"
    kind = "fixed"
    medium = "fibre"
    owner = "Dinas Perhubungan"
    lines = [{ id = "line1", name = "Jalan", forward = "ke kota", backward = "ke Siantan" }]
"""

import math
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from edge.wire.records.bodies import DeviceId, SourceId
from edge.wire.strict_toml import Section, TomlError, read_toml
from hub.errors import InputError
from hub.places.purposes import Purpose

# The city's bounding box (Kepmendagri 300.2.2-2430/2025 polygons) and some 2 km around it.
LATITUDES = (-0.12, 0.06)
LONGITUDES = (109.25, 109.41)

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
ShortName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]

# Of a compass, clockwise from north; 360 is written as 0.
Heading = Annotated[float, msgspec.Meta(ge=0, lt=360)]
FieldOfView = Annotated[float, msgspec.Meta(gt=0, le=360)]
# No camera of a city tells anything apart farther away.
ViewRange = Annotated[float, msgspec.Meta(gt=0, le=5000)]
SwitchName = Annotated[str, msgspec.Meta(max_length=40)]


class LineEntry(Section, frozen=True):
    """A counting line; ``forward`` is from its left to its right, seen from its first point."""

    id: SourceId
    name: ShortName
    forward: ShortName = "maju"
    backward: ShortName = "mundur"


class CameraEntry(Section, frozen=True):
    """A camera of a device; what is not said of where it looks and what for stays as it is."""

    id: SourceId
    name: Name
    kind: Literal["ptz", "fixed"] = "fixed"
    medium: Literal["fibre", "wireless"] = "fibre"
    owner: Name = "Diskominfo"
    owner_since: date | None = None
    heading_deg: Heading | msgspec.UnsetType | None = msgspec.UNSET
    field_of_view_deg: FieldOfView | msgspec.UnsetType | None = msgspec.UNSET
    view_range_m: ViewRange | msgspec.UnsetType | None = msgspec.UNSET
    purposes: tuple[Purpose, ...] | msgspec.UnsetType = msgspec.UNSET
    is_public: bool | msgspec.UnsetType = msgspec.UNSET
    network_switch: SwitchName | msgspec.UnsetType = msgspec.UNSET
    lines: tuple[LineEntry, ...] = ()


class DoorEntry(Section, frozen=True):
    """A door of a device."""

    id: SourceId
    name: Name
    direction: Literal["in", "out", "both"] = "both"


class SensorEntry(Section, frozen=True):
    """A sensor of a device."""

    id: SourceId
    name: Name
    quantity: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,47}\Z")]


class DeviceEntry(Section, frozen=True):
    """A device at a site."""

    id: DeviceId
    site: DeviceId
    name: Name
    cameras: tuple[CameraEntry, ...] = ()
    doors: tuple[DoorEntry, ...] = ()
    sensors: tuple[SensorEntry, ...] = ()


class SiteEntry(Section, frozen=True):
    """A point of the city."""

    id: DeviceId
    name: Name
    kelurahan: str
    lat: float
    lon: float


class Inventory(Section, frozen=True):
    """A whole file."""

    sites: tuple[SiteEntry, ...] = ()
    devices: tuple[DeviceEntry, ...] = ()


def read_inventory(path: Path) -> Inventory:
    """Read an inventory file.

    Raises:
        InputError: not readable, or a key unknown, missing or out of range; names the key's path.
    """
    try:
        if path.suffix == ".json":
            return msgspec.json.decode(path.read_bytes(), type=Inventory, strict=True)
        return read_toml(path, Inventory)
    except TomlError as error:
        raise InputError(str(error)) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(f"{path}: {error}") from error


def mistakes_in(
    inventory: Inventory, *, kelurahan: Iterable[str], known_sites: Iterable[str]
) -> tuple[str, ...]:
    """Return every mistake that the types cannot see, each with the path of its key.

    Args:
        inventory: What was read.
        kelurahan: Codes that exist.
        known_sites: Ids of sites that are in the database already.
    """
    wards = frozenset(kelurahan)
    sites = frozenset(known_sites) | {site.id for site in inventory.sites}
    return (
        *_doubled("sites", [site.id for site in inventory.sites]),
        *_doubled("devices", [device.id for device in inventory.devices]),
        *(text for n, site in enumerate(inventory.sites) for text in _site_mistakes(n, site, wards)),
        *(text for n, device in enumerate(inventory.devices) for text in _device_mistakes(n, device, sites)),
    )


def _site_mistakes(number: int, site: SiteEntry, wards: frozenset[str]) -> Iterator[str]:
    where = f"sites[{number}] ({site.id})"
    if site.kelurahan not in wards:
        yield f"{where}.kelurahan: {site.kelurahan!r} is none of the 29 codes, as '61.71.04.1004'"
    for key, value, bounds in (("lat", site.lat, LATITUDES), ("lon", site.lon, LONGITUDES)):
        if not math.isfinite(value) or not bounds[0] <= value <= bounds[1]:
            low, high = bounds
            yield f"{where}.{key}: {value} is outside the city ({low} to {high}); lat and lon swapped?"


def _device_mistakes(number: int, device: DeviceEntry, sites: frozenset[str]) -> Iterator[str]:
    where = f"devices[{number}] ({device.id})"
    if device.site not in sites:
        yield f"{where}.site: there is no site {device.site!r}; add it under [[sites]]"
    sources = [
        *(camera.id for camera in device.cameras),
        *(door.id for door in device.doors),
        *(sensor.id for sensor in device.sensors),
    ]
    yield from _doubled(f"{where} cameras, doors and sensors", sources)
    for camera in device.cameras:
        yield from _doubled(f"{where} camera {camera.id} lines", [line.id for line in camera.lines])


def _doubled(where: str, ids: list[str]) -> Iterator[str]:
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{where}: id {name!r} is used {ids.count(name)} times; ids are unique"
