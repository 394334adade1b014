from collections.abc import Callable, Iterable

import numpy as np

from edge.vision.things.blobs import Regions, find_regions
from edge.vision.things.tracker import MOST_TRACKS, Tracker
from edge.vision.things.tracks import Track

Box = tuple[float, float, float, float]


def regions(*boxes: Box) -> Regions:
    mask = np.zeros((200, 400), np.uint8)
    for x, y, width, height in boxes:
        left, top = round(x - width / 2), round(y - height / 2)
        mask[max(0, top) : top + round(height), max(0, left) : left + round(width)] = 255
    return find_regions(mask, mask, least_area_px=10)


def follow(tracker: Tracker, scene: Callable[[int], Iterable[Box]], frames: range) -> list[Track]:
    seen: list[Track] = []
    for frame in frames:
        seen = tracker.step(regions(*scene(frame)))
    return seen


def tracker() -> Tracker:
    return Tracker(frame_rate_hz=10, typical_px=20)


def test_a_thing_keeps_its_number_and_its_speed_is_learnt() -> None:
    follower = tracker()
    seen = follow(follower, lambda t: [(40 + 8 * t, 100, 20, 20)], range(12))
    assert [track.number for track in seen] == [1]
    assert abs(seen[0].speed_x - 8) < 0.5
    assert seen[0].is_thing


def test_things_that_pass_each_other_in_two_directions_are_not_swapped() -> None:
    follower = tracker()
    scene = lambda t: [(60 + 10 * t, 95, 18, 12), (300 - 10 * t, 112, 18, 12)]  # noqa: E731  # reads as a table
    follow(follower, scene, range(4))
    first = {round(track.y): track.number for track in follower.tracks}
    follow(follower, scene, range(4, 20))
    assert {round(track.y): track.number for track in follower.tracks} == first


def test_two_things_that_merge_and_part_again_keep_their_numbers() -> None:
    follower = tracker()
    # The second one overtakes; for some frames both are one region.
    scene = lambda t: [(120 + 6 * t, 100, 24, 16), (40 + 12 * t, 108, 24, 16)]  # noqa: E731  # reads as a table
    follow(follower, scene, range(8))
    slow, fast = (track.number for track in sorted(follower.tracks, key=lambda track: track.speed_x))
    seen = follow(follower, scene, range(8, 21))
    at_end = sorted(seen, key=lambda track: track.x)
    assert [track.number for track in at_end] == [slow, fast]


def test_a_thing_that_cannot_be_seen_for_a_moment_is_found_again() -> None:
    follower = tracker()
    hidden = range(8, 11)
    seen = follow(follower, lambda t: [] if t in hidden else [(40 + 8 * t, 100, 20, 20)], range(16))
    assert [track.number for track in seen] == [1]


def test_a_thing_that_is_gone_is_forgotten() -> None:
    follower = tracker()
    follow(follower, lambda t: [(40 + 8 * t, 100, 20, 20)] if t < 6 else [], range(20))
    assert follower.tracks == []


def test_a_piece_that_breaks_off_is_still_part_of_the_thing() -> None:
    follower = Tracker(frame_rate_hz=10, typical_px=30)
    follow(follower, lambda t: [(60 + 5 * t, 100, 40, 30)], range(8))
    broken = lambda t: [(51 + 5 * t, 100, 20, 30), (70 + 5 * t, 100, 14, 30)]  # noqa: E731  # reads as a table
    follow(follower, broken, range(8, 12))
    assert len(follower.tracks) == 1


def test_a_bumper_that_moves_with_its_car_is_never_a_thing_of_its_own() -> None:
    follower = tracker()
    follow(follower, lambda t: [(100, 40 + 6 * t, 40, 40), (100, 68 + 6 * t, 30, 4)], range(14))
    assert sum(track.is_thing for track in follower.tracks) == 1


def test_there_is_a_limit_to_what_is_followed() -> None:
    follower = tracker()
    boxes = [(10.0 + 14 * (i % 27), 10.0 + 14 * (i // 27), 8.0, 8.0) for i in range(120)]
    follower.step(regions(*boxes))
    assert len(follower.tracks) == MOST_TRACKS


def test_what_became_part_of_the_scene_is_dropped() -> None:
    follower = tracker()
    follow(follower, lambda t: [(100, 100, 20, 20)], range(5))
    follower.drop(list(follower.tracks))
    assert follower.tracks == []


def test_who_comes_in_where_another_left_is_somebody_else() -> None:
    tracker = Tracker(frame_rate_hz=10, typical_px=20)
    (leaver,) = follow(tracker, lambda frame: [(200, 60 - 4 * frame, 20, 20)], range(14))
    assert (leaver.number, leaver.is_leaving) == (1, True)
    # Only a part of it was in the picture any more, and a part of another is there now.
    leaver.drift_y, leaver.speed_y = 2.0, 0.0
    (comer,) = tracker.step(regions((200, 5, 20, 10)))
    assert (comer.number, comer.is_leaving) == (2, False)
    assert (comer.born_x, comer.born_y) == (comer.x, comer.y)


def test_who_turns_round_inside_the_picture_stays_the_same() -> None:
    tracker = Tracker(frame_rate_hz=10, typical_px=20)
    (track,) = follow(tracker, lambda frame: [(200, 100 - 4 * min(frame, 20 - frame), 20, 20)], range(20))
    assert track.number == 1


def test_nobody_is_somebody_else_right_after_a_crowd() -> None:
    tracker = Tracker(frame_rate_hz=10, typical_px=20)
    (leaver,) = follow(tracker, lambda frame: [(200, 60 - 4 * frame, 20, 20)], range(14))
    leaver.clear_frames, leaver.drift_y, leaver.speed_y = 2, 2.0, 0.0
    (same,) = tracker.step(regions((200, 5, 20, 10)))
    assert same.number == 1


def test_a_small_thing_does_not_leap_by_many_times_its_size() -> None:
    # On a street of lorries specks that come and go far apart are not one thing that flies.
    follower = Tracker(frame_rate_hz=10, typical_px=100)
    follow(follower, lambda t: [(60, 60, 8, 8)], range(5))
    seen = follow(follower, lambda t: [(88, 60, 8, 8)], range(1))
    assert [track.number for track in seen] == [2]


def test_a_thing_that_vanishes_takes_nobody_elses_place() -> None:
    # A car beside a lorry is lost in its shadow for a frame, just as another one appears behind: the car
    # is not to become the lorry, and the lorry the other one.
    follower = Tracker(frame_rate_hz=10, typical_px=40)
    follow(follower, lambda t: [(200, 60 + 4 * t, 30, 80), (225, 140 - 4 * t, 16, 16)], range(10))
    lorry = next(track.number for track in follower.tracks if track.height > 50)
    seen = follow(follower, lambda t: [(200, 60 + 4 * t, 30, 80), (206, 44, 12, 12)], range(10, 12))
    assert [track.number for track in seen if track.height > 50] == [lorry]
