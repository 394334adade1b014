"""From a foreground mask to regions. Must not remember anything between frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from edge import opencv
from edge.vision.things.scale import SceneScale

# Fragments down to this share of the smallest thing are looked at, to be joined with others.
FRAGMENT_SHARE = 0.2
OVERLAP_SHARE, PLAIN_OVERLAP_SHARE = 0.3, 0.65
# How much larger than typical one thing may be.
LARGE = 1.4
LEAST_PROOF_PX = 2
# One part stands upon another: common width, and gap between them, as shares of the smaller one.
STACKED_SHARE, STACKED_GAP_SHARE = 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Blob:
    """One region: centre of mass ``x``, ``y``, box ``left``, ``top``, ``width``, ``height``, ``area``; px."""

    x: float
    y: float
    left: float
    top: float
    width: float
    height: float
    area: float

    @property
    def right(self) -> float:
        """First column beyond the box."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """First row beyond the box."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions of a frame, with the mask they are from and the picture, to take one apart again."""

    blobs: tuple[Blob, ...]
    mask: opencv.Plane
    luma: opencv.Plane | None = None


class Shaded(Protocol):
    """Knows things from shadows; see :mod:`edge.vision.foreground.sunlit`."""

    whole: opencv.Plane

    def things(self, lit: opencv.Plane, parts: Sequence[Blob], whole: Sequence[Blob]) -> list[Blob]:
        """Return what of ``parts`` of the mask ``lit`` and of the regions of ``whole`` is a thing."""


NO_REGIONS = Regions((), np.zeros((1, 1), np.uint8))


def clean_mask(mask: opencv.Plane, scale: SceneScale) -> opencv.Plane:
    """Return ``mask`` without specks and with the gaps inside things closed."""
    cleaned = opencv.opened(mask, scale.speck_px)
    return cleaned if scale.gap_px == 1 else opencv.closed(cleaned, scale.gap_px)


def find_regions(
    mask: opencv.Plane,
    sure: opencv.Plane,
    *,
    least_area_px: float,
    typical_px: float = 0.0,
    shaded: "Shaded | None" = None,
) -> Regions:
    """Return the regions of ``mask``, fragments gathered, that are at least ``least_area_px`` large.

    Args:
        sure: a mask of which a region must hold some pixels to be believed.
        typical_px: up to this size, parts that lie one upon the other are one thing.
        shaded: what is known of the shadows that were taken out of ``mask``, if they were.
    """
    blobs = _believed(mask, sure, FRAGMENT_SHARE * least_area_px)
    if shaded is not None:
        blobs = shaded.things(mask, blobs, _believed(shaded.whole, sure, least_area_px))
    whole = tuple(blob for blob in gathered(blobs, typical_px=typical_px) if blob.area >= least_area_px)
    return Regions(whole, mask)


def _believed(mask: opencv.Plane, sure: opencv.Plane, least_area_px: float) -> list[Blob]:
    return [
        Blob(found.x, found.y, found.left, found.top, found.width, found.height, found.area)
        for found in opencv.outlines(mask, least_area_px)
        if _is_sure(sure, found)
    ]


def _is_sure(sure: opencv.Plane, found: opencv.Outline) -> bool:
    window = sure[found.top : found.top + found.height, found.left : found.left + found.width]
    return opencv.count_set(window) >= LEAST_PROOF_PX


def gathered(blobs: Sequence[Blob], *, typical_px: float = 0.0) -> list[Blob]:
    """Return the regions with those joined that are parts of one thing.

    That is: their boxes lie over each other (parts of one outline), or one stands close upon the
    other and together they are no larger than a typical thing (a rider and the motorcycle).
    """
    rest = sorted(blobs, key=lambda blob: blob.width * blob.height)
    whole: list[Blob] = []
    while rest:
        blob = rest.pop()
        parts = [
            other
            for other in rest
            if _is_within(blob, other, typical_px) or _is_stacked(blob, other, typical_px)
        ]
        if not parts:
            whole.append(blob)
            continue
        rest = [other for other in rest if other not in parts]
        rest.append(joined((blob, *parts)))
    return whole


def _is_within(large: Blob, small: Blob, typical_px: float) -> bool:
    """Tell whether a part lies in the outline of another; what is larger than a thing must do so plainly."""
    whole = joined((large, small))
    is_one = typical_px == 0 or whole.width * whole.height <= LARGE**2 * typical_px**2
    return _overlap(large, small) >= (OVERLAP_SHARE if is_one else PLAIN_OVERLAP_SHARE)


def _is_stacked(one: Blob, other: Blob, typical_px: float) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    if across < STACKED_SHARE * min(one.width, other.width):
        return False
    gap = max(one.top, other.top) - min(one.bottom, other.bottom)
    if gap > max(2.0, STACKED_GAP_SHARE * min(one.height, other.height)):
        return False
    whole = joined((one, other))
    return whole.width * whole.height <= LARGE**2 * typical_px**2


def _overlap(large: Blob, small: Blob) -> float:
    """Return the share of the smaller box that lies in the larger one."""
    across = min(large.right, small.right) - max(large.left, small.left)
    down = min(large.bottom, small.bottom) - max(large.top, small.top)
    return max(0.0, across) * max(0.0, down) / (small.width * small.height)


def joined(blobs: Sequence[Blob]) -> Blob:
    """Return the region that several fragments make together."""
    area = sum(blob.area for blob in blobs)
    left, top = min(blob.left for blob in blobs), min(blob.top for blob in blobs)
    return Blob(
        x=sum(blob.x * blob.area for blob in blobs) / area,
        y=sum(blob.y * blob.area for blob in blobs) / area,
        left=left,
        top=top,
        width=max(blob.right for blob in blobs) - left,
        height=max(blob.bottom for blob in blobs) - top,
        area=area,
    )
