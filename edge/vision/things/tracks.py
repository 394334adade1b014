"""One thing on its way through the picture. Must not know lines or backgrounds."""

import math
from dataclasses import dataclass

from edge.vision.things.blobs import Blob

POSITION_GAIN = 0.65
SPEED_GAIN = 0.3
SIZE_GAIN = 0.2
# Inside a merged region a measurement is a guess: it may only nudge.
MERGED_POSITION_GAIN = 0.3
MERGED_SPEED_GAIN = 0.08
# Its own look is no guess.
FLOW_POSITION_GAIN = 0.9
ESTABLISHED_HITS = 3
LEAST_PRESENCE = 0.5
LEAST_STRAIGHT_SHARE = 0.5
MOVED_SHARE = 0.2
# At the edge of the picture is what is this near; it goes in or out when it drifts so fast, and has
# been outside of crowds for so long.
EDGE_PX, PLAIN_DRIFT_PX, CLEAR_S = 2.0, 0.3, 0.6
# Weight of the newest step in what counts as recent.
RECENT = 0.15


@dataclass(slots=True)
class Track:
    """Centre, speed in pixels a frame of the nominal rate, and size of one thing.

    ``ahead`` is how many such frames lie between the last look and the one that is due; ``hits``
    frames it was measured in, ``presence`` the recent share of such, ``solo_hits`` those in which
    it stood clear of all others, ``drift_x``, ``drift_y``, ``pace`` its recent steps with and
    without sign, ``misses`` nominal frames since; ``parent`` is the number of the track it split
    from, 0 for none; ``born_x``, ``born_y`` where it was first seen; ``is_leaving`` at the picture's edge;
    ``clear_frames`` since it was last in a merged region.
    """

    number: int
    x: float
    y: float
    width: float
    height: float
    rate_hz: float
    speed_x: float = 0.0
    speed_y: float = 0.0
    hits: int = 1
    solo_hits: int = 0
    misses: float = 0.0
    ahead: float = 1.0
    parent: int = 0
    born_x: float = 0.0
    born_y: float = 0.0
    drift_x: float = 0.0
    drift_y: float = 0.0
    pace: float = 0.0
    presence: float = 1.0
    is_merged: bool = False
    has_moved: bool = False
    is_leaving: bool = False
    clear_frames: int = 0

    @property
    def is_established(self) -> bool:
        """Seen often enough to be a thing rather than a flicker."""
        return self.hits >= ESTABLISHED_HITS

    @property
    def is_thing(self) -> bool:
        """Seen by itself for a while: no fragment of something else."""
        return self.solo_hits >= ESTABLISHED_HITS

    def overlap(self, other: "Track") -> float:
        """Return the share of the smaller one's box that lies in the other's."""
        across = (self.width + other.width) / 2 - abs(self.x - other.x)
        down = (self.height + other.height) / 2 - abs(self.y - other.y)
        smaller = min(self.width * self.height, other.width * other.height)
        across, down = min(across, self.width, other.width), min(down, self.height, other.height)
        return max(0.0, across) * max(0.0, down) / smaller

    @property
    def travelled_px(self) -> float:
        """Distance from where it was born."""
        return math.hypot(self.x - self.born_x, self.y - self.born_y)

    @property
    def is_purposeful(self) -> bool:
        """Seen most of the time and going somewhere: flicker along an edge hops to and fro."""
        is_seen = self.presence >= LEAST_PRESENCE
        return is_seen and math.hypot(self.drift_x, self.drift_y) >= LEAST_STRAIGHT_SHARE * self.pace

    @property
    def next_x(self) -> float:
        """Where its centre is expected in the next frame."""
        return self.x + self.ahead * self.speed_x

    @property
    def next_y(self) -> float:
        """Where its centre is expected in the next frame."""
        return self.y + self.ahead * self.speed_y

    def returns(self, width_px: int, height_px: int) -> bool:
        """Tell whether it was leaving the picture and comes in again: then it is another thing by now.

        Call it once a frame.
        """
        outwards = self._outwards(width_px, height_px)
        # What was in a crowd a moment ago has anybody's outline.
        if outwards is None or self.clear_frames < CLEAR_S * self.rate_hz:
            self.is_leaving = False
        elif outwards > PLAIN_DRIFT_PX:
            self.is_leaving = True
        elif self.is_leaving and outwards < -PLAIN_DRIFT_PX:
            self.is_leaving = False
            return True
        return False

    def _outwards(self, width_px: int, height_px: int) -> float | None:
        """Return how fast it drifts out of the picture at whose edge it is; None when it is at none."""
        half_w, half_h = self.width / 2 + EDGE_PX, self.height / 2 + EDGE_PX
        edges = (
            (self.y < half_h, -self.drift_y),
            (self.y > height_px - half_h, self.drift_y),
            (self.x < half_w, -self.drift_x),
            (self.x > width_px - half_w, self.drift_x),
        )
        drifts = [drift for is_at, drift in edges if is_at]
        return max(drifts, key=abs) if drifts else None

    def measure(self, blob: Blob) -> None:
        """Move to a region that is this thing and nothing else."""
        self._correct(blob.x, blob.y, POSITION_GAIN, self._speed_gain())
        # A thing that enters the picture grows fast, one that leaves it shrinks: follow growth faster.
        self.width += (2 if blob.width > self.width else 1) * SIZE_GAIN * (blob.width - self.width)
        self.height += (2 if blob.height > self.height else 1) * SIZE_GAIN * (blob.height - self.height)
        self.is_merged = False
        self.clear_frames += 1

    def measure_in_crowd(self, x: float, y: float) -> None:
        """Move a little to where its share of a merged region seems to be; the size stays."""
        self._correct(x, y, MERGED_POSITION_GAIN, MERGED_SPEED_GAIN)
        self.is_merged, self.clear_frames = True, 0

    def follow(self, right: float, down: float) -> None:
        """Go as far as its own look went inside a merged region; the size stays."""
        self._correct(self.x + right, self.y + down, FLOW_POSITION_GAIN, SPEED_GAIN)
        self.is_merged, self.clear_frames = True, 0

    def coast(self) -> None:
        """Go on as before, unseen."""
        self.x, self.y = self.next_x, self.next_y
        self.presence -= RECENT * self.presence
        self.misses += self.ahead

    def _speed_gain(self) -> float:
        # The first displacement is all one knows; later ones are averaged.
        return max(SPEED_GAIN, 1.0 / self.hits)

    def _correct(self, x: float, y: float, position_gain: float, speed_gain: float) -> None:
        off_x, off_y = x - self.next_x, y - self.next_y
        was_x, was_y = self.x, self.y
        self.x, self.y = self.next_x + position_gain * off_x, self.next_y + position_gain * off_y
        self.has_moved = self.has_moved or self.travelled_px > MOVED_SHARE * max(self.width, self.height)
        step_x, step_y = self.x - was_x, self.y - was_y
        self.drift_x += RECENT * (step_x - self.drift_x)
        self.drift_y += RECENT * (step_y - self.drift_y)
        self.pace += RECENT * (math.hypot(step_x, step_y) - self.pace)
        self.presence += RECENT * (1 - self.presence)
        self.speed_x += speed_gain * off_x / self.ahead
        self.speed_y += speed_gain * off_y / self.ahead
        self.hits += 1
        self.misses = 0.0
