"""Where each thing stood in the last seconds: what speeds are made of. Must not know lines or metres."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.vision.stage import Look, SeenTrack

# As long as a vehicle takes through the part of the picture in which it is seen well.
KEEP_S = 3.0
# What touches the picture's edge is partly outside: where it stands cannot be seen.
EDGE = 0.01
# A thing is looked at in the middle of its box, where neighbours do not reach, and as far below it.
MIDDLE_SHARE, BELOW_SHARE = 0.3, 0.6


@dataclass(frozen=True, slots=True)
class Foot:
    """Where a thing met the ground at ``pts_s``: the middle of its lower edge, fractions of the picture.

    ``size`` is the side of a square as large as its box, over the picture's height.
    """

    pts_s: float
    x: float
    y: float
    size: float


class Trails:
    """Keeps the last ``KEEP_S`` seconds of each thing's way."""

    def __init__(self) -> None:
        self._feet: dict[int, deque[Foot]] = {}

    def see(self, tracks: Sequence[SeenTrack], look: Look, pts_s: float) -> None:
        """Note where the things of one frame are, and forget those that left."""
        for track in tracks:
            foot = _foot(track, look.foreground, pts_s)
            if foot is not None:
                self._feet.setdefault(track.number, deque()).append(foot)
        gone = []
        for number, feet in self._feet.items():
            # A source whose time jumps back begins anew.
            while feet and not 0 <= pts_s - feet[0].pts_s <= KEEP_S:
                feet.popleft()
            if not feet:
                gone.append(number)
        for number in gone:
            del self._feet[number]

    def of(self, number: int) -> tuple[Foot, ...]:
        """Return the way of one thing, oldest first; empty when it is not known."""
        return tuple(self._feet.get(number, ()))

    @property
    def ways(self) -> tuple[tuple[Foot, ...], ...]:
        """The ways of all things that were seen in the last seconds."""
        return tuple(map(tuple, self._feet.values()))


def _foot(track: SeenTrack, foreground: opencv.Plane, pts_s: float) -> Foot | None:
    """Return where a thing meets the ground; a track's own box follows growth too slowly for that."""
    height, width = foreground.shape
    middle, reach = track.x * width, max(1.0, MIDDLE_SHARE * track.width * width)
    left, right = max(0, int(middle - reach)), int(middle + reach) + 1
    first = min(max(0, int(track.y * height)), height - 1)
    last = int((track.y + (0.5 + BELOW_SHARE) * track.height) * height) + 1
    is_bare = foreground[first : last + 1, left:right].max(axis=1, initial=0) == 0
    if not is_bare.size or is_bare[0]:
        return None
    below = int(np.argmax(is_bare)) if is_bare.any() else is_bare.size
    y = (first + below) / height
    if y > 1 - EDGE or not EDGE < track.x - track.width / 2 < track.x + track.width / 2 < 1 - EDGE:
        return None
    return Foot(pts_s, track.x, y, (track.width * width * track.height * height) ** 0.5 / height)
