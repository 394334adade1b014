"""Some points of every frame: what changes too fast for one look a second. Costs next to nothing."""

from collections.abc import Sequence

import numpy as np

from edge import opencv

_DOWN, _ACROSS = 24, 32
_CELLS = 8


def points_of(luma: opencv.Plane) -> opencv.Plane:
    """Return 24 x 32 pixels spread over ``luma`` (H, W), as a copy; fewer of a smaller picture."""
    down, across = max(1, luma.shape[0] // _DOWN), max(1, luma.shape[1] // _ACROSS)
    return luma[down // 2 :: down, across // 2 :: across][:_DOWN, :_ACROSS].copy()


def cells_of(points: Sequence[opencv.Plane]) -> opencv.Real:
    """Return the means of 8 x 8 cells of each of ``points``, as a rolling band or a pumping gain moves them.

    Args:
        points: of one size, (H, W) each.

    Returns:
        (N, 8, 8) float32; a remainder of rows and columns is cut.
    """
    height, width = points[0].shape[0] // _CELLS, points[0].shape[1] // _CELLS
    cut = np.stack(points)[:, : height * _CELLS, : width * _CELLS]
    parts = cut.reshape(len(points), _CELLS, height, _CELLS, width)
    cells: opencv.Real = parts.mean(axis=(2, 4), dtype=np.float32)
    return cells
