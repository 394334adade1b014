"""One small picture a second, and what is measured of it. Must not judge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv

Luma = opencv.Plane
Grid = NDArray[np.float32]

# Looks are between half of this and this wide.
BELOW_WIDTH_PX = 240
# The picture is compared block by block: what stands before the lens hides some of them.
ROWS, COLUMNS = 6, 8
# What is finer than this tells places apart, and does not mind gain, haze and shadows.
DETAIL_PX = 1.5
# Levels of detail below which a block is plain.
LEAST_DETAIL = 0.5
_SATURATED = 250
# Levels of contrast that noise and rounding make by themselves.
_NO_CONTRAST = np.float32(1)


@dataclass(frozen=True, slots=True)
class Look:
    """One small picture, (H, W) uint8 120 to 239 wide, and its measures.

    ``brightness`` 0..255 and ``contrast`` are mean and spread, ``saturated`` the share of white
    pixels, ``dark`` the level that a tenth of the pixels are below. ``detail`` is (H, W) float32,
    ``strength`` its root mean square a block, ``sharpness`` the quotient of that and the block's
    contrast: it does not fall when the light does.
    """

    luma: Luma
    brightness: float
    contrast: float
    saturated: float
    dark: float
    detail: opencv.Real
    strength: Grid
    sharpness: Grid

    @classmethod
    def of(cls, luma: Luma) -> "Look":
        """Measure a picture of any size, (H, W) uint8."""
        small = opencv.halved_below(luma, BELOW_WIDTH_PX)
        brightness, contrast = opencv.mean_and_spread(small)
        # Every fourth pixel tells as much of the histogram.
        levels = np.bincount(small[::2, ::2].ravel(), minlength=256)
        pixels = levels.sum()
        detail = opencv.detail_of(small, DETAIL_PX)
        return cls(
            luma=small,
            brightness=brightness,
            contrast=contrast,
            saturated=float(levels[_SATURATED:].sum() / pixels),
            dark=float(np.searchsorted(np.cumsum(levels), 0.1 * pixels)),
            detail=detail,
            strength=(strength := strength_of(detail)),
            sharpness=sharpness_of(small.astype(np.float32), strength),
        )


def strength_of(detail: opencv.Real) -> Grid:
    """Return the root mean square of ``detail`` a block, (ROWS, COLUMNS) float32."""
    return np.sqrt(block_means(detail * detail))


def sharpness_of(luma: opencv.Real, strength: Grid) -> Grid:
    """Return ``strength`` for each level of contrast in its block of ``luma`` (H, W) float32."""
    variance = block_means(luma * luma) - block_means(luma) ** 2
    sharpness: Grid = strength / (np.sqrt(np.maximum(variance, 0)) + _NO_CONTRAST)
    return sharpness


def likeness(first: opencv.Real, second: opencv.Real, strengths: Grid) -> Grid:
    """Return how alike two pictures' details are a block: 1 the same, 0 nothing in common.

    Args:
        first: detail, (H, W) float32.
        second: likewise, of the same size.
        strengths: product of their strengths a block.
    """
    alike: Grid = np.divide(block_means(first * second), np.maximum(strengths, 1e-6), dtype=np.float32)
    return alike


def block_means(values: opencv.Real) -> Grid:
    """Return the mean of each block of ``values`` (H, W); a remainder of rows and columns is cut."""
    return opencv.block_means(values, ROWS, COLUMNS)
