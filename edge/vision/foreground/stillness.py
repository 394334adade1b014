"""Which things do not even breathe: what was left behind, parked, or is only a ghost of what left.

People who stand move a little all the time; ghosts and parked cars do not. The background absorbs
those, so that they do not merge with whoever passes. Must not know lines.
"""

from collections.abc import Sequence

import numpy as np

from edge import opencv
from edge.vision.things.tracks import Track

Luma = opencv.Plane

LOOK_EVERY_S = 1.0
STILL_AFTER_S = 5.0
# A pixel changed when it differs by this much; a thing lives when this share of its box did.
CHANGE = 14
LIVING_SHARE = 0.012
# What lies this close to something that lives may be a part of it.
BESIDE_SHARE = 0.3


class StillWatch:
    """Finds tracks in whose box nothing changes.

    Args:
        frame_rate_hz: how often :meth:`see` is called.
    """

    def __init__(self, frame_rate_hz: float) -> None:
        self._every = max(1, round(LOOK_EVERY_S * frame_rate_hz))
        self._until_look = 0
        self._before: Luma | None = None
        self._still_s: dict[int, float] = {}

    def see(self, frame: Luma, tracks: Sequence[Track]) -> list[Track]:
        """Return the tracks that have been perfectly still for long enough.

        Args:
            frame: (H, W) uint8, gain corrected.
            tracks: those seen in it.
        """
        self._until_look -= 1
        if self._until_look > 0:
            return []
        self._until_look = self._every
        before, self._before = self._before, frame.copy()
        if before is None or not tracks:
            return []
        changed = opencv.above(opencv.apart(frame, before), CHANGE)
        self._still_s = {
            track.number: self._still_s.get(track.number, 0.0) + LOOK_EVERY_S
            for track in tracks
            if _is_quiet(changed, track)
        }
        living = [track for track in tracks if track.number not in self._still_s]
        return [
            track
            for track in tracks
            if self._still_s.get(track.number, 0.0) >= STILL_AFTER_S
            # The feet of somebody who stands are still too.
            and not any(_is_beside(track, other) for other in living)
        ]


def box_px(track: Track, shape: tuple[int, ...], *, margin: float = 0.0) -> tuple[slice, slice]:
    """Return the rows and columns of a track's box, cut at the picture's edge."""
    half_w, half_h = track.width / 2 + margin, track.height / 2 + margin
    top, left = max(0, int(track.y - half_h)), max(0, int(track.x - half_w))
    return (
        slice(top, min(shape[0], int(np.ceil(track.y + half_h)))),
        slice(left, min(shape[1], int(np.ceil(track.x + half_w)))),
    )


def _is_beside(track: Track, other: Track) -> bool:
    reach_x = (track.width + other.width) / 2 + BESIDE_SHARE * max(track.width, other.width)
    reach_y = (track.height + other.height) / 2 + BESIDE_SHARE * max(track.height, other.height)
    return abs(track.x - other.x) < reach_x and abs(track.y - other.y) < reach_y


def _is_quiet(changed: Luma, track: Track) -> bool:
    window = changed[box_px(track, changed.shape)]
    return int(np.count_nonzero(window)) <= LIVING_SHARE * window.size
