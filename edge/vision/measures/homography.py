"""How one plane lies in another: from the picture to the street's metres, or to the face of a gauge.

Must not know what the planes are.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def homography(source: Sequence[tuple[float, float]], target: Sequence[tuple[float, float]]) -> Matrix:
    """Return the (3, 3) matrix that brings four points of one plane onto those of another.

    Args:
        source: Four points, no three on one line.
        target: Where they go, likewise.

    Raises:
        ValueError: the points span no area.
    """
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        solved = np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))
    except np.linalg.LinAlgError as error:
        raise ValueError("the four points span no area; draw them anew") from error
    matrix = np.append(solved, 1.0).reshape(3, 3)
    middle = np.append(np.mean(np.array(source, np.float64), axis=0), 1.0)
    # So that what lies before the horizon has a positive depth, also when the origin lies beyond it.
    return np.asarray(matrix * np.sign(matrix[2] @ middle))


def projected(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``points`` (N, 2) in the other plane, (N, 2); beyond the horizon they are infinite."""
    whole = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    depth = whole[:, 2:3]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(depth > 0, whole[:, :2] / depth, np.inf)
