"""Borders of kelurahan from the operator's own GeoJSON (RFC 7946, 2016), checked strictly.

Nothing of it is trusted: size, kinds, numbers and places are checked before a line is drawn, and
each mistake names the feature and the remedy.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import InputError
from hub.maps.projection import Place, ring_path
from hub.places.areas import read_areas
from hub.places.inventory import LATITUDES, LONGITUDES

MAX_BYTES = 2 * 1024 * 1024
MAX_FEATURES = 200
# The finest borders that a drawing of this size can show; simplify what has more.
MAX_POSITIONS = 20_000
_SIMPLIFY = "simplify it, for example with: mapshaper in.geojson -simplify 10% -o out.geojson"


@dataclass(frozen=True, slots=True)
class Border:
    """One area: its code (empty when the file has none), name, and outlines as path data."""

    code: str
    name: str
    path: str
    is_kecamatan: bool


def read_borders(path: Path) -> tuple[Border, ...]:
    """Read and check a GeoJSON file.

    Raises:
        InputError: not readable, too large, no polygons, or outside the city; names the feature.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{path.name}: {size} bytes, at most {MAX_BYTES}; {_SIMPLIFY}")
        content = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror}; check [map] borders in hub.toml") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path.name}: not JSON: {error}") from error
    return tuple(_borders_in(path.name, content))


def _borders_in(name: str, content: Any) -> Iterator[Border]:
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection" or not features:
        raise InputError(f"{name}: no FeatureCollection with features; export the layer as GeoJSON")
    if len(features) > MAX_FEATURES:
        raise InputError(f"{name}: {len(features)} features, at most {MAX_FEATURES}; keep kelurahan only")
    names = {area.code: area.name for area in (*read_areas().kecamatan, *read_areas().kelurahan)}
    left = MAX_POSITIONS
    for number, feature in enumerate(features):
        where = f"{name}: features[{number}]"
        border, positions = _border(where, feature, names)
        left -= positions
        if left < 0:
            raise InputError(f"{name}: more than {MAX_POSITIONS} positions; {_SIMPLIFY}")
        yield border


def _border(where: str, feature: Any, names: dict[str, str]) -> tuple[Border, int]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise InputError(f"{where}: no Feature with properties and geometry")
    code = str(properties.get("kode") or properties.get("code") or "")[:13]
    said = str(properties.get("nama") or properties.get("name") or "")[:60]
    rings = [_ring(where, ring) for ring in _rings(where, geometry)]
    border = Border(
        code=code,
        name=names.get(code, said),
        path="".join(ring_path(ring) for ring in rings),
        # Codes of Kepmendagri: 61.71.04 is a kecamatan, 61.71.04.1004 one of its kelurahan.
        is_kecamatan=code.count(".") == 2,
    )
    return border, sum(map(len, rings))


def _rings(where: str, geometry: dict[str, Any]) -> Iterator[Any]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise InputError(f"{where}: {kind!r} is no area; only Polygon and MultiPolygon are drawn")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise InputError(f"{where}: coordinates are empty")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise InputError(f"{where}: a polygon without a ring")
        yield from polygon


def _ring(where: str, ring: Any) -> list[Place]:
    # RFC 7946, 3.1.6: a ring has four positions or more, the last is the first.
    if not isinstance(ring, list) or len(ring) < 4:
        raise InputError(f"{where}: a ring of fewer than four positions")
    places = [_place(where, position) for position in ring]
    if places[0] != places[-1]:
        raise InputError(f"{where}: a ring that is not closed; its last position must be its first")
    return places


def _place(where: str, position: Any) -> Place:
    if not isinstance(position, list) or len(position) not in (2, 3):
        raise InputError(f"{where}: {position!r} is no position [longitude, latitude]")
    numbers = [value for value in position[:2] if isinstance(value, int | float)]
    if len(numbers) != 2 or not all(math.isfinite(value) for value in numbers):
        raise InputError(f"{where}: {position!r} is no position [longitude, latitude]")
    longitude, latitude = numbers
    if _is_in_city(latitude, longitude):
        return latitude, longitude
    if _is_in_city(longitude, latitude):
        raise InputError(f"{where}: {position} is [latitude, longitude]; GeoJSON wants [longitude, latitude]")
    raise InputError(f"{where}: {position} lies outside the city; keep only Kota Pontianak, in WGS 84")


def _is_in_city(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
