"""Draws the things on the street into the empty street: shadows, bodies, lamps."""

from collections.abc import Sequence

import numpy as np

from edge import opencv
from edge.cameras.drawn.bodies import boxes_of, corners_of, faces_of
from edge.cameras.drawn.settings import Weather
from edge.cameras.drawn.street import Street
from edge.cameras.drawn.traffic import SIZE_M, Kind, Mover
from edge.cameras.drawn.view import Metres, Pixels, View

Bgr = opencv.Picture

# Metres of shadow a metre of height throws: along the street and beside it.
_LOW_SUN = (0.35, 1.1)
_SHADOW_LIGHT = 0.52
# Bodies touch the road in a dark smear even without sun.
_CONTACT_LIGHT = 0.7


def paint_movers(picture: Bgr, street: Street, movers: Sequence[Mover], time_s: float) -> None:
    """Draw ``movers`` into ``picture`` in place, the far ones first."""
    view = street.view
    if not movers:
        return
    is_sunny = street.settings.weather is Weather.SHADOWS
    _shade(picture, view, movers, time_s, _LOW_SUN if is_sunny else (0.0, 0.1))
    ordered = sorted(movers, key=lambda m: -view.depth_m(m.along_m(time_s), m.beside_m))
    for mover in ordered:
        for box in boxes_of(mover):
            for face in faces_of(box, view.project(corners_of(box, mover, time_s))):
                opencv.fill(picture, _whole(face.corners), face.colour, is_smooth=True)
        if mover.kind is not Kind.PERSON:
            _lamps(picture, view, mover, time_s)


def _whole(pixels: Pixels) -> opencv.Points:
    return np.rint(np.clip(pixels, -20_000, 20_000)).astype(np.int32)


def _shade(
    picture: Bgr, view: View, movers: Sequence[Mover], time_s: float, slant: tuple[float, float]
) -> None:
    mask = np.zeros(picture.shape[:2], np.uint8)
    for mover in movers:
        opencv.fill(mask, opencv.hull(_whole(view.project(_shadow_of(mover, time_s, slant)))), (255,))
    light = _SHADOW_LIGHT if slant[1] > 0.5 else _CONTACT_LIGHT
    where = mask > 0
    picture[where] = (picture[where] * light).astype(np.uint8)


def _shadow_of(mover: Mover, time_s: float, slant: tuple[float, float]) -> Metres:
    """Return the ground points (8, 3) that a thing's box and its shadow cover."""
    length, width, height = SIZE_M[mover.kind]
    middle, half = mover.along_m(time_s), length / 2
    ground = [
        (middle + end + up * slant[0], mover.beside_m + side + up * slant[1], 0.0)
        for end in (-half, half)
        for side in (-width / 2, width / 2)
        for up in (0.0, height)
    ]
    return np.array(ground)


def _lamps(picture: Bgr, view: View, mover: Mover, time_s: float) -> None:
    """Draw head lamps (white) or tail lamps (red), whichever end faces the camera."""
    length, width, _ = SIZE_M[mover.kind]
    along = mover.along_m(time_s)
    nose, tail = along + mover.lane.heading * length / 2, along - mover.lane.heading * length / 2
    is_coming = view.depth_m(nose, mover.beside_m) < view.depth_m(tail, mover.beside_m)
    size = view.focal_px / max(2.0, view.depth_m(along, mover.beside_m))
    sides = (0.0,) if mover.kind is Kind.MOTORCYCLE else (-0.36 * width, 0.36 * width)
    lamps = np.array([(nose if is_coming else tail, mover.beside_m + side, 0.65) for side in sides])
    for x, y in _whole(view.project(lamps)).tolist():
        colour = (235, 245, 250) if is_coming else (40, 40, 200)
        opencv.disc(picture, (x, y), (max(1, round(0.13 * size)), max(1, round(0.1 * size))), colour)


def paint_lights(glow: Bgr, view: View, movers: Sequence[Mover], time_s: float) -> None:
    """Draw into ``glow`` what lamps add to a night picture: beams on the road, lamps that dazzle."""
    for mover in movers:
        if mover.kind is not Kind.PERSON:
            _beam(glow, view, mover, time_s)
    for mover in movers:
        if mover.kind is not Kind.PERSON:
            _lamps(glow, view, mover, time_s)


def _beam(glow: Bgr, view: View, mover: Mover, time_s: float) -> None:
    length, width, _ = SIZE_M[mover.kind]
    start = mover.along_m(time_s) + mover.lane.heading * length / 2
    for reach_m, light in ((9.0, 34), (6.0, 60), (3.0, 92)):
        end = start + mover.lane.heading * reach_m
        if min(view.depth_m(start, mover.beside_m), view.depth_m(end, mover.beside_m)) < 2:
            continue
        half = width / 2
        corners = [(start, -half), (start, half), (end, 1.5 * half), (end, -1.5 * half)]
        beam = np.array([(along, mover.beside_m + side, 0.0) for along, side in corners])
        opencv.fill(glow, _whole(view.project(beam)), (light * 0.8, light * 0.95, light), is_smooth=True)
