"""Things through time: which region of this frame is which thing of the last one.

Predict, pair by the cheapest assignment, join fragments, share out merged regions, coast.
Must not know lines, backgrounds or cameras.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from edge.vision.things.assignment import FORBIDDEN, assign
from edge.vision.things.blobs import LARGE, Blob, Regions, joined
from edge.vision.things.flow import Flow
from edge.vision.things.tracks import Track

# How long a thing that cannot be seen is believed in.
COAST_S = 0.7
MOST_TRACKS = 64
SIZE_WEIGHT = 0.35
# Two poor pairs may cost more than one good one and a thing that is not seen.
UNSEEN = 1.9
# How far a thing of unknown pace may be next, at the most, by its own size.
LEAP_SIZES = 2.5
# A region holds another thing only when it is this much larger than the one it was paired with.
CROWD_GROWTH = 1.25
CLEAR_OVERLAP = 0.2
# A region completes a thing across gaps up to this share of a typical thing, when it is small.
JOINT_GAP_SHARE, SMALL_PART_SHARE = 0.15, 0.3
# A small thing this close to a large one, as a share of its size, may be a part of it.
PART_AREA_SHARE = 0.4
PART_GAP_SHARE = 0.3
PART_OFF_SHARE = 0.3


class Tracker:
    """Follows things from frame to frame.

    Args:
        frame_rate_hz: how often :meth:`step` is called.
        typical_px: size of a typical thing.
    """

    def __init__(self, *, frame_rate_hz: float, typical_px: float) -> None:
        self.tracks: list[Track] = []
        self.typical_px = typical_px
        self._rate_hz = frame_rate_hz
        self._most_misses = max(2, round(COAST_S * frame_rate_hz))
        self._next_number = 1
        self._flow = Flow()

    def step(self, regions: Regions, frames: float = 1.0) -> list[Track]:
        """Take one frame's regions in and return the tracks that were seen in it.

        Args:
            frames: how many frames of the nominal rate have passed since the last one.
        """
        for track in self.tracks:
            track.ahead = frames
        pairs = self._pairs(regions.blobs)
        free_blobs = set(range(len(regions.blobs))) - {blob for _, blob in pairs}
        crowds = self._crowds(pairs, regions.blobs)
        fragments = self._fragments(pairs, regions.blobs, free_blobs - set(crowds))
        taken = {blob for parts in fragments.values() for blob in parts} | set(crowds)
        seen = self._measure(pairs, crowds, fragments, regions)
        self._forget(seen)
        self._note_clear()
        self._renew(regions.mask.shape)
        newborn = [self._begin(regions.blobs[blob]) for blob in sorted(free_blobs - taken)]
        self.tracks += newborn[: max(0, MOST_TRACKS - len(self.tracks))]
        # One alone makes no crowd.
        self._flow.keep(regions.luma if len(self.tracks) > 1 else None, regions.mask)
        return [track for track in self.tracks if track.misses == 0]

    def drop(self, tracks: Iterable[Track]) -> None:
        """Forget ``tracks``: they have become part of the scene."""
        numbers = {track.number for track in tracks}
        self.tracks = [track for track in self.tracks if track.number not in numbers]

    def _pairs(self, blobs: Sequence[Blob]) -> list[tuple[int, int]]:
        if not blobs or not self.tracks:
            return []
        costs = [[min(UNSEEN, self._cost(track, blob)) for blob in blobs] for track in self.tracks]
        return [(track, blob) for track, blob in assign(costs) if costs[track][blob] < UNSEEN]

    def _cost(self, track: Track, blob: Blob) -> float:
        reach_x, reach_y = self._reach(track)
        off = math.hypot((blob.x - track.next_x) / reach_x, (blob.y - track.next_y) / reach_y)
        if off > 1:
            return FORBIDDEN
        growth = abs(math.log((blob.width * blob.height) / (track.width * track.height)))
        # An established thing is believed before a newborn one.
        return off + SIZE_WEIGHT * growth + (0.0 if track.is_established else 0.3)

    def _reach(self, track: Track) -> tuple[float, float]:
        speed = track.ahead * math.hypot(track.speed_x, track.speed_y)
        # However large others are, a small thing does not leap by many times its own size.
        near = min(self.typical_px, LEAP_SIZES * math.sqrt(track.width * track.height))
        slack = 0.5 * speed + 0.4 * near
        if not track.is_established:
            slack += 0.8 * near
        slack *= 1 + 0.25 * min(track.misses, 4)
        return 0.5 * track.width + slack, 0.5 * track.height + slack

    def _crowds(self, pairs: list[tuple[int, int]], blobs: Sequence[Blob]) -> dict[int, list[int]]:
        """Return, for each region that holds several things, the indexes of their tracks."""
        owner = {blob: track for track, blob in pairs}
        paired = {track for track, _ in pairs}
        crowds: dict[int, list[int]] = {}
        for index, track in enumerate(self.tracks):
            # What never moved is a ghost or a thing left behind; whoever passes takes its pixels.
            if index in paired or not track.is_thing or not track.has_moved:
                continue
            for number, blob in enumerate(blobs):
                if _holds(blob, track) and self._has_room(blob, owner.get(number)):
                    crowds.setdefault(number, [] if number not in owner else [owner[number]]).append(index)
                    break
        return crowds

    def _has_room(self, blob: Blob, owner: int | None) -> bool:
        if owner is None:
            return True
        track = self.tracks[owner]
        return track.is_merged or blob.width * blob.height > CROWD_GROWTH * track.width * track.height

    def _fragments(
        self, pairs: list[tuple[int, int]], blobs: Sequence[Blob], free: set[int]
    ) -> dict[int, list[int]]:
        """Return, for each paired track, the free regions that are parts of the same thing."""
        parts: dict[int, list[int]] = {}
        for blob in sorted(free):
            for index, main in pairs:
                track = self.tracks[index]
                if track.is_established and _completes(track, blobs[main], blobs[blob], self.typical_px):
                    parts.setdefault(index, []).append(blob)
                    break
        return parts

    def _measure(
        self,
        pairs: list[tuple[int, int]],
        crowds: dict[int, list[int]],
        fragments: dict[int, list[int]],
        regions: Regions,
    ) -> set[int]:
        crowded = {index for members in crowds.values() for index in members}
        for blob, members in crowds.items():
            self._measure_crowd(regions, regions.blobs[blob], [self.tracks[index] for index in members])
        for index, blob in pairs:
            if index not in crowded:
                parts = [regions.blobs[number] for number in (blob, *fragments.get(index, ()))]
                self.tracks[index].measure(parts[0] if len(parts) == 1 else joined(parts))
        return crowded | {index for index, _ in pairs}

    def _measure_crowd(self, regions: Regions, blob: Blob, members: Sequence[Track]) -> None:
        """Follow each by its own look, and share the region out among those of whom nothing is seen."""
        steps = [self._flow.step_of(track, regions.luma) for track in members]
        share_out(regions, blob, members, steps)

    def _forget(self, seen: Iterable[int]) -> None:
        seen = set(seen)
        for index, track in enumerate(self.tracks):
            if index not in seen:
                track.coast()
        self.tracks = [track for track in self.tracks if track.misses <= self._patience(track)]

    def _patience(self, track: Track) -> float:
        """Return for how many frames a thing is believed in unseen; one look is always allowed to fail."""
        return max(track.ahead, self._most_misses if track.is_thing else 2)

    def _note_clear(self) -> None:
        """Note who stands clear of all others; only they can be known again inside a crowd."""
        seen = [track for track in self.tracks if track.misses == 0 and not track.is_merged]
        for track in seen:
            others = [other for other in self.tracks if other is not track and other.is_established]
            if not any(
                track.overlap(other) >= CLEAR_OVERLAP or _trails(track, other, self.typical_px)
                for other in others
            ):
                track.solo_hits += 1

    def _renew(self, shape: tuple[int, ...]) -> None:
        """Who left and comes in again at once is somebody else, taken for the first one."""
        for track in self.tracks:
            if track.misses == 0 and track.returns(shape[1], shape[0]):
                track.number, track.parent = self._next_number, 0
                track.born_x, track.born_y = track.x, track.y
                self._next_number += 1

    def _begin(self, blob: Blob) -> Track:
        track = Track(
            self._next_number, blob.x, blob.y, blob.width, blob.height, self._rate_hz,
            born_x=blob.x, born_y=blob.y,
        )  # fmt: skip
        self._next_number += 1
        return track


def _holds(blob: Blob, track: Track) -> bool:
    return blob.left <= track.next_x <= blob.right and blob.top <= track.next_y <= blob.bottom


def _trails(part: Track, whole: Track, typical_px: float) -> bool:
    """Tell whether ``part`` is the smaller one of two close together that are one.

    Either much smaller, or above or below it, and both together no larger than one thing; and
    they move as one, unless it is much smaller and above or below.
    """
    area, other_area = part.width * part.height, whole.width * whole.height
    is_small = area <= PART_AREA_SHARE * other_area
    is_upon = abs(part.x - whole.x) < PART_OFF_SHARE * max(part.width, whole.width)
    is_one = is_upon and area <= other_area and area + other_area <= typical_px**2
    if not is_small and not is_one:
        return False
    near_x = (0.5 + PART_GAP_SHARE) * whole.width + 0.5 * part.width
    near_y = (0.5 + PART_GAP_SHARE) * whole.height + 0.5 * part.height
    if abs(part.x - whole.x) > near_x or abs(part.y - whole.y) > near_y:
        return False
    if is_small and is_upon:
        # Legs below a coat swing as they like.
        return True
    apart = math.hypot(part.speed_x - whole.speed_x, part.speed_y - whole.speed_y)
    return apart < 0.3 + 0.12 * math.hypot(whole.speed_x, whole.speed_y)


def _completes(track: Track, main: Blob, part: Blob, typical_px: float) -> bool:
    """Tell whether ``part`` is what is missing from ``main`` to make up the thing."""
    whole = joined((main, part))
    if whole.width > 1.2 * track.width + 2 or whole.height > 1.2 * track.height + 2:
        return False
    gap_x = max(main.left, part.left) - min(main.right, part.right)
    gap_y = max(main.top, part.top) - min(main.bottom, part.bottom)
    if max(gap_x, gap_y) > max(2.0, JOINT_GAP_SHARE * typical_px):
        return False
    is_small = part.width * part.height <= SMALL_PART_SHARE * main.width * main.height
    return is_small or whole.width * whole.height <= LARGE**2 * typical_px**2


def share_out(
    regions: Regions,
    blob: Blob,
    tracks: Sequence[Track],
    steps: Sequence[tuple[float, float] | None] = (),
) -> None:
    """Give each pixel of a merged region to the nearest expected thing, and move the things to theirs.

    Args:
        regions: the region is one of these.
        blob: the region.
        tracks: the things in it.
        steps: how far each has gone by its own look, if that is known: it goes there instead.
    """
    left, top = int(blob.left), int(blob.top)
    rows, columns = np.nonzero(regions.mask[top : int(blob.bottom), left : int(blob.right)])
    step = max(1, len(rows) // 600)
    x, y = columns[::step] + float(left), rows[::step] + float(top)
    far = [np.maximum(abs(x - t.next_x) / t.width, abs(y - t.next_y) / t.height) for t in tracks]
    nearest = np.argmin(np.stack(far), axis=0)
    for index, track in enumerate(tracks):
        mine, own = nearest == index, steps[index] if steps else None
        if own is not None:
            track.follow(*own)
        elif not np.any(mine):
            track.measure_in_crowd(track.next_x, track.next_y)
        else:
            track.measure_in_crowd(float(x[mine].mean()), float(y[mine].mean()))
