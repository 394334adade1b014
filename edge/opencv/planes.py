"""Arithmetic on planes and pictures: arrays in, arrays out."""

from collections.abc import Iterator, Sequence
from functools import cache

import cv2
import numpy as np

from edge.opencv.arrays import Picture, Plane, Real, as_bytes, as_reals


def shrink_by(plane: Plane, factor: int) -> Plane:
    """Return ``plane`` smaller by an integer ``factor`` (area mean; a remainder of rows is cut)."""
    if factor == 1:
        return plane
    if factor % 2 == 0 and factor > 2:
        # OpenCV has a fast way to halve, and none to quarter: twice the one is five times cheaper.
        rows, columns = (side // factor * factor for side in plane.shape)
        return shrink_by(shrink_by(plane[:rows, :columns], 2), factor // 2)
    height, width = plane.shape[0] // factor, plane.shape[1] // factor
    cut = plane[: height * factor, : width * factor]
    return as_bytes(cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA))


def resize(picture: Picture, width_px: int, height_px: int) -> Picture:
    """Return ``picture`` (one or three channels) at another size, by area mean."""
    return as_bytes(cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_AREA))


def scale_values(plane: Plane, factor: float) -> Plane:
    """Return ``plane * factor``, rounded and held within 0..255."""
    return as_bytes(cv2.convertScaleAbs(plane, alpha=factor))


def to_bytes(values: Real) -> Plane:
    """Return non-negative ``values`` rounded to bytes."""
    return as_bytes(cv2.convertScaleAbs(values))


def blend_into(mean: Real, plane: Plane, weight: float, where: Plane | None = None) -> None:
    """Move ``mean`` towards ``plane`` by ``weight`` in place, only where ``where`` is not 0."""
    cv2.accumulateWeighted(plane, mean, weight, where)


def beyond(plane: Plane, low: Plane, high: Plane) -> Plane:
    """Return how far each value of ``plane`` lies outside ``low``..``high`` (0 inside)."""
    return as_bytes(cv2.max(cv2.subtract(plane, high), cv2.subtract(low, plane)))


def apart(plane: Plane, other: Plane) -> Plane:
    """Return the absolute difference."""
    return as_bytes(cv2.absdiff(plane, other))


def larger(plane: Plane, other: Plane) -> Plane:
    """Return the larger value of each pair."""
    return as_bytes(cv2.max(plane, other))


def quotient(plane: Plane, other: Plane, unit: float) -> Plane:
    """Return ``unit * plane / other``, rounded and held at 255; 0 where ``other`` is 0."""
    return as_bytes(cv2.divide(plane, other, scale=unit))


def above(plane: Plane, limit: float) -> Plane:
    """Return 255 where ``plane > limit``, else 0."""
    return as_bytes(cv2.threshold(plane, limit, 255, cv2.THRESH_BINARY)[1])


def both(first: Plane, second: Plane) -> Plane:
    """Return the bitwise and of two masks."""
    return as_bytes(cv2.bitwise_and(first, second))


def inverse(mask: Plane) -> Plane:
    """Return 255 where ``mask`` is 0, and 0 where it is 255."""
    return as_bytes(cv2.bitwise_not(mask))


def count_set(mask: Plane) -> int:
    """Return how many pixels of ``mask`` are not 0."""
    return int(cv2.countNonZero(mask))


def mean_where(plane: Plane, mask: Plane) -> float:
    """Return the mean of ``plane`` where ``mask`` is not 0; 0 when it is nowhere."""
    return float(cv2.mean(plane, mask)[0])


def mean_and_spread(plane: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of ``plane``."""
    mean, spread = cv2.meanStdDev(plane)
    return float(mean[0, 0]), float(spread[0, 0])


def add(picture: Picture, other: Picture) -> Picture:
    """Return the sum, held at 255."""
    return as_bytes(cv2.add(picture, other))


def subtract(picture: Picture, other: Picture) -> Picture:
    """Return the difference, held at 0."""
    return as_bytes(cv2.subtract(picture, other))


def mixed(picture: Picture, other: Picture, share: float) -> Picture:
    """Return ``picture`` with a ``share`` of ``other`` blended in."""
    return as_bytes(cv2.addWeighted(picture, 1 - share, other, share, 0))


def luma_of(picture: Picture) -> Plane:
    """Return the luma (H, W) of a BGR picture."""
    return as_bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def with_border(plane: Plane, width_px: int, value: int) -> Plane:
    """Return ``plane`` inside a frame of ``width_px`` pixels of ``value``."""
    sides = (width_px,) * 4
    return as_bytes(cv2.copyMakeBorder(plane, *sides, cv2.BORDER_CONSTANT, value=(value,)))


def enlarged(plane: Plane, factor: float) -> Plane:
    """Return ``plane`` larger by ``factor`` (cubic)."""
    return as_bytes(cv2.resize(plane, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))


def halved_below(plane: Plane, width_px: int) -> Plane:
    """Return ``plane`` halved (mean of 2 x 2 pixels) until it is narrower than ``width_px``.

    Five times as fast as one shrink to the same size.
    """
    while plane.shape[1] >= width_px:
        plane = shrink_by(plane, 2)
    return plane


def block_means(values: Plane | Real, rows: int, columns: int) -> Real:
    """Return the means of so many equal blocks of ``values``; a remainder at the edge is cut."""
    height, width = values.shape[0] // rows, values.shape[1] // columns
    cut = values[: height * rows, : width * columns]
    return as_reals(cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA))


def area_means(plane: Plane, across: int, down: int) -> Real:
    """Return the mean of each of ``across`` x ``down`` parts of ``plane``, (down, across) float32."""
    return as_reals(cv2.resize(plane.astype(np.float32), (across, down), interpolation=cv2.INTER_AREA))


def median_of(planes: Sequence[Plane]) -> Plane:
    """Return the median of each pixel of ``planes``, at least one, (H, W) uint8 each.

    Whole planes are put in order: ten to twenty times as fast as numpy's median of their stack.
    """
    ranked = list(planes)
    for low, high, is_low_used, is_high_used in _exchanges_for_median(len(ranked)):
        first, second = ranked[low], ranked[high]
        if is_low_used:
            ranked[low] = as_bytes(cv2.min(first, second))
        if is_high_used:
            ranked[high] = as_bytes(cv2.max(first, second))
    middle = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[middle].copy()
    return as_bytes(cv2.addWeighted(ranked[middle - 1], 0.5, ranked[middle], 0.5, 0))


@cache
def _exchanges_for_median(count: int) -> tuple[tuple[int, int, bool, bool], ...]:
    """Return (low place, high place, is the lower used later, is the higher) of what the median needs."""
    used = {(count - 1) // 2, count // 2}
    kept = []
    for low, high in reversed(list(_exchanges(count))):
        if low in used or high in used:
            kept.append((low, high, low in used, high in used))
            used |= {low, high}
    return tuple(reversed(kept))


def _exchanges(count: int) -> Iterator[tuple[int, int]]:
    """Yield the places to be compared, one pair after the other, to sort ``count`` of anything.

    Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2 M, 1973).
    """
    first = step = 1 << max(0, (count - 1).bit_length() - 1)
    while step:
        reach, parity, apart_by = first, 0, step
        while True:
            yield from ((i, i + apart_by) for i in range(count - apart_by) if i & step == parity)
            if reach == step:
                break
            apart_by, reach, parity = reach - step, reach // 2, step
        step //= 2
