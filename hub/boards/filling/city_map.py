"""A tile of the city's map: a measure by kecamatan, kelurahan or point, as marks that grow with it.

The drawing is ours (:mod:`hub.maps`): nothing is fetched from elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.boards.filling.look import Absent, BoardLook, Content
from hub.boards.filling.sides import Part, Told, told_apart
from hub.boards.plan.shape import PlacedTile
from hub.maps.projection import unit_place
from hub.places.areas import Area, read_areas
from hub.places.models import Site

USUAL_SIDE = "kelurahan"
_SIDES = ("kecamatan", USUAL_SIDE, "titik")
# More classes than these nobody tells apart by size and shade (Brewer, ColorBrewer, 2003).
CLASSES = 5
# Of a mark, by its class, in units of the drawing; the largest ones of neighbours just touch.
_RADII = (30, 36, 42, 49, 56)
# So few have room for their names.
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A value at its place, in units of the drawing; ``step`` is its class, 1 the smallest."""

    name: str
    value: float
    x: int
    y: int
    step: int
    radius: int
    link: str


@dataclass(frozen=True, slots=True)
class MapData:
    """The marks, small ones last so that they stay in sight, and what each class holds."""

    marks: tuple[Mark, ...]
    steps: tuple[tuple[int, float, float], ...]
    has_names: bool
    decimals: int
    unit: str


def fill_map(tile: PlacedTile, look: BoardLook) -> Content | Absent:
    """Return the newest values of the tile's measure at their places."""
    side = tile.side or USUAL_SIDE
    if side not in _SIDES:
        return Absent(_("Peta hanya menurut kecamatan, kelurahan, atau titik."), tile.subject)
    told = told_apart(tile, look, side)
    if isinstance(told, Absent):
        return told
    places = _places(look.db, side)
    placed = [one for one in told.parts if one.key in places]
    if not placed:
        return Absent(_("Tidak ada yang punya tempat di peta."), told.measure.label)
    return Content(
        title=told.measure.label,
        data=_drawn(told, placed, places),
        header=(_(side), told.measure.unit or _("Nilai")),
        rows=told.rows,
        at=told.at,
        period=told.period,
        is_stale=told.is_stale,
        stale_after=told.stale_after,
        link=told.link,
    )


def _drawn(told: Told, placed: list[Part], places: Mapping[str, tuple[int, int]]) -> MapData:
    steps = steps_of([one.value for one in placed])
    marks = []
    for one in placed:
        step = next((number for number, _low, high in steps if one.value < high), steps[-1][0])
        marks.append(Mark(one.name, one.value, *places[one.key], step, _RADII[step - 1], one.link))
    measure = told.measure
    return MapData(tuple(marks), steps, len(marks) <= _MOST_NAMED, measure.decimals, measure.unit)


def steps_of(values: list[float]) -> tuple[tuple[int, float, float], ...]:
    """Return up to five classes of equal width with round limits: number, from, below.

    Args:
        values: At least one.
    """
    low, high = min(values), max(values)
    if low == high:
        # A single class has marks of the middle size and shade.
        return ((1 + CLASSES // 2, low, high),)
    width = _round_up((high - low) / CLASSES)
    first = floor(low / width)
    # Counted from nought, so that a limit is the same number in both classes that it parts.
    limits = [first * width]
    while limits[-1] <= high:
        limits.append((first + len(limits)) * width)
    # A round limit below the lowest may leave one class too many: the last two become one.
    if len(limits) > CLASSES + 1:
        limits[CLASSES:] = limits[-1:]
    return tuple((number, *pair) for number, pair in enumerate(pairwise(limits), start=1))


def _round_up(width: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten."""
    size = 10.0 ** floor(log10(width))
    return next(one * size for one in (1.0, 2.0, 2.5, 5.0, 10.0) if one * size >= width * (1 - 1e-9))


def _places(db: Session, side: str) -> dict[str, tuple[int, int]]:
    if side == "titik":
        return {one.id: unit_place(one.latitude, one.longitude) for one in db.scalars(select(Site))}
    areas = read_areas()
    found: tuple[Area, ...] = areas.kecamatan if side == "kecamatan" else areas.kelurahan
    return {area.code: unit_place(area.lat, area.lon) for area in found}
