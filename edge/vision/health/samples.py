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
    height = points[0].shape[0] // _CELLS * _CELLS
    # One tall picture: its blocks are the cells of all.
    tall = np.concatenate([each[:height] for each in points]).astype(np.float32)
    return opencv.block_means(tall, len(points) * _CELLS, _CELLS).reshape(-1, _CELLS, _CELLS)
