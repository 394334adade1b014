"""The drawn camera turned: the same mast, another direction or focal length. Must not draw.

A camera that only turns and zooms sees the same scene through a homography, so the empty street
is drawn once on a wide canvas and shown through it, exactly as the street's movers are.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from edge.cameras.drawn.view import View
from edge.ptz.port import Position

# How far the head reaches from the middle to either end, and how near it can look.
PAN_DEG, TILT_DEG, MOST_ZOOM = 25.0, 8.0, 2.5
_MARGIN_DEG = 5.0

Matrix = NDArray[np.float64]


def turned(view: View, position: Position) -> View:
    """Return ``view`` with the head at ``position``."""
    pan = math.radians(position.pan * PAN_DEG)
    zoom = 1 + (MOST_ZOOM - 1) * position.zoom
    half = math.atan(math.tan(math.radians(view.field_deg) / 2) / zoom)
    return replace(
        view,
        pitch_deg=view.pitch_deg - position.tilt * TILT_DEG,
        turn_deg=view.turn_deg - position.pan * PAN_DEG,
        field_deg=math.degrees(2 * half),
        away_m=view.aside_m * math.sin(pan) + view.away_m * math.cos(pan),
        aside_m=view.aside_m * math.cos(pan) - view.away_m * math.sin(pan),
    )


def widened(view: View) -> View:
    """Return a view from the same place that holds all that the head can be turned to."""
    half_up = math.degrees(math.atan(view.height_px / 2 / view.focal_px))
    across = math.radians(view.field_deg / 2 + PAN_DEG + _MARGIN_DEG)
    # The corners of a picture that is turned and tilted reach further than its edges.
    up = math.radians(half_up + 2 * TILT_DEG + _MARGIN_DEG)
    width_px = 2 * math.ceil(view.focal_px * math.tan(across))
    height_px = 2 * math.ceil(view.focal_px * math.tan(up) / math.cos(math.radians(PAN_DEG)))
    return replace(view, width_px=width_px, height_px=height_px, field_deg=math.degrees(2 * across))


def through(wide: View, view: View, position: Position) -> Matrix:
    """Return the homography from the pixels of ``wide`` to those of ``view``, 3x3.

    Args:
        wide: not turned.
        view: turned to ``position``.
        position: of the head.
    """
    pan = math.radians(position.pan * PAN_DEG)
    yaw = np.array([[math.cos(pan), 0, -math.sin(pan)], [0, 1, 0], [math.sin(pan), 0, math.cos(pan)]])
    rotation = _pitch(view) @ yaw @ _pitch(wide).T
    matrix: Matrix = _lens(view) @ rotation @ np.linalg.inv(_lens(wide))
    return matrix


def _pitch(view: View) -> Matrix:
    pitch = math.radians(view.pitch_deg)
    cos, sin = math.cos(pitch), math.sin(pitch)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def _lens(view: View) -> Matrix:
    focal = view.focal_px
    return np.array([[focal, 0, view.width_px / 2], [0, focal, view.height_px / 2], [0, 0, 1]])
