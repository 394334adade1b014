"""The shape of things on the street: boxes, and which of their faces the camera sees."""

from dataclasses import dataclass

import numpy as np

from edge.cameras.drawn.traffic import SIZE_M, Kind, Mover
from edge.cameras.drawn.view import Metres, Pixels, View

Colour = tuple[int, int, int]

_PAINTS: tuple[Colour, ...] = (
    (235, 235, 235), (60, 60, 64), (40, 40, 170), (150, 90, 40), (182, 186, 190),
    (70, 110, 60), (40, 150, 200), (24, 24, 26), (190, 185, 170), (180, 60, 60),
)  # fmt: skip
_CLOTHES: tuple[Colour, ...] = ((180, 60, 60), (60, 60, 190), (200, 200, 205), (70, 150, 70), (50, 45, 45))
_GLASS: Colour = (70, 60, 48)
_RUBBER: Colour = (30, 30, 30)
_SKIN: Colour = (110, 140, 185)


@dataclass(frozen=True, slots=True)
class Box:
    """A cuboid in metres: ``back``..``front`` along the heading, half ``width``, ``low``..``high``."""

    back: float
    front: float
    width: float
    low: float
    high: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Face:
    """One visible side: pixels (4, 2) and its colour after shading."""

    corners: Pixels
    colour: Colour


def boxes_of(mover: Mover) -> tuple[Box, ...]:
    """Return the boxes that make up a thing, the lowest first."""
    length, width, height = SIZE_M[mover.kind]
    paint = _PAINTS[mover.tint % len(_PAINTS)]
    cloth = _CLOTHES[mover.tint % len(_CLOTHES)]
    half = length / 2
    if mover.kind is Kind.PERSON:
        return (
            Box(-0.15, 0.15, 0.36, 0.0, 0.85, (70, 55, 45)),
            Box(-0.2, 0.2, 0.5, 0.85, 1.45, cloth),
            Box(-0.11, 0.11, 0.22, 1.47, height, (40, 36, 34) if mover.tint % 3 else _SKIN),
        )
    if mover.kind is Kind.MOTORCYCLE:
        return (
            Box(-half, half, 0.2, 0.0, 0.6, _RUBBER),
            Box(-0.4, 0.75 * half, 0.4, 0.3, 0.85, paint),
            Box(-0.35, 0.25, width - 0.1, 0.7, 1.3, cloth),
            Box(-0.15, 0.15, 0.28, 1.3, height + 0.1, paint),
        )
    if mover.kind is Kind.LORRY:
        return (
            Box(-half, half, 0.9 * width, 0.1, 0.7, _RUBBER),
            Box(-half, half - 1.9, width, 0.7, height, paint),
            Box(half - 1.8, half, width, 0.4, 2.6, (60, 90, 190)),
        )
    belt = 0.85 if mover.kind is Kind.CAR else 1.15
    return (
        Box(-half, half, width, 0.05, 0.4, _RUBBER),
        Box(-half, half, width, 0.4, belt, paint),
        Box(-0.42 * length, 0.2 * length, 0.88 * width, belt, height - 0.06, _GLASS),
        Box(-0.34 * length, 0.1 * length, 0.8 * width, height - 0.06, height, paint),
    )


def corners_of(box: Box, mover: Mover, time_s: float) -> Metres:
    """Return the 8 corners of a box on the street, (8, 3): bit 0 front, bit 1 right, bit 2 top."""
    bits = np.arange(8)
    along = np.where(bits & 1, box.front, box.back) * mover.lane.heading + mover.along_m(time_s)
    beside = mover.beside_m + np.where(bits & 2, 0.5, -0.5) * box.width
    return np.stack((along, beside, np.where(bits & 4, box.high, box.low)), axis=1)


# Corners of each side, anticlockwise seen from outside, and how bright it is.
_TOP = ((4, 5, 7, 6), 1.0)
_SIDES = (
    ((0, 4, 6, 2), 0.72),
    ((1, 3, 7, 5), 0.78),
    ((0, 1, 5, 4), 0.6),
    ((2, 6, 7, 3), 0.86),
)


def faces_of(box: Box, corners: Pixels) -> list[Face]:
    """Return the faces of a box that the camera sees, the top last.

    Args:
        corners: pixels (8, 2) of its corners; the camera is above the box.
    """
    top = corners[list(_TOP[0])]
    is_mirrored = _signed_area(top) < 0
    faces: list[Face] = []
    for places, light in _SIDES:
        side = corners[list(places)]
        if (_signed_area(side) < 0) is is_mirrored:
            lower = _lower_half(side, corners[[place & 3 for place in places]])
            faces += [Face(side, _shaded(box.colour, light)), Face(lower, _shaded(box.colour, 0.62 * light))]
    return [*faces, Face(top, box.colour)]


def _lower_half(side: Pixels, feet: Pixels) -> Pixels:
    """Return the part of a side that the sky does not light: no real surface is of one colour."""
    return (side + feet) / 2


def _signed_area(polygon: Pixels) -> float:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = polygon.tolist()
    return float((cx - ax) * (dy - by) - (dx - bx) * (cy - ay))


def _shaded(colour: Colour, light: float) -> Colour:
    blue, green, red = colour
    return round(blue * light), round(green * light), round(red * light)


def outline_px(mover: Mover, view: View, time_s: float) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of a thing in the picture, in pixels."""
    pixels = np.concatenate([view.project(corners_of(box, mover, time_s)) for box in boxes_of(mover)])
    left, top = pixels.min(axis=0).tolist()
    right, bottom = pixels.max(axis=0).tolist()
    return left, top, right, bottom
