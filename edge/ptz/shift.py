"""Does the whole picture move? Compares frames with one of some seconds before. Pure.

A thing that drives through moves a part of the picture; a camera that turns moves all of it, so
a shift counts only when it explains most of what is different.
"""

import numpy as np
from numpy.typing import NDArray

from edge import opencv

Luma = opencv.Plane

LOOK_WIDTH_PX = 160
# At the analysed width of 320 pixels: beyond it counting is suspended.
MOST_SHIFT_PX = 3.0
_ANALYSED_WIDTH_PX = 320
LEAST_RESPONSE = 0.05
# What is left of the difference in a part of the picture once the shift is undone.
EXPLAINED_LEFT = 0.75
PARTS_ACROSS, PARTS_DOWN = 8, 5
# So many parts must say that they moved, and for each of them so few that they stayed.
LEAST_PARTS, MOST_CONTRARY = 6, 0.2
# So large a part of the picture as different as this, and no shift explains it: it shows another scene.
STRANGE_LEVELS, STRANGE_SHARE = 30, 0.5
LOOK_EVERY_S = 0.19
# Masts bend in wind and sun (measured on a real clip: 4 px of 320 within five seconds); motors are faster.
RENEW_AFTER_S = 3.0


class ShiftWatch:
    """Compares the pictures of one visit with each other."""

    def __init__(self) -> None:
        self._first: Luma | None = None
        self._first_s = self._next_s = 0.0

    def begin(self, luma: Luma, pts_s: float) -> None:
        """Compare with this frame, (H, W) uint8, from now on."""
        self._first = _small(luma).copy()
        self._first_s, self._next_s = pts_s, pts_s + LOOK_EVERY_S

    def is_shifted(self, luma: Luma, pts_s: float) -> bool:
        """Look at a frame, (H, W) uint8; most calls look at nothing and say no."""
        if self._first is None or 0 < self._next_s - pts_s <= LOOK_EVERY_S:
            return False
        self._next_s = pts_s + LOOK_EVERY_S
        small = _small(luma)
        if small.shape != self._first.shape or _is_another_view(self._first, small):
            return True
        if not 0 <= pts_s - self._first_s < RENEW_AFTER_S:
            # Light and shadows wander on, too; the camera was just seen to stand.
            self.begin(luma, pts_s)
        return False


def _small(luma: Luma) -> Luma:
    return opencv.shrink_by(luma, max(1, round(luma.shape[1] / LOOK_WIDTH_PX)))


def _is_another_view(first: Luma, small: Luma) -> bool:
    right, down, response = opencv.shift_between(first, small)
    most_px = MOST_SHIFT_PX * small.shape[1] / _ANALYSED_WIDTH_PX
    if response >= LEAST_RESPONSE and max(abs(right), abs(down)) > most_px:
        return _explains(first, small, round(right), round(down))
    return float((_apart(first, small) > STRANGE_LEVELS).mean()) > STRANGE_SHARE


def _explains(first: Luma, small: Luma, right: int, down: int) -> bool:
    """Tell whether the shift explains what is different in every part, not only where things drive."""
    height, width = small.shape
    if abs(right) >= width // 2 or abs(down) >= height // 2:
        return False
    before = first[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    after = small[max(0, down) : height - max(0, -down), max(0, right) : width - max(0, -right)]
    in_place = small[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    moved, stayed = _parts(before, after), _parts(before, in_place)
    says_moved = int(np.count_nonzero(moved < EXPLAINED_LEFT * stayed))
    says_stayed = int(np.count_nonzero(stayed < EXPLAINED_LEFT * moved))
    return says_moved >= LEAST_PARTS and says_stayed <= MOST_CONTRARY * says_moved


def _parts(one: Luma, other: Luma) -> NDArray[np.float32]:
    """Return how different two pictures are in each part of them."""
    return opencv.area_means(_apart(one, other), PARTS_ACROSS, PARTS_DOWN)


def _apart(one: Luma, other: Luma) -> Luma:
    """Return how different two pictures are; clouds and gain are no difference."""
    apart = other.astype(np.int16) - one
    # The median, as a bright lorry before the lens must not darken the street.
    apart -= np.int16(np.median(apart))
    levels: Luma = np.minimum(np.abs(apart), 255).astype(np.uint8)
    return levels
