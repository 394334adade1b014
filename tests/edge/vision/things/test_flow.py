"""Things that have one outline are followed by their own look."""

import numpy as np
import pytest

from edge.vision.things.blobs import Blob, Regions
from edge.vision.things.flow import Flow
from edge.vision.things.tracker import Tracker
from edge.vision.things.tracks import Track

Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
WIDE, HIGH = 30, 40
_PAINT = np.random.default_rng(5).integers(20, 235, (2, HIGH // 4, WIDE // 5), np.uint8)
PAINTS = [np.kron(paint, np.ones((4, 5), np.uint8)) for paint in _PAINT]


def meeting(number: int) -> tuple[Luma, Luma]:
    """Return picture and mask: one drives down, one up beside it, and a shadow joins them."""
    luma, mask = np.full((180, 160), 90, np.uint8), np.zeros((180, 160), np.uint8)
    for paint, left, top in ((PAINTS[0], 40, 4 + 4 * number), (PAINTS[1], 80, 136 - 4 * number)):
        luma[top : top + HIGH, left : left + WIDE] = paint
        mask[top : top + HIGH, left : left + WIDE] = 255
    return luma, mask


def blob(left: int, top: int, right: int, bottom: int) -> Blob:
    width, height = right - left, bottom - top
    return Blob(left + width / 2, top + height / 2, left, top, width, height, width * height)


def track(x: float, y: float, *, speed_y: float) -> Track:
    return Track(1, x, y, WIDE, HIGH, 10.0, speed_y=speed_y)


@pytest.mark.parametrize(("x", "y", "step"), [(55.0, 24.0, 4.0), (95.0, 156.0, -4.0)])
def test_each_is_found_where_it_went(x: float, y: float, step: float) -> None:
    flow = Flow()
    flow.keep(*meeting(0))
    went = flow.step_of(track(x, y, speed_y=step), meeting(1)[0])
    assert went == pytest.approx((0.0, step), abs=0.3)


def test_what_nobody_expects_to_go_there_is_somebody_else() -> None:
    flow = Flow()
    flow.keep(*meeting(0))
    assert flow.step_of(track(55, 24, speed_y=-6.0), meeting(1)[0]) is None


def test_nothing_is_said_without_a_picture_before_or_outside_of_what_moves() -> None:
    flow, (luma, mask) = Flow(), meeting(0)
    assert flow.step_of(track(55, 24, speed_y=4.0), luma) is None
    flow.keep(luma, mask)
    assert flow.step_of(track(120, 90, speed_y=0.0), luma) is None
    assert flow.step_of(track(55, 24, speed_y=4.0), luma[:90]) is None
    flow.keep(None, mask)
    assert flow.step_of(track(55, 24, speed_y=4.0), luma) is None


def test_two_that_pass_each_other_in_one_region_go_on_their_ways() -> None:
    tracker = Tracker(frame_rate_hz=10.0, typical_px=35.0)
    for number in range(28):
        luma, mask = meeting(number)
        down, up = 4 + 4 * number, 136 - 4 * number
        if 8 <= number <= 24:  # one outline from top to bottom
            blobs = [blob(40, min(down, up), 110, max(down, up) + HIGH)]
        else:
            blobs = [blob(40, down, 70, down + HIGH), blob(80, up, 110, up + HIGH)]
        tracker.step(Regions(tuple(blobs), mask, luma))
        if number == 7:
            numbers = {each.number: each.x for each in tracker.tracks}
    assert {each.number for each in tracker.tracks} == set(numbers)
    for each in tracker.tracks:
        assert each.x == pytest.approx(numbers[each.number], abs=4)
        assert each.y == pytest.approx(4 + 4 * 27 + 20 if each.x < 75 else 136 - 4 * 27 + 20, abs=4)
