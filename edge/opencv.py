"""OpenCV as typed functions: arrays in, arrays out. The only file that imports cv2.

Uses nothing that OpenCV 4.x and 5.x do not both have, so that the Raspberry Pi's own package
and the wheel of PyPI give the same counts. Must not decide anything: thresholds belong to callers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Picture = NDArray[np.uint8]
Real = NDArray[np.float32]
Points = NDArray[np.int32]

# One worker is one camera: a thread pool in each only makes four cameras fight for four cores.
cv2.setNumThreads(1)


def _bytes(array: object) -> Plane:
    return np.asarray(array, dtype=np.uint8)


def _reals(array: object) -> Real:
    return np.asarray(array, dtype=np.float32)


def shrink_by(plane: Plane, factor: int) -> Plane:
    """Return ``plane`` smaller by an integer ``factor`` (area mean; a remainder of rows is cut)."""
    if factor == 1:
        return plane
    height, width = plane.shape[0] // factor, plane.shape[1] // factor
    cut = plane[: height * factor, : width * factor]
    return _bytes(cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA))


def resize(picture: Picture, width_px: int, height_px: int) -> Picture:
    """Return ``picture`` (one or three channels) at another size, by area mean."""
    return _bytes(cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_AREA))


def scale_values(plane: Plane, factor: float) -> Plane:
    """Return ``plane * factor``, rounded and held within 0..255."""
    return _bytes(cv2.convertScaleAbs(plane, alpha=factor))


def to_bytes(values: Real) -> Plane:
    """Return non-negative ``values`` rounded to bytes."""
    return _bytes(cv2.convertScaleAbs(values))


def blend_into(mean: Real, plane: Plane, weight: float, where: Plane | None = None) -> None:
    """Move ``mean`` towards ``plane`` by ``weight`` in place, only where ``where`` is not 0."""
    cv2.accumulateWeighted(plane, mean, weight, where)


def beyond(plane: Plane, low: Plane, high: Plane) -> Plane:
    """Return how far each value of ``plane`` lies outside ``low``..``high`` (0 inside)."""
    return _bytes(cv2.max(cv2.subtract(plane, high), cv2.subtract(low, plane)))


def above(plane: Plane, limit: float) -> Plane:
    """Return 255 where ``plane > limit``, else 0."""
    return _bytes(cv2.threshold(plane, limit, 255, cv2.THRESH_BINARY)[1])


def both(first: Plane, second: Plane) -> Plane:
    """Return the bitwise and of two masks."""
    return _bytes(cv2.bitwise_and(first, second))


def inverse(mask: Plane) -> Plane:
    """Return 255 where ``mask`` is 0, and 0 where it is 255."""
    return _bytes(cv2.bitwise_not(mask))


def _box(width_px: int, height_px: int) -> Plane:
    return np.ones((height_px, width_px), np.uint8)


def dilate(plane: Plane, width_px: int, height_px: int) -> Plane:
    """Return the maximum within a box of the given size around each pixel."""
    return _bytes(cv2.dilate(plane, _box(width_px, height_px)))


def erode(plane: Plane, width_px: int, height_px: int) -> Plane:
    """Return the minimum within a box of the given size around each pixel."""
    return _bytes(cv2.erode(plane, _box(width_px, height_px)))


def opened(mask: Plane, size_px: int) -> Plane:
    """Return ``mask`` without specks smaller than a square of ``size_px``."""
    return _bytes(cv2.morphologyEx(mask, cv2.MORPH_OPEN, _box(size_px, size_px)))


def closed(mask: Plane, size_px: int) -> Plane:
    """Return ``mask`` with gaps smaller than a square of ``size_px`` filled."""
    return _bytes(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _box(size_px, size_px)))


@dataclass(frozen=True, slots=True)
class Components:
    """The connected regions of a mask, the background left out.

    ``labels`` (H, W) int32, 0 = background, region ``i`` has label ``i + 1``; ``boxes`` (N, 5)
    int32: left, top, width, height, area; ``centres`` (N, 2) float64: x, y.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    centres: NDArray[np.float64]


def components(mask: Plane) -> Components:
    """Return the 8-connected regions of ``mask``."""
    _, labels, boxes, centres = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    return Components(
        np.asarray(labels, np.int32), np.asarray(boxes[1:], np.int32), np.asarray(centres[1:], np.float64)
    )


def count_set(mask: Plane) -> int:
    """Return how many pixels of ``mask`` are not 0."""
    return int(cv2.countNonZero(mask))


def mean_and_spread(plane: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of ``plane``."""
    mean, spread = cv2.meanStdDev(plane)
    return float(mean[0, 0]), float(spread[0, 0])


def laplacian_variance(plane: Plane) -> float:
    """Return the variance of the Laplacian of ``plane``: how much fine detail there is."""
    return float(np.var(cv2.Laplacian(plane, cv2.CV_32F)))


def gradient_magnitude(plane: Plane) -> Real:
    """Return the length of the Sobel gradient, (H, W) float32."""
    across = cv2.Sobel(plane, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(plane, cv2.CV_32F, 0, 1)
    return _reals(cv2.magnitude(across, down))


def shift_between(reference: Plane, plane: Plane) -> tuple[float, float, float]:
    """Return (right, down, response) of the shift of ``plane`` against ``reference``, in pixels."""
    window = cv2.createHanningWindow((plane.shape[1], plane.shape[0]), cv2.CV_32F)
    (right, down), response = cv2.phaseCorrelate(
        reference.astype(np.float32), plane.astype(np.float32), window
    )
    return float(right), float(down), float(response)


def fill(picture: Picture, polygon: Points, colour: Sequence[float], *, is_smooth: bool = False) -> None:
    """Fill ``polygon`` (N, 2) int32 of pixels in ``picture`` in place."""
    cv2.fillPoly(picture, [polygon], tuple(colour), cv2.LINE_AA if is_smooth else cv2.LINE_8)


def encode_jpeg(picture: Picture, quality: int) -> bytes:
    """Return ``picture`` as JPEG bytes of ``quality`` 1..100.

    Raises:
        ValueError: the encoder refused the picture.
    """
    is_done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_done:
        raise ValueError(f"cannot encode a picture of shape {picture.shape} as JPEG")
    return bytes(data)
