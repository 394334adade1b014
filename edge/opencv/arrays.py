"""The kinds of arrays that everything here takes and gives."""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Picture = NDArray[np.uint8]
Real = NDArray[np.float32]
Points = NDArray[np.int32]
Pixel = tuple[int, int]


def as_bytes(array: object) -> Plane:
    """Return what OpenCV gave as the array that it is."""
    return np.asarray(array, dtype=np.uint8)


def as_reals(array: object) -> Real:
    """Return what OpenCV gave as the array that it is."""
    return np.asarray(array, dtype=np.float32)
