"""A small drawing of the city to point at: a button that sends where it was pressed, without scripts.

Two scales: the whole city, and some streets around a place. Must not need anything from outside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from hub.maps.projection import EAST, NORTH, SOUTH, UNITS_A_DEGREE, WEST, unit_place
from hub.maps.rivers import RIVERS
from hub.places.areas import read_areas

# What is drawn fits a phone of 360 px; the size is fixed, because the browser sends pixels.
SIDE_PX = 288
# 216 units of 11 m: 2.4 km across, 8 m a pixel, less than a thumb is off.
_NEAR_UNITS = 216
_PAPER, _LAND, _WATER, _INK, _LINE, _MARK = "#e9efec", "#f6f8f7", "#a8cbe0", "#24403a", "#7b918b", "#b3261e"


@dataclass(frozen=True, slots=True)
class View:
    """A square piece of the drawing, in units; ``left`` and ``top`` are its corner."""

    left: float
    top: float
    side: float

    def place_at(self, x_px: int, y_px: int) -> tuple[float, float]:
        """Return the latitude and longitude under a pixel."""
        units = self.side / SIDE_PX
        latitude = NORTH - (self.top + y_px * units) / UNITS_A_DEGREE
        longitude = WEST + (self.left + x_px * units) / UNITS_A_DEGREE
        return round(latitude, 6), round(longitude, 6)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A point that people know by its name."""

    name: str
    latitude: float
    longitude: float


def view_of(place: tuple[float, float] | None) -> View:
    """Return the piece to draw: around a place, or the whole city."""
    if place is None:
        wide, high = (EAST - WEST) * UNITS_A_DEGREE, (NORTH - SOUTH) * UNITS_A_DEGREE
        return View((wide - high) / 2, 0.0, high)
    x, y = unit_place(*place)
    return View(x - _NEAR_UNITS / 2, y - _NEAR_UNITS / 2, _NEAR_UNITS)


def drawing(place: tuple[float, float] | None, landmarks: Iterable[Landmark]) -> str:
    """Return the SVG of a view, with a mark at the place."""
    view = view_of(place)
    size = view.side / SIDE_PX
    box = f"{view.left:.1f} {view.top:.1f} {view.side:.1f} {view.side:.1f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{SIDE_PX}" height="{SIDE_PX}">',
        f'<rect x="{view.left}" y="{view.top}" width="{view.side}" height="{view.side}" fill="{_LAND}"/>',
        *_water(size),
        *_equator(view, size),
        *(_area_names(size) if place is None else _landmarks(landmarks, size)),
        *(() if place is None else _mark(place, size)),
        "</svg>",
    ]
    return "".join(parts)


def _water(size: float) -> Iterator[str]:
    for river in RIVERS:
        width = max(river.width, 3 * size)
        yield (
            f'<path d="{river.path}" fill="none" stroke="{_WATER}" stroke-width="{width:.1f}" '
            'stroke-linecap="round"/>'
        )


def _equator(view: View, size: float) -> Iterator[str]:
    y = unit_place(0.0, WEST)[1]
    yield (
        f'<path d="M{view.left} {y}h{view.side}" stroke="{_LINE}" stroke-width="{size:.2f}" '
        f'stroke-dasharray="{4 * size:.2f} {4 * size:.2f}"/>'
    )
    yield _word("khatulistiwa", view.left + 4 * size, y - 3 * size, size, _LINE, anchor="start", letters=9)


def _area_names(size: float) -> Iterator[str]:
    for area in read_areas().kecamatan:
        x, y = unit_place(area.lat, area.lon)
        yield _word(area.name.removeprefix("Pontianak "), x, y, size, _INK, letters=13)


def _landmarks(landmarks: Iterable[Landmark], size: float) -> Iterator[str]:
    for area in read_areas().kelurahan:
        x, y = unit_place(area.lat, area.lon)
        yield _word(area.name.upper(), x, y, size, _LINE, letters=11)
    for one in landmarks:
        x, y = unit_place(one.latitude, one.longitude)
        yield f'<circle cx="{x}" cy="{y}" r="{2.5 * size:.2f}" fill="{_INK}"/>'
        yield _word(one.name, x, y - 6 * size, size, _INK, letters=10)


def _mark(place: tuple[float, float], size: float) -> Iterator[str]:
    x, y = unit_place(*place)
    at, thick = f'<circle cx="{x}" cy="{y}"', f"{3 * size:.2f}"
    yield f'{at} r="{9 * size:.2f}" fill="none" stroke="{_MARK}" stroke-width="{thick}"/>'
    yield f'{at} r="{2.5 * size:.2f}" fill="{_MARK}"/>'


def _word(
    text: str, x: float, y: float, size: float, ink: str, *, anchor: str = "middle", letters: int
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{letters * size:.1f}" '
        f'fill="{ink}" stroke="{_PAPER}" stroke-width="{3 * size:.2f}" paint-order="stroke" '
        f'text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
