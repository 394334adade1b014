"""Does the whole picture move? Compares frames with the first one of a visit. Pure.

A thing that drives through moves a part of the picture; a camera that turns moves all of it, so
a shift counts only when it explains most of what is different.
"""

import numpy as np

from edge import opencv

Luma = opencv.Plane

LOOK_WIDTH_PX = 160
# At the analysed width of 320 pixels: beyond it counting is suspended.
MOST_SHIFT_PX = 3.0
_ANALYSED_WIDTH_PX = 320
LEAST_RESPONSE = 0.05
# What is left of the difference once the shift is undone.
EXPLAINED_LEFT = 0.75
# So large a part of the picture as different as this, and no shift explains it: it shows another scene.
STRANGE_LEVELS, STRANGE_SHARE = 30, 0.5
LOOK_EVERY_S = 0.19


class ShiftWatch:
    """Compares the pictures of one visit with the first of them."""

    def __init__(self) -> None:
        self._first: Luma | None = None
        self._next_s = 0.0

    def begin(self) -> None:
        """Forget the first picture: the next one is it."""
        self._first = None

    def is_shifted(self, luma: Luma, pts_s: float) -> bool:
        """Look at a frame, (H, W) uint8; most calls look at nothing and say no."""
        if self._first is not None and 0 <= self._next_s - pts_s <= LOOK_EVERY_S:
            return False
        self._next_s = pts_s + LOOK_EVERY_S
        small = opencv.shrink_by(luma, max(1, round(luma.shape[1] / LOOK_WIDTH_PX)))
        first, self._first = self._first, small if self._first is None else self._first
        return first is not None and first.shape == small.shape and _is_another_view(first, small)

    def renew(self) -> None:
        """Take the next picture as the first; for when light and shadows have wandered on."""
        self.begin()


def _is_another_view(first: Luma, small: Luma) -> bool:
    right, down, response = opencv.shift_between(first, small)
    most_px = MOST_SHIFT_PX * small.shape[1] / _ANALYSED_WIDTH_PX
    if response >= LEAST_RESPONSE and max(abs(right), abs(down)) > most_px:
        return _explains(first, small, round(right), round(down))
    different = opencv.apart(_levelled(first), _levelled(small)) > STRANGE_LEVELS
    return float(different.mean()) > STRANGE_SHARE


def _explains(first: Luma, small: Luma, right: int, down: int) -> bool:
    height, width = small.shape
    if abs(right) >= width // 2 or abs(down) >= height // 2:
        return False
    before = first[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    after = small[max(0, down) : height - max(0, -down), max(0, right) : width - max(0, -right)]
    in_place = small[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    return _difference(before, after) < EXPLAINED_LEFT * _difference(before, in_place)


def _difference(one: Luma, other: Luma) -> float:
    return float(opencv.apart(_levelled(one), _levelled(other)).mean())


def _levelled(luma: Luma) -> Luma:
    """Return the picture with its mean at 128: clouds and gain are no movement."""
    lifted = luma.astype(np.int16) + 128 - int(luma.mean())
    return np.clip(lifted, 0, 255).astype(np.uint8)
