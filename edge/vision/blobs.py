"""From a foreground mask to regions. Must not remember anything between frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.vision.scale import SceneScale


@dataclass(frozen=True, slots=True)
class Blob:
    """One region: centre of mass ``x``, ``y``, box ``left``, ``top``, ``width``, ``height``, ``area``; px.

    ``labels`` are the labels of the components it consists of.
    """

    x: float
    y: float
    left: float
    top: float
    width: float
    height: float
    area: float
    labels: tuple[int, ...]

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
    """All regions of a frame, with the label of each pixel to take one apart again."""

    blobs: tuple[Blob, ...]
    labels: NDArray[np.int32]


def clean_mask(mask: opencv.Plane, scale: SceneScale) -> opencv.Plane:
    """Return ``mask`` without specks and with the gaps inside things closed."""
    cleaned = opencv.opened(mask, scale.speck_px)
    return cleaned if scale.gap_px == 1 else opencv.closed(cleaned, scale.gap_px)


def find_regions(mask: opencv.Plane, *, least_area_px: float) -> Regions:
    """Return the regions of ``mask`` that are at least ``least_area_px`` large."""
    found = opencv.components(mask)
    blobs = []
    for index in np.flatnonzero(found.boxes[:, 4] >= least_area_px).tolist():
        left, top, width, height, area = found.boxes[index].tolist()
        x, y = found.centres[index].tolist()
        blobs.append(Blob(x, y, left, top, width, height, area, (index + 1,)))
    return Regions(tuple(blobs), found.labels)


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
        labels=tuple(label for blob in blobs for label in blob.labels),
    )
