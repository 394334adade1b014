"""Masks: grown, cleaned, and taken apart into outlines."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np

from edge.opencv.arrays import Plane, Points, as_bytes


@cache
def _box(width_px: int, height_px: int) -> Plane:
    return np.ones((height_px, width_px), np.uint8)


def dilate(plane: Plane, width_px: int, height_px: int) -> Plane:
    """Return the maximum within a box of the given size around each pixel."""
    return as_bytes(cv2.dilate(plane, _box(width_px, height_px)))


def erode(plane: Plane, width_px: int, height_px: int) -> Plane:
    """Return the minimum within a box of the given size around each pixel."""
    return as_bytes(cv2.erode(plane, _box(width_px, height_px)))


def opened(mask: Plane, size_px: int) -> Plane:
    """Return ``mask`` without specks smaller than a square of ``size_px``."""
    return as_bytes(cv2.morphologyEx(mask, cv2.MORPH_OPEN, _box(size_px, size_px)))


def closed(mask: Plane, width_px: int, height_px: int | None = None) -> Plane:
    """Return ``mask`` with gaps smaller than a box (a square without ``height_px``) filled."""
    return as_bytes(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _box(width_px, height_px or width_px)))


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


def hull(points: Points) -> Points:
    """Return the convex hull (M, 2) of ``points`` (N, 2)."""
    return np.asarray(cv2.convexHull(points), np.int32).reshape(-1, 2)
