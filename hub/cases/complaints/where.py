"""Where a place lies: in which kelurahan, or outside the city. Pure but for the areas, which are read once.

The borders of kelurahan are not public data that we may ship; so the nearest centre on the same bank of
the rivers is taken, which whoever reads a complaint may correct. Latitude 0.0 is the equator, a place.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from hub.cases.complaints.sight import distance_m
from hub.maps.rivers import KAPUAS, LANDAK, River
from hub.places.areas import Area, read_areas

# Bounding box of the city's polygons (Kepmendagri 300.2.2-2430/2025), with 300 m of thumb on each side.
SOUTH, NORTH = -0.1009, 0.0408
WEST, EAST = 109.2715, 109.3880
# From no place of the city to the centre of its kelurahan is it further (the widest has 13 km²).
FARTHEST_M = 3_500.0
# Names that are words or streets as well ("di tengah jalan", Jl. Mariana, Taman Akcaya): they count only
# after "kelurahan", or when nothing else is said.
_EVERYDAY_WORDS = frozenset({"tengah", "mariana", "akcaya"})
_WARD_MARKS = ("kel", "kelurahan")
ELSEWHERE = (
    "Tempat ini di luar Kota Pontianak, jadi bukan kewenangan kota. Untuk Kabupaten Kubu Raya, Mempawah dan "
    "daerah lain, sampaikan lewat SP4N-LAPOR!: lapor.go.id atau SMS 1708."
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the city; ``kelurahan`` is the one whose centre is nearest."""

    latitude: float
    longitude: float
    kelurahan: Area


def spot_at(latitude: float, longitude: float) -> Spot | None:
    """Return the place, or ``None`` outside the city and for what is no place on earth."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        return None
    bank = _bank_of(latitude, longitude)
    away_m, nearest = min(
        (
            (distance_m(latitude, longitude, area.lat, area.lon), area)
            for area in read_areas().kelurahan
            if _bank_of(area.lat, area.lon) == bank
        ),
        key=lambda one: one[0],
    )
    return Spot(latitude, longitude, nearest) if away_m <= FARTHEST_M else None


@cache
def ward_of(code: str) -> Area | None:
    """Return a kelurahan by its code."""
    return next((area for area in read_areas().kelurahan if area.code == code), None)


def ward_named(words: str) -> Area | None:
    """Return the kelurahan that a written address names, by either of its spellings, in whole words."""
    plain = f" {_plain(words)} "
    for area, name in _plain_names():
        if name in _EVERYDAY_WORDS:
            is_named = plain == f" {name} " or any(f" {mark} {name} " in plain for mark in _WARD_MARKS)
        else:
            is_named = f" {name} " in plain
        if is_named:
            return area
    return None


@cache
def _plain_names() -> tuple[tuple[Area, str], ...]:
    """The longer name first: "Siantan Tengah" is not the kelurahan Tengah."""
    named = [(area, _plain(name)) for area in read_areas().kelurahan for name in _names(area)]
    return tuple(sorted(named, key=lambda one: -len(one[1])))


def _names(area: Area) -> tuple[str, ...]:
    return tuple(name for name in (area.name, area.ministry_name) if name)


@cache
def district_named(ward: str) -> str:
    """Return the name of the kecamatan that a kelurahan lies in; empty for the name of none."""
    return next((district_of(area) for area in read_areas().kelurahan if area.name == ward), "")


def district_of(ward: Area) -> str:
    """Return the name of a kelurahan's kecamatan."""
    return next(area.name for area in read_areas().kecamatan if area.code == ward.kecamatan)


def _bank_of(latitude: float, longitude: float) -> tuple[bool, bool]:
    """Return on which side of the two rivers a place lies: no kelurahan has a part on the other bank."""
    is_north_east = latitude > _river_at(KAPUAS, longitude)
    # The Landak parts only what lies east of where it meets the Kapuas.
    return is_north_east, is_north_east and latitude > _river_at(LANDAK, longitude)


def _river_at(river: River, longitude: float) -> float:
    """Return the latitude at which a river crosses a meridian; beyond its ends that of the end."""
    for (south, west), (north, east) in pairwise(river.places):
        if west <= longitude <= east:
            share = (longitude - west) / (east - west)
            return south + (north - south) * share
    return river.places[0][0] if longitude < river.places[0][1] else river.places[-1][0]


def _plain(words: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in words.casefold()).split())
