"""How far a thing inside a merged region moved, by its own look: edges go on where outlines say nothing.

Must not know regions or who is in a crowd with whom.
"""

import numpy as np

from edge import opencv
from edge.vision.things.tracks import Track

Luma = opencv.Plane

# So many points across and down a thing, over this share of its box; the window around each.
POINTS, INNER_SHARE, WINDOW_PX = 7, 0.8, 9
# How far from its middle a thing's parts are looked for, by its size.
MARGIN_SHARE = 0.9
# Fewer points that agree say nothing.
LEAST_POINTS, LEAST_SHARE = 4, 0.25
# Points agree with what is expected when they are off by less than this, in pixels and of the speed.
AGREE_PX, AGREE_SHARE = 1.5, 0.5
# Points go together when their steps differ by less; what was not expected needs more of them.
TOGETHER_PX, SURPRISE = 1.0, 0.6
# From here on it is known which way a thing goes.
PLAIN_PACE_PX = 0.7


class Flow:
    """Remembers the last picture, and finds the parts of things of it in the next."""

    def __init__(self) -> None:
        self._luma: Luma | None = None
        self._mask: Luma | None = None

    def keep(self, luma: Luma | None, mask: Luma) -> None:
        """Remember a picture, (H, W) uint8 each; ``mask`` is 255 where something is. None forgets."""
        self._luma = None if luma is None else luma.copy()
        self._mask = mask

    def step_of(self, track: Track, luma: Luma | None) -> tuple[float, float] | None:
        """Return how far (right, down) a thing of the last picture moved; None: that cannot be seen."""
        before, mask = self._luma, self._mask
        if before is None or mask is None or luma is None or before.shape != luma.shape:
            return None
        points = _points_of(track, mask)
        if len(points) < LEAST_POINTS:
            return None
        # The rest of the picture need not be looked at.
        around = _around(track, luma.shape)
        corner = np.array((around[1].start, around[0].start), np.float32)
        steps, is_found = opencv.flow_between(before[around], luma[around], points - corner, WINDOW_PX)
        return _common(steps[is_found], track)


def _around(track: Track, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the rows and columns in which the parts of a thing are, and will be."""
    half_w, half_h = (MARGIN_SHARE * side + 2 * WINDOW_PX for side in (track.width, track.height))
    return (
        slice(max(0, int(track.y - half_h)), min(shape[0], int(track.y + half_h))),
        slice(max(0, int(track.x - half_w)), min(shape[1], int(track.x + half_w))),
    )


def _points_of(track: Track, mask: Luma) -> opencv.Real:
    """Return points (N, 2) of what is set in ``mask``, spread over the thing."""
    shares = np.linspace(-INNER_SHARE / 2, INNER_SHARE / 2, POINTS)
    grid = np.meshgrid(track.x + shares * track.width, track.y + shares * track.height)
    x, y = grid[0].ravel(), grid[1].ravel()
    is_inside = (x >= 0) & (y >= 0) & (x < mask.shape[1] - 1) & (y < mask.shape[0] - 1)
    x, y = x[is_inside], y[is_inside]
    is_set = mask[y.astype(int), x.astype(int)] > 0
    return np.stack((x[is_set], y[is_set]), axis=1).astype(np.float32)


def _common(steps: opencv.Real, track: Track) -> tuple[float, float] | None:
    """Return the step that most of the points made together, those before others that go as expected."""
    if len(steps) < LEAST_POINTS:
        return None
    expected = np.array((track.ahead * track.speed_x, track.ahead * track.speed_y), np.float32)
    pace = float(np.hypot(*expected))
    apart_x, apart_y = (np.subtract.outer(each, each) for each in steps.T)
    together = apart_x * apart_x + apart_y * apart_y < TOGETHER_PX**2
    is_expected = np.hypot(*(steps - expected).T) < max(AGREE_PX, AGREE_SHARE * pace)
    votes = together.sum(axis=1) * np.where(is_expected, 1.0, SURPRISE)
    if pace >= PLAIN_PACE_PX:
        # Whoever goes the other way in the same place is somebody else, and what stands is the street.
        votes[steps @ expected <= 0.2 * pace**2] = 0
    best = int(votes.argmax())
    if votes[best] < max(LEAST_POINTS, LEAST_SHARE * len(steps)):
        return None
    right, down = np.median(steps[together[best]], axis=0).tolist()
    return right, down
