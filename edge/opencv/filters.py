"""What looks at a neighbourhood: blurs, shifts, warps, correlation."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.opencv.arrays import Picture, Plane, Real, as_bytes, as_reals


@cache
def _window(width_px: int, height_px: int) -> Real:
    return as_reals(cv2.createHanningWindow((width_px, height_px), cv2.CV_32F))


def shift_between(reference: Plane | Real, plane: Plane | Real) -> tuple[float, float, float]:
    """Return (right, down, response) of the shift of ``plane`` against ``reference``, in pixels."""
    window = _window(plane.shape[1], plane.shape[0])
    (right, down), response = cv2.phaseCorrelate(
        reference.astype(np.float32), plane.astype(np.float32), window
    )
    return float(right), float(down), float(response)


def blur(picture: Picture, radius_px: float) -> Picture:
    """Return ``picture`` out of focus: a Gaussian with this standard deviation."""
    return as_bytes(cv2.GaussianBlur(picture, (0, 0), radius_px))


def shift(picture: Picture, right_px: float, down_px: float) -> Picture:
    """Return ``picture`` moved by a fraction of pixels, its edge mirrored."""
    height, width = picture.shape[:2]
    matrix = np.array([[1, 0, right_px], [0, 1, down_px]], np.float32)
    return as_bytes(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT))


def softened(plane: Plane, size_px: int, sigma_px: float = 0) -> Plane:
    """Return ``plane`` after a Gaussian of ``size_px`` (odd); ``sigma_px`` 0 follows from the size."""
    return as_bytes(cv2.GaussianBlur(plane, (size_px, size_px), sigma_px))


def softened_evenly(plane: Plane, size_px: int) -> Plane:
    """Return the mean of ``plane`` in a square of ``size_px``."""
    return as_bytes(cv2.blur(plane, (size_px, size_px)))


def locally_above(plane: Plane, size_px: int, margin: float) -> Plane:
    """Return 255 where ``plane`` is above its mean in a square of ``size_px`` (odd) less ``margin``."""
    return as_bytes(
        cv2.adaptiveThreshold(plane, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, size_px, margin)
    )


def projected(plane: Plane, matrix: NDArray[np.float64], width_px: int, height_px: int) -> Plane:
    """Return ``plane`` seen through a 3x3 homography (source to result), black outside."""
    return as_bytes(cv2.warpPerspective(plane, matrix, (width_px, height_px), flags=cv2.INTER_LINEAR))


def filtered(plane: Plane, kernel: Real) -> Plane:
    """Return ``plane`` correlated with ``kernel`` (H, W) float32."""
    return as_bytes(cv2.filter2D(plane, -1, kernel))


def filtered_real(values: Real, kernel: Real) -> Real:
    """Return ``values`` (H, W) float32 correlated with ``kernel`` (H, W) float32."""
    return as_reals(cv2.filter2D(values, -1, kernel))


def detail_of(values: Plane | Real, radius_px: float) -> Real:
    """Return what is finer than a Gaussian of this standard deviation, (H, W) float32 around 0."""
    real = values.astype(np.float32)
    size_px = 2 * round(2 * radius_px) + 1
    return as_reals(cv2.subtract(real, cv2.GaussianBlur(real, (size_px, size_px), radius_px)))
