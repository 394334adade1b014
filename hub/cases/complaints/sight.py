"""Which cameras can see a place: where they stand, which way they look, how wide and how far. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

# IUGG mean radius of the earth, 1980.
_EARTH_M = 6_371_009.0
# How far a camera is taken to see when nobody measured it, and how far one that turns.
UNMEASURED_RANGE_M = 80.0
# A place typed with a thumb on a map is off by some metres.
SLACK_M = 15.0


@dataclass(frozen=True, slots=True)
class SightCamera:
    """A camera as the inventory knows it; ``None``: nobody measured it. Headings clockwise from north."""

    device: str
    camera: str
    name: str
    latitude: float
    longitude: float
    heading_deg: float | None = None
    field_of_view_deg: float | None = None
    view_range_m: float | None = None
    can_turn: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """A camera that may see a place; ``is_sure``: its direction was measured and holds the place."""

    camera: SightCamera
    distance_m: float
    bearing_deg: float
    is_sure: bool


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return metres between two places of a city, by the plane: off by millimetres at this size."""
    north, east = _offset_m(latitude, longitude, other_latitude, other_longitude)
    return math.hypot(north, east)


def cameras_seeing(latitude: float, longitude: float, cameras: Iterable[SightCamera]) -> tuple[Sight, ...]:
    """Return the cameras that can see a place: those that surely do first, then the nearest."""
    found = [sight for camera in cameras if (sight := _sight(latitude, longitude, camera)) is not None]
    return tuple(sorted(found, key=lambda one: (not one.is_sure, one.distance_m, one.camera.device)))


def _sight(latitude: float, longitude: float, camera: SightCamera) -> Sight | None:
    north, east = _offset_m(camera.latitude, camera.longitude, latitude, longitude)
    away_m = math.hypot(north, east)
    range_m = UNMEASURED_RANGE_M if camera.view_range_m is None else camera.view_range_m
    if away_m > range_m + SLACK_M:
        return None
    bearing = math.degrees(math.atan2(east, north)) % 360
    if camera.can_turn:
        return Sight(camera, away_m, bearing, is_sure=camera.view_range_m is not None)
    if camera.heading_deg is None or camera.field_of_view_deg is None:
        return Sight(camera, away_m, bearing, is_sure=False)
    aside = abs((bearing - camera.heading_deg + 180) % 360 - 180)
    # Close by, a few metres are many degrees.
    slack_deg = math.degrees(math.atan2(SLACK_M, away_m)) if away_m > 0 else 180.0
    if aside > camera.field_of_view_deg / 2 + slack_deg:
        return None
    return Sight(camera, away_m, bearing, is_sure=aside <= camera.field_of_view_deg / 2)


def _offset_m(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> tuple[float, float]:
    """Return how far north and east the second place lies of the first."""
    north = math.radians(to_latitude - latitude) * _EARTH_M
    shrink = math.cos(math.radians((latitude + to_latitude) / 2))
    return north, math.radians(to_longitude - longitude) * _EARTH_M * shrink
