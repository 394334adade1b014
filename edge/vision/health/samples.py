"""Some points of every frame: what changes too fast for one look a second. Costs next to nothing."""

import numpy as np

from edge import opencv

_DOWN, _ACROSS = 24, 32
_CELLS = 8


def points_of(luma: opencv.Plane) -> opencv.Plane:
    """Return 24 x 32 pixels spread over ``luma`` (H, W), as a copy; fewer of a smaller picture."""
    down, across = max(1, luma.shape[0] // _DOWN), max(1, luma.shape[1] // _ACROSS)
    return luma[down // 2 :: down, across // 2 :: across][:_DOWN, :_ACROSS].copy()


def cells_of(points: opencv.Plane) -> opencv.Real:
    """Return the means of 8 x 8 cells of ``points``, as a rolling band or a pumping gain moves them."""
    return opencv.block_means(points.astype(np.float32), _CELLS, _CELLS)
