"""Where the water begins on the rectified face of a staff gauge: one strip, or many of a minute.

Above the water the face has its marks, which stand still; below it the water is never quite
still, and what it mirrors is weaker. So the row at which unrest begins is looked for first, the
marks must end there, and in each sample the strongest edge close by is the waterline. A camera
that trembles unsettles the marks instead of the water: then the two must part at one row. That
pictures are judged first and the level is taken from many samples follows the edge-computing gauge
of MDPI Inventions 6(4) 79 (2021); reading a line across marks by classical means, GaugeCam (PLOS
Water, 2022).

Must not know metres or cameras.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge import opencv

Strip = opencv.Plane
Rows = NDArray[np.float64]

# A split this close to an end is none: a few rows are always a little different.
END_SHARE = 0.04
# Marks alternate with blank rows; rows are taken together over so much of the face.
SMOOTH_SHARE = 0.03
# How far around the coarse row each sample looks, and how far the edge may lie from its split.
AROUND_SHARE, EDGE_REACH_SHARE = 0.12, 0.02
# Share of all difference between rows that a split must explain, and how far its sides must differ.
LEAST_EXPLAINED, LEAST_RATIO, LEAST_LOCAL_RATIO = 0.4, 1.6, 1.35
# Unrest begins where it is this much above the quiet rows, for so much of the face.
UNREST_RATIO, UNREST_LEVELS, UNREST_SHARE = 1.35, 0.35, 0.06
# Two splits of one face agree within this share of it.
AGREE_SHARE = 0.04
# Waves unsettle the face above the still water, so the line lies a little below where unrest begins.
ABOVE_ONSET_SHARE, BELOW_ONSET_SHARE = 0.02, 0.06
# What lies right above the water must look like the face above it, in texture and in brightness.
LIKE_FACE, LIKE_BRIGHTNESS = 0.55, 0.25
# Marks that stand still below the water would be a face behind something.
FACE_BELOW = 0.75


@dataclass(frozen=True, slots=True)
class Split:
    """A row that parts a profile in two: ``explained`` of its variance, and the means of both sides."""

    row: int
    explained: float
    above: float
    below: float


def texture_of(strip: Strip) -> Rows:
    """Return how much neighbouring pixels of each row differ, over the strip's own contrast; (H,)."""
    values = strip.astype(np.float32)
    low, high = np.percentile(values, (5, 95))
    across = np.abs(np.diff(values, axis=1)).mean(axis=1)
    return _smoothed(across / max(4.0, float(high - low)))


def unrest_of(strips: Sequence[Strip]) -> Rows:
    """Return how much each row differs from sample to sample, in levels; (H,)."""
    stack = np.stack(strips).astype(np.float32)
    return _smoothed(np.abs(stack - np.median(stack, axis=0)).mean(axis=(0, 2)))


def split_of(profile: Rows) -> Split:
    """Return the row that parts ``profile`` best in two of different means (least squares)."""
    height = len(profile)
    margin = max(2, round(END_SHARE * height))
    rows = np.arange(margin, height - margin)
    sums = np.concatenate(([0.0], np.cumsum(profile)))
    above, below = sums[rows] / rows, (sums[-1] - sums[rows]) / (height - rows)
    between = rows * (height - rows) / height * (above - below) ** 2
    best = int(np.argmax(between))
    total = float(((profile - profile.mean()) ** 2).sum())
    explained = float(between[best]) / total if total > 0 else 0.0
    return Split(int(rows[best]), explained, float(above[best]), float(below[best]))


def waterlines(strips: Sequence[Strip]) -> list[float]:
    """Return the row of the waterline in each sample in which it stands out; empty: it cannot be told.

    Args:
        strips: (H, W) uint8 each, of one face, the top of the face in row 0.
    """
    row = _coarse_row(strips)
    if row is None:
        return []
    height = strips[0].shape[0]
    first, last = row - ABOVE_ONSET_SHARE * height, row + BELOW_ONSET_SHARE * height
    found = (_row_near(strip, row) for strip in strips)
    return [each for each in found if each is not None and first <= each <= last]


def _coarse_row(strips: Sequence[Strip]) -> int | None:
    """Return the row at which all samples together part into face and water."""
    still = np.median(np.stack(strips), axis=0).astype(np.uint8)
    texture, unrest = texture_of(still), unrest_of(strips)
    onset = onset_of(unrest)
    if onset is not None:
        return onset if _is_face_above(still, texture, unrest, onset) else None
    marks, moves = split_of(texture), split_of(unrest)
    is_plain = min(marks.explained, moves.explained) >= LEAST_EXPLAINED
    is_plain = is_plain and marks.above >= LEAST_RATIO * marks.below
    return marks.row if is_plain and abs(marks.row - moves.row) <= AGREE_SHARE * len(texture) else None


def onset_of(unrest: Rows) -> int | None:
    """Return the first row from which on it is less quiet than above; None when there is no such row."""
    height = len(unrest)
    margin, run = max(2, round(END_SHARE * height)), max(3, round(UNREST_SHARE * height))
    quiet = float(np.percentile(unrest[: height // 2], 20))
    is_quiet = unrest < max(UNREST_RATIO * quiet, quiet + UNREST_LEVELS)
    for row in range(margin, height - margin):
        if not is_quiet[row : row + run].any() and is_quiet[:row].mean() > 0.8:
            return row
    return None


def _is_face_above(still: Strip, texture: Rows, unrest: Rows, row: int) -> bool:
    """Tell whether the marks end at ``row``, begin right above it and are nowhere to be seen below."""
    height = len(texture)
    size = max(3, round(AROUND_SHARE * height))
    means = still.astype(np.float64).mean(axis=1)
    above, below = texture[max(0, row - size) : row].mean(), texture[row + 2 : row + size].mean()
    face, brightness = np.median(texture[:row]), np.median(means[:row])
    is_like_face = above >= LIKE_FACE * face
    is_as_bright = abs(means[max(0, row - size) : row].mean() - brightness) <= LIKE_BRIGHTNESS * brightness
    quiet = np.percentile(unrest[:row], 80) * UNREST_RATIO
    is_face_below = bool(((texture[row:] >= FACE_BELOW * face) & (unrest[row:] <= quiet)).mean() > 0.1)
    return bool(is_like_face and is_as_bright and above >= LEAST_LOCAL_RATIO * below and not is_face_below)


def _row_near(strip: Strip, row: int) -> float | None:
    """Return the waterline of one sample near the row at which all of them part."""
    reach = max(4, round(AROUND_SHARE * strip.shape[0]))
    first = max(0, row - reach)
    split = split_of(texture_of(strip)[first : row + reach])
    if split.explained < LEAST_EXPLAINED or split.above < LEAST_LOCAL_RATIO * split.below:
        return None
    return _edge_near(strip, first + split.row)


def _edge_near(strip: Strip, row: int) -> float:
    """Return the strongest change of brightness near ``row``, if it is stronger than that of the marks."""
    height = strip.shape[0]
    reach = max(2, round(EDGE_REACH_SHARE * height))
    size = max(2, reach // 2)
    sums = np.concatenate(([0.0], np.cumsum(strip.astype(np.float64).mean(axis=1))))
    rows = np.arange(size, height - size + 1)
    steps = np.abs((sums[rows] - sums[rows - size]) - (sums[rows + size] - sums[rows])) / size
    is_near = np.abs(rows - row) <= reach
    best = int(np.argmax(np.where(is_near, steps, -1.0)))
    marks = steps[rows < row - reach]
    is_plain = marks.size == 0 or steps[best] > np.percentile(marks, 75)
    return float(rows[best]) if is_plain else float(row)


def _smoothed(profile: NDArray[np.float32]) -> Rows:
    size = max(3, round(SMOOTH_SHARE * len(profile)))
    padded = np.pad(profile.astype(np.float64), size // 2, mode="edge")
    return np.convolve(padded, np.ones(size) / size, mode="valid")[: len(profile)]
