"""From degrees to the units of the drawing and back. Pure.

On the equator a degree of longitude is as long as one of latitude (to 0.0002 %), so the plainest
projection is right: one unit is 1/10 000 degree, about eleven metres, y grows southwards.
"""

from collections.abc import Iterable
from itertools import pairwise

Place = tuple[float, float]  # latitude, longitude in degrees

UNITS_A_DEGREE = 10_000
# Around the city's polygons (Kepmendagri 300.2.2-2430/2025) with a little land on each side.
NORTH, SOUTH = 0.0445, -0.1045
WEST, EAST = 109.2640, 109.3960

WIDTH = round((EAST - WEST) * UNITS_A_DEGREE)
HEIGHT = round((NORTH - SOUTH) * UNITS_A_DEGREE)


def unit_place(latitude: float, longitude: float) -> tuple[int, int]:
    """Return x and y in units; what lies outside the drawing has a place too."""
    return round((longitude - WEST) * UNITS_A_DEGREE), round((NORTH - latitude) * UNITS_A_DEGREE)


def ring_path(ring: Iterable[Place]) -> str:
    """Return the path data of a closed ring of places, with whole units and no doubled points."""
    points = _thinned(ring)
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def smooth_path(places: Iterable[Place]) -> str:
    """Return path data that bends softly through the middles of the stretches, as a river does."""
    points = _thinned(places)
    middles = [((a[0] + b[0]) // 2, (a[1] + b[1]) // 2) for a, b in pairwise(points[1:])]
    bends = "".join(
        f"Q{x} {y} {middle[0]} {middle[1]}" for (x, y), middle in zip(points[1:-1], middles, strict=True)
    )
    return f"M{points[0][0]} {points[0][1]}{bends}L{points[-1][0]} {points[-1][1]}"


def cut_out(
    latitude: float, longitude: float, *, half_width: int, half_height: int
) -> tuple[int, int, int, int]:
    """Return a view (x, y, width, height) around a place that stays on the drawing."""
    x, y = unit_place(latitude, longitude)
    left = min(max(x - half_width, 0), WIDTH - 2 * half_width)
    top = min(max(y - half_height, 0), HEIGHT - 2 * half_height)
    return left, top, 2 * half_width, 2 * half_height


def _thinned(places: Iterable[Place]) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for place in places:
        point = unit_place(*place)
        if not points or points[-1] != point:
            points.append(point)
    return points
