"""What a phone's position is worth: near enough, too coarse, or too good to be true. Pure.

A position is never the only proof; it is the code that changes every 20 s, signed by the phone.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from enum import StrEnum

# WGS 84's mean radius (IUGG, 1980).
_EARTH_RADIUS_M = 6_371_008.8
# A phone that knows no better was found by its cell of the network, not by satellites.
COARSE_M = 200.0
# How much of a claimed accuracy is believed in somebody's favour.
_LENIENT_M = 100.0
# Faster than any road of the city lets anybody go from one site to another.
FASTEST_KMH = 120.0
# Five decimals are about a metre at the equator.
_CELL_DECIMALS = 5


class PlaceFlag(StrEnum):
    """What is odd about a position; the scan counts in spite of it, as weak."""

    NONE = "position-none"
    COARSE = "position-coarse"
    DOUBTFUL = "position-doubtful"  # accuracy 0 or below: what programs for false positions say
    TOO_FAST = "position-too-fast"  # cannot have come here from the last scan


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, and metres of claimed accuracy; latitude 0.0 is a place in this city."""

    latitude: float
    longitude: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class Nearness:
    """How a position lies to a site. ``distance_m`` is ``None`` without a position."""

    distance_m: float | None
    is_outside: bool = False
    flags: tuple[PlaceFlag, ...] = ()


def nearness_of(position: Position | None, *, latitude: float, longitude: float, radius_m: float) -> Nearness:
    """Judge a position against a site.

    Args:
        position: What the phone says, if anything.
        latitude: Of the site.
        longitude: Of the site.
        radius_m: Within this of the site somebody is there.
    """
    if position is None:
        return Nearness(None, flags=(PlaceFlag.NONE,))
    away_m = distance_m(position.latitude, position.longitude, latitude, longitude)
    accuracy_m = position.accuracy_m
    if accuracy_m is None or accuracy_m <= 0:
        return Nearness(away_m, is_outside=away_m > radius_m, flags=(PlaceFlag.DOUBTFUL,))
    if accuracy_m > COARSE_M:
        # It cannot prove that somebody is there, nor that somebody is not, unless it is miles away.
        return Nearness(away_m, is_outside=away_m > radius_m + accuracy_m, flags=(PlaceFlag.COARSE,))
    return Nearness(away_m, is_outside=away_m > radius_m + min(accuracy_m, _LENIENT_M))


def distance_m(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """Return the distance of two points in degrees, along the ground."""
    a, b = math.radians(latitude_a), math.radians(latitude_b)
    half_up, half_across = (b - a) / 2, math.radians(longitude_b - longitude_a) / 2
    chord = math.sin(half_up) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_across) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def is_too_fast(away_m: float, passed_s: float) -> bool:
    """Tell whether nobody covers a distance in this time."""
    return away_m > FASTEST_KMH / 3.6 * max(passed_s, 1.0)


def cell_of(position: Position, key: bytes) -> str:
    """Return what equal positions have in common, without saying where they are."""
    rounded = f"{position.latitude:.{_CELL_DECIMALS}f},{position.longitude:.{_CELL_DECIMALS}f}"
    return hmac.digest(key, b"PTK-HADIR-CELL-1\0" + rounded.encode(), hashlib.sha256).hex()[:32]
