"""How long the picture has been the same, its clock left out. Must not judge."""

import numpy as np
from numpy.typing import NDArray

from edge import opencv

# Clocks run in the outer rows of a frozen picture.
OVERLAY_SHARE = 0.14


class Sameness:
    """Compares each look with the one before."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._since_s = 0.0

    def same_for_s(self, luma: opencv.Plane, now_s: float) -> float:
        """Return for how many seconds the middle of ``luma`` (H, W) has been bit by bit the same."""
        edge = int(luma.shape[0] * OVERLAY_SHARE)
        middle = luma[edge:-edge]
        if self._before is None or not np.array_equal(self._before, middle):
            self._since_s = now_s
        self._before = middle.copy()
        return now_s - self._since_s
