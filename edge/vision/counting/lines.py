"""Who crosses a line, and which way.

Forward is from the left of the line to its right, seen from its first point. The picture is
looked at as it is, y growing downwards: for a line from (0, 0.5) to (1, 0.5), whoever stands at
its first point and looks along it has the upper half on the left, so forward is **downwards**;
from (0.5, 0) to (0.5, 1) one looks down, the right half is on the left, and forward is **leftwards**.

Must not know what crosses: it sees centres and extents.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from edge.config import Line
from edge.vision.counting.shapes import UsualShapes
from edge.vision.things.blobs import Blob
from edge.vision.things.tracks import Track

# Shares of the thing's own extent across the line.
LEAVE_SHARE = 0.12
BIRTH_SHARE = 0.25
TRAVEL_SHARE = 0.4
AWAY_EXTENTS, TURNED_EXTENTS = 2.0, 0.75
LEAST_HYSTERESIS_PX = 1.0
# A thing's centre may pass beside the end of the line by this share of its extent along it.
END_SHARE = 0.15
# Fragments: up to this share of the larger one's area, and gaps as shares of its extent.
PART_AREA_SHARE = 0.35
PART_GAP_SHARE, LIKE_GAP_SHARE = 0.3, -0.35


@dataclass(frozen=True, slots=True)
class Crossing:
    """A thing crossed ``line``; ``pts_s`` and ``seq`` are of the frame in which its centre did.

    ``seq`` counts the frames given to the analysis, from 0. ``track`` is the number of the thing,
    ``size`` the side of a square as large as its box, over the picture's height.
    """

    line: str
    is_forward: bool
    pts_s: float
    seq: int
    track: int = 0
    size: float = 0.0


@dataclass(slots=True)
class _Passage:
    """How far one track is with one line."""

    side: int = 0
    last_distance: float = 0.0
    touched: tuple[float, int] = (0.0, 0)
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class _Counted:
    """A crossing of the last seconds, kept to recognise fragments of the same thing."""

    is_forward: bool
    pts_s: float
    along_px: float
    extent_along_px: float
    extent_across_px: float
    speed_px_s: float
    drift_px_s: float
    is_line_upright: bool

    @property
    def area_px(self) -> float:
        """Box of the thing."""
        return self.extent_along_px * self.extent_across_px


class LineCounter:
    """Counts the crossings of one line in a picture of ``width_px`` by ``height_px``."""

    def __init__(self, line: Line, *, width_px: int, height_px: int) -> None:
        (first_x, first_y), (second_x, second_y) = line.points
        self._id = line.id
        self._height_px = height_px
        self._x, self._y = first_x * width_px, first_y * height_px
        across, down = second_x * width_px - self._x, second_y * height_px - self._y
        self._length = math.hypot(across, down)
        self._along = (across / self._length, down / self._length)
        self._passages: dict[int, _Passage] = {}
        self._recent: list[_Counted] = []
        self._shapes = UsualShapes()
        # Side of a typical thing, as far as it is known.
        self.typical_px = 0.0

    def distance(self, x: float, y: float) -> float:
        """Return how far right of the line a point lies, in pixels; negative is left."""
        return self._along[0] * (y - self._y) - self._along[1] * (x - self._x)

    def along(self, x: float, y: float) -> float:
        """Return how far along the line a point lies, in pixels from its first point."""
        return self._along[0] * (x - self._x) + self._along[1] * (y - self._y)

    def extent_across(self, track: Track) -> float:
        """Return how far a thing reaches at right angles to the line, in pixels."""
        return abs(self._along[1]) * track.width + abs(self._along[0]) * track.height

    def extent_along(self, track: Track) -> float:
        """Return how far a thing reaches along the line, in pixels."""
        return abs(self._along[0]) * track.width + abs(self._along[1]) * track.height

    def is_near(self, blob: Blob | Track) -> bool:
        """Tell whether a region touches the line, or would after a step of its own size."""
        reach = abs(self._along[1]) * blob.width + abs(self._along[0]) * blob.height
        is_beside = 0 <= self.along(blob.x, blob.y) <= self._length
        return is_beside and abs(self.distance(blob.x, blob.y)) <= reach

    def see(self, tracks: Iterable[Track], *, pts_s: float, seq: int) -> list[Crossing]:
        """Return the crossings that became certain with this frame."""
        tracks = list(tracks)
        self._passages = {t.number: self._passages.get(t.number) or self._begin(t) for t in tracks}
        crossings = []
        for track in tracks:
            crossing = self._follow(track, self._passages[track.number], pts_s, seq)
            if crossing is not None:
                crossings.append(crossing)
        return crossings

    def _most_across_px(self, along_px: float) -> float:
        is_line_upright = abs(self._along[1]) > 0.7
        return self._shapes.most_across_px(along_px, self.typical_px, is_line_upright=is_line_upright)

    def _begin(self, track: Track) -> _Passage:
        parent = self._passages.get(track.parent)
        distance = self.distance(track.x, track.y)
        if parent is not None:
            return _Passage(parent.side, distance, parent.touched, parent.is_counted)
        return _Passage(0, distance)

    def _follow(self, track: Track, passage: _Passage, pts_s: float, seq: int) -> Crossing | None:
        distance = self.distance(track.x, track.y)
        if distance * passage.last_distance <= 0:
            passage.touched = (pts_s, seq)
        passage.last_distance = distance
        extent = self.extent_across(track)
        if abs(distance) > (TURNED_EXTENTS if self._comes_back(track, distance) else AWAY_EXTENTS) * extent:
            # Far from the line it may have turned round, or be taken for another that comes back.
            passage.is_counted = False
        share = BIRTH_SHARE if passage.side == 0 else LEAVE_SHARE
        if abs(distance) < max(LEAST_HYSTERESIS_PX, share * extent):
            return None
        side = 1 if distance > 0 else -1
        is_crossing = passage.side not in (0, side) and not passage.is_counted and self._is_beside(track)
        if is_crossing and not self._is_believed(track):
            # Perhaps it will be: who enters a crowd at once is known for a thing only behind the line.
            return None
        passage.side = side
        if not is_crossing:
            return None
        passage.is_counted = True
        return self._count(track, passage)

    def _comes_back(self, track: Track, distance: float) -> bool:
        """Tell whether a thing plainly moves towards the line."""
        drift = self._along[0] * track.drift_y - self._along[1] * track.drift_x
        return track.is_purposeful and distance * drift < 0

    def _is_beside(self, track: Track) -> bool:
        margin = END_SHARE * self.extent_along(track)
        return -margin <= self.along(track.x, track.y) <= self._length + margin

    def _is_believed(self, track: Track) -> bool:
        is_far = track.travelled_px >= TRAVEL_SHARE * self.extent_across(track)
        return track.misses == 0 and track.is_thing and track.is_purposeful and is_far

    def _count(self, track: Track, passage: _Passage) -> Crossing | None:
        pts_s, seq = passage.touched
        counted = _Counted(
            is_forward=passage.side > 0,
            pts_s=pts_s,
            along_px=self.along(track.x, track.y),
            extent_along_px=self.extent_along(track),
            extent_across_px=self.extent_across(track),
            speed_px_s=abs(self._along[0] * track.speed_y - self._along[1] * track.speed_x) * track.rate_hz,
            drift_px_s=(self._along[0] * track.speed_x + self._along[1] * track.speed_y) * track.rate_hz,
            is_line_upright=abs(self._along[1]) > 0.7,
        )
        self._recent = [old for old in self._recent if pts_s - old.pts_s < 3.0]
        if any(_is_same_thing(counted, old, self._most_across_px) for old in self._recent):
            return None
        self._recent.append(counted)
        self._shapes.add(counted.extent_along_px, counted.extent_across_px)
        size = math.sqrt(track.width * track.height) / self._height_px
        return Crossing(self._id, counted.is_forward, pts_s, seq, track.number, size)


def _is_same_thing(new: _Counted, old: _Counted, most_across_px: Callable[[float], float]) -> bool:
    """Tell a fragment of what was just counted from its neighbour, by the larger one's extents."""
    if new.is_forward != old.is_forward:
        return False
    speed = max(new.speed_px_s, old.speed_px_s)
    large, small = sorted((new, old), key=lambda each: -each.area_px)
    # What crosses at a slant crosses elsewhere with each of its parts.
    drifted_px = (new.pts_s - old.pts_s) * (new.drift_px_s + old.drift_px_s) / 2
    beside_px = abs(new.along_px - old.along_px - drifted_px)
    # One upon the other is a part, as legs below a coat; side by side is a neighbour.
    reach_px = 0.5 * large.extent_along_px
    if new.is_line_upright:
        reach_px += 0.5 * small.extent_along_px + PART_GAP_SHARE * small.extent_along_px
    if beside_px > reach_px:
        return False
    gap_px = abs(new.pts_s - old.pts_s) * speed - (large.extent_across_px + small.extent_across_px) / 2
    both_px = gap_px + large.extent_across_px + small.extent_across_px
    if both_px <= most_across_px(max(new.extent_along_px, old.extent_along_px)):
        return True
    # A bumper trails its car closely; a second vehicle of like size keeps its distance.
    is_part = small.area_px < PART_AREA_SHARE * large.area_px
    return gap_px < (PART_GAP_SHARE if is_part else LIKE_GAP_SHARE) * large.extent_across_px
