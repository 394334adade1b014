"""The face of a staff gauge: white, with the combs of centimetres and the numbers of decimetres."""

import numpy as np

from edge import opencv

Face = opencv.Plane

PX_PER_M = 400
WIDTH_PX = 56
_WHITE, _BLACK, _RED = 225, 30, 80
_CM = PX_PER_M // 100


def draw_face(top_m: float, bottom_m: float) -> Face:
    """Return the face as luma, (H, W) uint8, ``top_m`` in its first row."""
    height = round((top_m - bottom_m) * PX_PER_M)
    face = np.full((height, WIDTH_PX), _WHITE, np.uint8)
    for decimetre in range(round((top_m - bottom_m) * 10)):
        colour = _BLACK if decimetre % 2 else _RED
        foot = height - decimetre * 10 * _CM
        _comb(face, foot, slice(0, WIDTH_PX // 2), WIDTH_PX // 2 - 6, colour)
        _comb(face, foot - 5 * _CM, slice(WIDTH_PX // 2, WIDTH_PX), WIDTH_PX // 2, colour)
        label = str(round(bottom_m * 10) + decimetre)
        opencv.text(face, label, (WIDTH_PX // 2 + 4, foot - 1), (colour,), 4 * _CM)
    return face


def _comb(face: Face, foot: int, columns: slice, spine: int, colour: int) -> None:
    """Draw five centimetres above ``foot``: a spine and three teeth, as an E."""
    top = foot - 5 * _CM
    face[max(0, top) : foot, spine : spine + 6] = colour
    for tooth in (0, 2, 4):
        first = foot - (tooth + 1) * _CM
        face[max(0, first) : max(0, first + _CM), columns] = colour
