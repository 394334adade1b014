"""Where things stood."""

import numpy as np

from edge.vision.measures.trails import KEEP_S, Trails
from edge.vision.stage import SeenTrack
from tests.edge.vision.measures.pictures import look


def body(left: int, top: int, *, width: int = 20, height: int = 30) -> np.ndarray:
    mask = np.zeros((180, 320), np.uint8)
    mask[top : top + height, left : left + width] = 255
    return mask


def track(left: int, top: int, number: int = 1, *, width: int = 20, height: int = 30) -> SeenTrack:
    return SeenTrack(number, (left + width / 2) / 320, (top + height / 2) / 180, width / 320, height / 180)


def see(trails: Trails, mask: np.ndarray, tracks: list[SeenTrack], pts_s: float) -> None:
    trails.see(tracks, look(np.zeros_like(mask), foreground=mask), pts_s)


def test_a_thing_stands_on_the_lowest_row_that_it_covers() -> None:
    trails = Trails()
    # The track's own box is still too small: the thing grew faster than it follows.
    see(trails, body(100, 60, height=40), [track(100, 60, height=30)], 0.0)
    (foot,) = trails.of(1)
    assert foot.y == 100 / 180
    assert foot.x == 110 / 320


def test_a_gap_below_ends_it() -> None:
    trails = Trails()
    mask = body(100, 60) | body(100, 93, height=20)
    see(trails, mask, [track(100, 60)], 0.0)
    assert trails.of(1)[0].y == 90 / 180


def test_what_touches_the_edge_or_is_not_there_says_nothing() -> None:
    trails = Trails()
    see(trails, body(100, 150), [track(100, 150)], 0.0)
    see(trails, body(0, 60), [track(0, 60, 2)], 0.0)
    see(trails, body(200, 60), [track(100, 60, 3), track(100, 400, 4)], 0.0)
    assert trails.ways == ()


def test_only_the_last_seconds_are_kept_and_a_jump_back_begins_anew() -> None:
    trails = Trails()
    for number in range(50):
        see(trails, body(100, 60), [track(100, 60)], number / 10)
    times = [foot.pts_s for foot in trails.of(1)]
    assert times[-1] - times[0] <= KEEP_S
    see(trails, body(100, 60), [track(100, 60)], 1.0)
    assert [foot.pts_s for foot in trails.of(1)] == [1.0] or trails.of(1)[-1].pts_s == 1.0
    see(trails, body(100, 60), [], 60.0)
    assert trails.of(1) == ()
