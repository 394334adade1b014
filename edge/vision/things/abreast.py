"""Things side by side that were never seen apart: a region whose silhouette has a valley is two.

Judged by the height of the silhouette column by column, not by its pixels: holes in a thing that
looks like the street are no valleys. Must not remember anything between frames.
"""

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.vision.things.blobs import Blob

# A valley is so much lower than the hills on both sides of it.
VALLEY_SHARE = 0.62
# Each side has this share of the region's width, and so many pixels of it.
LEAST_WIDTH_SHARE, LEAST_WIDTH_PX = 0.24, 4
# Parts of one thing differ in height more than neighbours do.
LEAST_LIKE_HEIGHT = 0.65
# Seen this near, as a share of the picture's height, one thing has valleys of its own.
MOST_HEIGHT_SHARE = 0.33


def abreast(mask: opencv.Plane, blob: Blob, *, least_area_px: float) -> list[Blob]:
    """Return the things side by side in one region of ``mask``, (H, W) uint8; mostly itself alone."""
    is_small = blob.width < 2 * LEAST_WIDTH_PX + 1 or blob.area < 2 * least_area_px
    if is_small or blob.height > MOST_HEIGHT_SHARE * mask.shape[0]:
        return [blob]
    top, left = int(blob.top), int(blob.left)
    window = mask[top : int(blob.bottom), left : int(blob.right)] > 0
    place = _valley(_heights(window))
    if place is None:
        return [blob]
    parts = (_part(window[:, :place], top, left), _part(window[:, place:], top, left + place))
    first, second = parts
    if min(first.area, second.area) < least_area_px:
        return [blob]
    return [
        *abreast(mask, first, least_area_px=least_area_px),
        *abreast(mask, second, least_area_px=least_area_px),
    ]


def _heights(window: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return how high the silhouette reaches in each column, smoothed over three."""
    rows = window.shape[0]
    first, last = window.argmax(axis=0), rows - window[::-1].argmax(axis=0)
    heights = np.where(window.any(axis=0), last - first, 0).astype(np.float32)
    heights[1:-1] = (heights[:-2] + 2 * heights[1:-1] + heights[2:]) / 4
    return heights


def _valley(heights: NDArray[np.float32]) -> int | None:
    """Return the column of the deepest valley that parts two things, or None."""
    side = max(LEAST_WIDTH_PX, round(LEAST_WIDTH_SHARE * len(heights)))
    if len(heights) < 2 * side + 1:
        return None
    left = np.maximum.accumulate(heights)[side:-side]
    right = np.maximum.accumulate(heights[::-1])[::-1][side:-side]
    hills = np.minimum(left, right)
    depths = heights[side:-side] / np.maximum(hills, 1)
    deepest = int(depths.argmin())
    is_alike = hills[deepest] >= LEAST_LIKE_HEIGHT * heights.max()
    return side + deepest if depths[deepest] <= VALLEY_SHARE and is_alike else None


def _part(window: NDArray[np.bool_], top: int, left: int) -> Blob:
    rows, columns = np.nonzero(window)
    if not len(rows):
        return Blob(left, top, left, top, 1, 1, 0)
    return Blob(
        x=left + float(columns.mean()),
        y=top + float(rows.mean()),
        left=left + int(columns.min()),
        top=top + int(rows.min()),
        width=int(np.ptp(columns)) + 1,
        height=int(np.ptp(rows)) + 1,
        area=float(len(rows)),
    )
