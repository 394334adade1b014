"""OpenCV as typed functions: arrays in, arrays out. The only file that imports cv2.

Uses nothing that OpenCV 4.x and 5.x do not both have, so that the Raspberry Pi's own package
and the wheel of PyPI give the same counts. Must not decide anything: thresholds belong to callers.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Picture = NDArray[np.uint8]
Real = NDArray[np.float32]
Points = NDArray[np.int32]
Pixel = tuple[int, int]

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


def apart(plane: Plane, other: Plane) -> Plane:
    """Return the absolute difference."""
    return _bytes(cv2.absdiff(plane, other))


def larger(plane: Plane, other: Plane) -> Plane:
    """Return the larger value of each pair."""
    return _bytes(cv2.max(plane, other))


def quotient(plane: Plane, other: Plane, unit: float) -> Plane:
    """Return ``unit * plane / other``, rounded and held at 255; 0 where ``other`` is 0."""
    return _bytes(cv2.divide(plane, other, scale=unit))


def above(plane: Plane, limit: float) -> Plane:
    """Return 255 where ``plane > limit``, else 0."""
    return _bytes(cv2.threshold(plane, limit, 255, cv2.THRESH_BINARY)[1])


def both(first: Plane, second: Plane) -> Plane:
    """Return the bitwise and of two masks."""
    return _bytes(cv2.bitwise_and(first, second))


def inverse(mask: Plane) -> Plane:
    """Return 255 where ``mask`` is 0, and 0 where it is 255."""
    return _bytes(cv2.bitwise_not(mask))


@cache
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


def closed(mask: Plane, width_px: int, height_px: int | None = None) -> Plane:
    """Return ``mask`` with gaps smaller than a box (a square without ``height_px``) filled."""
    return _bytes(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _box(width_px, height_px or width_px)))


class Outline(NamedTuple):
    """One connected region of a mask: its box, its area with its holes filled, its centre of mass; px."""

    left: int
    top: int
    width: int
    height: int
    area: float
    x: float
    y: float


def outlines(mask: Plane, least_area_px: float = 0.0) -> list[Outline]:
    """Return the outer outlines of the regions of ``mask`` whose area is not below ``least_area_px``.

    Labelled components say the same and take ten times as long.
    """
    found = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    # Specks are many: those whose box alone is too small are not looked at any further.
    boxes = ((contour, cv2.boundingRect(contour)) for contour in found)
    large = (_outline(contour, *box) for contour, box in boxes if box[2] * box[3] >= least_area_px)
    return [outline for outline in large if outline.area >= least_area_px]


def _outline(contour: cv2.typing.MatLike, left: int, top: int, width: int, height: int) -> Outline:
    moments = cv2.moments(contour)
    inner = moments["m00"]
    # The polygon runs through the middle of the outermost pixels: half of their ring is missing.
    area = inner + width + height - 1
    if inner < 1:
        return Outline(left, top, width, height, area, left + (width - 1) / 2, top + (height - 1) / 2)
    return Outline(left, top, width, height, area, moments["m10"] / inner, moments["m01"] / inner)


def count_set(mask: Plane) -> int:
    """Return how many pixels of ``mask`` are not 0."""
    return int(cv2.countNonZero(mask))


def mean_and_spread(plane: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of ``plane``."""
    mean, spread = cv2.meanStdDev(plane)
    return float(mean[0, 0]), float(spread[0, 0])


@cache
def _window(width_px: int, height_px: int) -> Real:
    return _reals(cv2.createHanningWindow((width_px, height_px), cv2.CV_32F))


def shift_between(reference: Plane | Real, plane: Plane | Real) -> tuple[float, float, float]:
    """Return (right, down, response) of the shift of ``plane`` against ``reference``, in pixels."""
    window = _window(plane.shape[1], plane.shape[0])
    (right, down), response = cv2.phaseCorrelate(
        reference.astype(np.float32), plane.astype(np.float32), window
    )
    return float(right), float(down), float(response)


def fill(picture: Picture, polygon: Points, colour: Sequence[float], *, is_smooth: bool = False) -> None:
    """Fill ``polygon`` (N, 2) int32 of pixels in ``picture`` in place."""
    cv2.fillPoly(picture, [polygon], tuple(colour), cv2.LINE_AA if is_smooth else cv2.LINE_8)


def line(picture: Picture, first: Pixel, second: Pixel, colour: Sequence[float], width_px: int = 1) -> None:
    """Draw a line in ``picture`` in place."""
    cv2.line(picture, first, second, tuple(colour), width_px, cv2.LINE_AA)


def disc(picture: Picture, centre: Pixel, radius_px: tuple[int, int], colour: Sequence[float]) -> None:
    """Draw a filled ellipse in ``picture`` in place; ``radius_px`` is (across, down)."""
    cv2.ellipse(picture, centre, radius_px, 0, 0, 360, tuple(colour), -1, cv2.LINE_AA)


def text(picture: Picture, words: str, at: Pixel, colour: Sequence[float], height_px: int) -> None:
    """Write ASCII ``words`` in ``picture`` in place, with a dark edge; ``at`` is their lower left corner."""
    scale = height_px / 22  # capitals of this face are 22 px high at scale 1
    # Not one thick stroke below a thin one: in OpenCV 5 thick letters are also wider.
    for right, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        _write(picture, words, (at[0] + right, at[1] + down), (0, 0, 0), scale)
    _write(picture, words, at, tuple(colour), scale)


def _write(picture: Picture, words: str, at: Pixel, colour: Sequence[float], scale: float) -> None:
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)


def hull(points: Points) -> Points:
    """Return the convex hull (M, 2) of ``points`` (N, 2)."""
    return np.asarray(cv2.convexHull(points), np.int32).reshape(-1, 2)


def blur(picture: Picture, radius_px: float) -> Picture:
    """Return ``picture`` out of focus: a Gaussian with this standard deviation."""
    return _bytes(cv2.GaussianBlur(picture, (0, 0), radius_px))


def shift(picture: Picture, right_px: float, down_px: float) -> Picture:
    """Return ``picture`` moved by a fraction of pixels, its edge mirrored."""
    height, width = picture.shape[:2]
    matrix = np.array([[1, 0, right_px], [0, 1, down_px]], np.float32)
    return _bytes(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT))


def add(picture: Picture, other: Picture) -> Picture:
    """Return the sum, held at 255."""
    return _bytes(cv2.add(picture, other))


def subtract(picture: Picture, other: Picture) -> Picture:
    """Return the difference, held at 0."""
    return _bytes(cv2.subtract(picture, other))


def mixed(picture: Picture, other: Picture, share: float) -> Picture:
    """Return ``picture`` with a ``share`` of ``other`` blended in."""
    return _bytes(cv2.addWeighted(picture, 1 - share, other, share, 0))


def luma_of(picture: Picture) -> Plane:
    """Return the luma (H, W) of a BGR picture."""
    return _bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def encode_jpeg(picture: Picture, quality: int) -> bytes:
    """Return ``picture`` as JPEG bytes of ``quality`` 1..100.

    Raises:
        ValueError: the encoder refused the picture.
    """
    is_done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_done:
        raise ValueError(f"cannot encode a picture of shape {picture.shape} as JPEG")
    return bytes(data)


def with_border(plane: Plane, width_px: int, value: int) -> Plane:
    """Return ``plane`` inside a frame of ``width_px`` pixels of ``value``."""
    sides = (width_px,) * 4
    return _bytes(cv2.copyMakeBorder(plane, *sides, cv2.BORDER_CONSTANT, value=(value,)))


def softened(plane: Plane, size_px: int, sigma_px: float = 0) -> Plane:
    """Return ``plane`` after a Gaussian of ``size_px`` (odd); ``sigma_px`` 0 follows from the size."""
    return _bytes(cv2.GaussianBlur(plane, (size_px, size_px), sigma_px))


def softened_evenly(plane: Plane, size_px: int) -> Plane:
    """Return the mean of ``plane`` in a square of ``size_px``."""
    return _bytes(cv2.blur(plane, (size_px, size_px)))


def locally_above(plane: Plane, size_px: int, margin: float) -> Plane:
    """Return 255 where ``plane`` is above its mean in a square of ``size_px`` (odd) less ``margin``."""
    return _bytes(
        cv2.adaptiveThreshold(plane, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, size_px, margin)
    )


def enlarged(plane: Plane, factor: float) -> Plane:
    """Return ``plane`` larger by ``factor`` (cubic)."""
    return _bytes(cv2.resize(plane, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))


def projected(plane: Plane, matrix: NDArray[np.float64], width_px: int, height_px: int) -> Plane:
    """Return ``plane`` seen through a 3x3 homography (source to result), black outside."""
    return _bytes(cv2.warpPerspective(plane, matrix, (width_px, height_px), flags=cv2.INTER_LINEAR))


def filtered(plane: Plane, kernel: Real) -> Plane:
    """Return ``plane`` correlated with ``kernel`` (H, W) float32."""
    return _bytes(cv2.filter2D(plane, -1, kernel))


def filtered_real(values: Real, kernel: Real) -> Real:
    """Return ``values`` (H, W) float32 correlated with ``kernel`` (H, W) float32."""
    return _reals(cv2.filter2D(values, -1, kernel))


def halved_below(plane: Plane, width_px: int) -> Plane:
    """Return ``plane`` halved (mean of 2 x 2 pixels) until it is narrower than ``width_px``.

    Five times as fast as one shrink to the same size.
    """
    while plane.shape[1] >= width_px:
        plane = shrink_by(plane, 2)
    return plane


def detail_of(values: Plane | Real, radius_px: float) -> Real:
    """Return what is finer than a Gaussian of this standard deviation, (H, W) float32 around 0."""
    real = values.astype(np.float32)
    size_px = 2 * round(2 * radius_px) + 1
    return _reals(cv2.subtract(real, cv2.GaussianBlur(real, (size_px, size_px), radius_px)))


def block_means(values: Plane | Real, rows: int, columns: int) -> Real:
    """Return the means of so many equal blocks of ``values``; a remainder at the edge is cut."""
    height, width = values.shape[0] // rows, values.shape[1] // columns
    cut = values[: height * rows, : width * columns]
    return _reals(cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA))


class Network:
    """A neural network read from an ONNX file.

    Raises:
        ValueError: the file is no network that this OpenCV can read.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
        except cv2.error as error:
            raise ValueError(_first_line(error)) from error
        if self._net.empty():
            raise ValueError("it holds no network")

    def run(self, picture: Picture) -> Real:
        """Return the first output for a BGR picture of exactly the network's size, given as RGB 0..1.

        Raises:
            ValueError: the network cannot work on it.
        """
        blob = cv2.dnn.blobFromImage(picture, 1 / 255, swapRB=True, crop=False)
        try:
            self._net.setInput(blob)
            return _reals(self._net.forward())
        except cv2.error as error:
            raise ValueError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def without_doubles(
    boxes: Sequence[Sequence[float]], scores: Sequence[float], *, least_score: float, overlap: float
) -> list[int]:
    """Return the places of the boxes (left, top, width, height) that no better box covers by ``overlap``."""
    kept = cv2.dnn.NMSBoxes(
        [tuple(map(float, box)) for box in boxes], [float(score) for score in scores], least_score, overlap
    )
    return [int(place) for place in np.asarray(kept).reshape(-1)]


def area_means(plane: Plane, across: int, down: int) -> Real:
    """Return the mean of each of ``across`` x ``down`` parts of ``plane``, (down, across) float32."""
    return _reals(cv2.resize(plane.astype(np.float32), (across, down), interpolation=cv2.INTER_AREA))
