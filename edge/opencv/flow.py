"""Where points of one picture are in the next one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.opencv.arrays import Plane, Real, as_reals

_LEVELS = 2


def flow_between(before: Plane, after: Plane, points: Real, window_px: int) -> tuple[Real, NDArray[np.bool_]]:
    """Return how far each of ``points`` moved, and whether it was found again (Lucas and Kanade, pyramidal).

    Args:
        before: (H, W) uint8.
        after: likewise.
        points: (N, 2) float32, x and y in ``before``.
        window_px: side of what is looked at around each of them.

    Returns:
        (N, 2) float32 right and down, and (N,) bool.
    """
    start = points.reshape(-1, 1, 2)
    moved, is_found, _ = cv2.calcOpticalFlowPyrLK(
        before, after, start, start.copy(),
        winSize=(window_px, window_px), maxLevel=_LEVELS,
    )  # fmt: skip
    return as_reals(moved).reshape(-1, 2) - points, np.asarray(is_found).ravel() == 1
