"""From a colour picture to a JPEG that may leave the device: masked, shrunk, small enough.

Must not send anything: what is not masked here is not masked anywhere.
"""

from collections.abc import Callable, Sequence

import numpy as np

from edge import opencv
from edge.config import Point, Polygon

Bgr = opencv.Picture

MASK_COLOUR = (32, 32, 32)
BEST_QUALITY = 82
WORST_QUALITY = 22
QUALITY_STEP = 12


class StillTooLargeError(ValueError):
    """Not even the worst quality and the smallest width fit into the allowed bytes."""


def mask_picture(picture: Bgr, polygons: Sequence[Polygon]) -> Bgr:
    """Return a copy of ``picture`` with ``polygons`` painted over.

    Args:
        picture: (H, W, 3) uint8 BGR.
        polygons: corners as fractions of width and height.
    """
    masked = picture.copy()
    for polygon in polygons:
        opencv.fill(masked, polygon_px(polygon, picture.shape[1], picture.shape[0]), MASK_COLOUR)
    return masked


def polygon_px(polygon: Sequence[Point], width_px: int, height_px: int) -> opencv.Points:
    """Return the corners of ``polygon`` in pixels, (N, 2) int32; 1.0 is the edge beyond the last pixel."""
    return np.rint(np.array(polygon) * (width_px, height_px)).astype(np.int32)


def shrink_to_width(picture: Bgr, width_px: int) -> Bgr:
    """Return ``picture`` at most ``width_px`` wide, same proportions; never enlarged."""
    height, width = picture.shape[:2]
    if width <= width_px:
        return picture
    return opencv.resize(picture, width_px, max(1, round(height * width_px / width)))


def encode_jpeg(picture: Bgr, max_bytes: int) -> bytes:
    """Return ``picture`` as JPEG of at most ``max_bytes``: quality is given up first, then size.

    Raises:
        StillTooLargeError: nothing useful fits.
    """
    while min(picture.shape[:2]) >= 16:
        for quality in range(BEST_QUALITY, WORST_QUALITY - 1, -QUALITY_STEP):
            jpeg = opencv.encode_jpeg(picture, quality)
            if len(jpeg) <= max_bytes:
                return jpeg
        picture = shrink_to_width(picture, picture.shape[1] * 3 // 4)
    raise StillTooLargeError(f"no still fits into {max_bytes} bytes; allow more")


def still_of(
    picture: Bgr,
    privacy_masks: Sequence[Polygon],
    *,
    width_px: int,
    max_bytes: int,
    draw: Callable[[Bgr], Bgr] | None = None,
) -> bytes:
    """Return the JPEG of ``picture`` that may leave the device.

    Args:
        picture: (H, W, 3) uint8 BGR.
        privacy_masks: painted over.
        width_px: at most so wide.
        max_bytes: at most so large.
        draw: draws something into the small picture, before it is masked for good.

    Raises:
        StillTooLargeError: nothing useful fits into ``max_bytes``.
    """
    # Masked before it is shrunk: a resized edge must not carry a mix of what lies under the mask.
    small = shrink_to_width(mask_picture(picture, privacy_masks), width_px)
    if draw is not None:
        small = mask_picture(draw(small), privacy_masks)
    return encode_jpeg(small, max_bytes)
