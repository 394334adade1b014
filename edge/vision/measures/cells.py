"""What covers the picture, cell by cell: the coarse grid on which zones are measured.

A thing that stands is taken into the empty scene by the analysis after a while, so that it does
not merge with whoever passes. Zones must go on seeing it: here the scene is kept as it was when
the cell was last free, and a cell that looks otherwise is covered, moving or not.
Must not know zones or tracks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv
from edge.vision.foreground.background import gain_between
from edge.vision.stage import Look

Luma = opencv.Plane
Shares = NDArray[np.float32]

CELLS_ACROSS = 40
# A pixel differs by this much, or this often the noise; a cell when this share of it does.
DIFFERENCE, NOISE_FACTOR = 16.0, 4.0
COVERED_SHARE, FREE_SHARE = 0.35, 0.05
# Foreground that looks as the kept scene does is the ghost of something that was absorbed and left.
GHOST_SHARE = 0.04
# What changed less than this since the last look, as a share of its pixels, stands.
STILL_SHARE = 0.12
# How fast a free cell follows the light.
FOLLOW_S = 30.0
# A cell that has lost its texture was a thing that left; any other must be still for long: jams creep.
LOST_TEXTURE, FORGET_LOST_S, FORGET_S = 0.6, 180.0, 1800.0


@dataclass(frozen=True, slots=True)
class Cover:
    """Share of each cell that is covered, and of what stands in it: (rows, columns) float32, 0..1."""

    covered: Shares
    standing: Shares


class CellWatch:
    """Compares looks with the scene as it was when each cell was free.

    Args:
        look: The first; its empty scene is the start.
    """

    def __init__(self, look: Look) -> None:
        self.size_px = max(2, round(look.luma.shape[1] / CELLS_ACROSS))
        self._kept: Luma = look.empty.copy()
        self._mean = look.empty.astype(np.float32)
        self._before: Luma | None = None
        self._still_s = np.zeros_like(self.shares(look.empty))
        self._pts_s: float | None = None

    def shares(self, mask: Luma) -> Shares:
        """Return the mean of ``mask`` / 255 in each cell, (rows, columns) float32."""
        return opencv.shrink_by(mask, self.size_px).astype(np.float32) / np.float32(255)

    def see(self, look: Look, pts_s: float) -> Cover:
        """Return what covers the cells now; meant to be called twice a second or so."""
        step_s = 0.0 if self._pts_s is None else min(5.0, max(0.0, pts_s - self._pts_s))
        self._pts_s = pts_s
        limit = max(DIFFERENCE, NOISE_FACTOR * look.noise)
        gain = gain_between(look.luma, self._kept)
        scene = opencv.scale_values(self._kept, gain)
        foreground = self.shares(look.foreground)
        other = self.shares(opencv.above(opencv.apart(look.luma, scene), limit))
        something = np.where(other >= GHOST_SHARE, foreground, np.float32(0))
        covered = np.maximum(something, np.where(other >= COVERED_SHARE, other, np.float32(0)))
        standing = np.where(self._is_still(look.luma, limit), covered, np.float32(0))
        self._forget(look.luma, scene, (standing > 0) & (foreground < COVERED_SHARE), step_s)
        self._follow(look.luma, covered < FREE_SHARE, gain, step_s)
        return Cover(covered, standing)

    def _is_still(self, luma: Luma, limit: float) -> NDArray[np.bool_]:
        before, self._before = self._before, luma.copy()
        if before is None:
            return np.zeros_like(self._still_s, bool)
        return self.shares(opencv.above(opencv.apart(luma, before), limit / 2)) < STILL_SHARE

    def _follow(self, luma: Luma, is_free: NDArray[np.bool_], gain: float, step_s: float) -> None:
        """Let the kept scene follow the light where nothing is."""
        if abs(gain - 1) > 0.02:
            self._mean *= gain
        opencv.blend_into(self._mean, luma, min(1.0, step_s / FOLLOW_S), self._pixels(is_free))
        self._kept = opencv.to_bytes(self._mean)

    def _forget(self, luma: Luma, scene: Luma, is_steady: NDArray[np.bool_], step_s: float) -> None:
        """Take over what has stayed so long that it is the scene."""
        self._still_s = np.where(is_steady, self._still_s + np.float32(step_s), np.float32(0))
        if not (self._still_s > FORGET_LOST_S).any():
            return
        has_lost = self._texture(luma) < LOST_TEXTURE * self._texture(scene)
        is_scene = (self._still_s > FORGET_S) | (has_lost & (self._still_s > FORGET_LOST_S))
        where = self._pixels(is_scene) > 0
        self._mean[where] = luma[where]

    def _texture(self, plane: Luma) -> Shares:
        return self.shares(opencv.apart(plane, opencv.softened(plane, 5))) + np.float32(1 / 255)

    def _pixels(self, cells: NDArray[np.bool_]) -> Luma:
        """Return the mask (H, W) of some cells; what the grid does not reach belongs to none."""
        mask = np.zeros(self._kept.shape, np.uint8)
        whole = np.repeat(np.repeat(cells, self.size_px, axis=0), self.size_px, axis=1)
        mask[: whole.shape[0], : whole.shape[1]] = np.where(whole, 255, 0)
        return mask
