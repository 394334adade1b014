import pytest

from edge.config import Line
from edge.vision.counting.lines import Crossing, LineCounter
from edge.vision.things.blobs import Blob
from edge.vision.things.tracks import Track

ACROSS = Line(id="jalan", points=((0.0, 0.5), (1.0, 0.5)))
DOWN = Line(id="jalan", points=((0.5, 0.0), (0.5, 1.0)))
LEFT_HALF = Line(id="jalan", points=((0.0, 0.5), (0.5, 0.5)))


def counter(line: Line = ACROSS) -> LineCounter:
    return LineCounter(line, width_px=200, height_px=100)


def thing(x: float, y: float, *, size: float = 10, number: int = 1) -> Track:
    return Track(number, x, y, size, size, 10.0, hits=5, solo_hits=5, born_x=x, born_y=y)


def drive(lines: LineCounter, track: Track, *path: tuple[float, float], seq: int = 0) -> list[Crossing]:
    crossings: list[Crossing] = []
    for step, (x, y) in enumerate(path, start=seq):
        track.speed_x, track.speed_y = x - track.x, y - track.y
        track.x, track.y = x, y
        crossings += lines.see([track], pts_s=step / 10, seq=step)
    return crossings


@pytest.mark.parametrize(
    ("line", "path", "is_forward"),
    [
        (ACROSS, [(100, 30), (100, 45), (100, 70)], True),  # downwards
        (ACROSS, [(100, 70), (100, 55), (100, 30)], False),
        (DOWN, [(130, 50), (105, 50), (70, 50)], True),  # leftwards
        (DOWN, [(70, 50), (95, 50), (130, 50)], False),
    ],
)
def test_forward_is_from_the_left_of_the_line_to_its_right(
    line: Line, path: list[tuple[float, float]], is_forward: bool
) -> None:
    crossings = drive(counter(line), thing(*path[0]), *path)
    assert [crossing.is_forward for crossing in crossings] == [is_forward]


def test_a_crossing_has_the_time_at_which_the_centre_crossed() -> None:
    path = [(100.0, 40.0), (100.0, 49.0), (100.0, 50.5), (100.0, 51.0), (100.0, 60.0)]
    (crossing,) = drive(counter(), thing(100, 40, number=7), *path)
    assert (crossing.line, crossing.is_forward, crossing.seq) == ("jalan", True, 2)
    assert crossing.pts_s == pytest.approx(0.2)
    assert (crossing.track, crossing.size) == (7, pytest.approx(10 / 100))


def test_one_track_counts_once_however_often_it_turns_round_on_the_line() -> None:
    path = [(100.0, y) for y in (40, 45, 55, 60, 55, 45, 40, 45, 55, 60)]
    assert len(drive(counter(), thing(100, 40), *path)) == 1


def test_trembling_on_the_line_is_no_crossing() -> None:
    path = [(100.0, 30.0), *[(100.0, 50 + offset) for offset in (-1, 1, -1, 1, -1, 1)]]
    assert drive(counter(), thing(100, 30, size=20), *path) == []


def test_a_thing_born_on_the_line_is_not_counted() -> None:
    assert drive(counter(), thing(100, 50.5), (100, 50.5), (100, 52), (100, 70)) == []


def test_passing_beside_the_end_of_the_line_is_no_crossing() -> None:
    assert drive(counter(LEFT_HALF), thing(150, 30), (150, 30), (150, 45), (150, 70)) == []


def test_a_fragment_that_was_never_seen_by_itself_is_not_counted() -> None:
    track = thing(100, 30)
    track.solo_hits = 0
    assert drive(counter(), track, (100, 30), (100, 45), (100, 70)) == []


def test_what_is_believed_in_only_behind_the_line_is_counted_there_with_the_time_of_the_line() -> None:
    track = thing(100, 30)
    track.solo_hits = 0
    lines = counter()
    assert drive(lines, track, (100, 30), (100, 45), (100, 55), (100, 65)) == []
    track.solo_hits = 5
    (crossing,) = drive(lines, track, (100, 75), seq=4)
    assert crossing.seq == 2


def test_a_thing_that_is_only_imagined_does_not_cross() -> None:
    track = thing(100, 30)
    track.misses = 3
    assert drive(counter(), track, (100, 30), (100, 45), (100, 70)) == []


def test_flicker_that_hops_to_and_fro_does_not_cross() -> None:
    track = thing(100, 30)
    track.pace, track.drift_y = 8.0, 1.0
    assert drive(counter(), track, (100, 30), (100, 45), (100, 70)) == []


def test_a_track_that_turned_round_far_behind_the_line_counts_again() -> None:
    path = [(100.0, float(y)) for y in (20, 40, 60, 80, 95, 80, 60, 40, 20)]
    assert [c.is_forward for c in drive(counter(), thing(100, 20), *path)] == [True, False]


@pytest.mark.parametrize(("drift_y", "expected"), [(-1.0, [True, False]), (0.0, [True])])
def test_a_track_that_another_took_over_where_it_left_counts_for_the_other(
    drift_y: float, expected: list[bool]
) -> None:
    lines, track = counter(), thing(100, 30)
    crossings = drive(lines, track, *[(100.0, y) for y in (30, 45, 60, 62)])
    # It comes back, and plainly, or it only trembles there.
    track.drift_y, track.pace = drift_y, abs(drift_y)
    crossings += drive(lines, track, *[(100.0, y) for y in (60, 58, 45, 40)], seq=4)
    assert [crossing.is_forward for crossing in crossings] == expected


def test_legs_below_a_coat_cross_an_upright_line_once() -> None:
    lines = counter(DOWN)
    coat, legs = thing(70, 40, size=30), thing(70, 66, size=14, number=2)
    crossings: list[Crossing] = []
    for step, x in enumerate((70.0, 85.0, 100.0, 125.0)):
        for track in (coat, legs):
            track.speed_x, track.x = x - track.x, x
        crossings += lines.see([coat, legs], pts_s=step / 10, seq=step)
    assert len(crossings) == 1


def test_a_bumper_close_behind_its_car_is_not_counted_again() -> None:
    lines = counter()
    car = thing(100, 20, size=30)
    car.speed_y = 10
    assert len(drive(lines, car, (100, 20), (100, 30), (100, 40), (100, 60))) == 1
    bumper = thing(100, 22, size=6, number=2)
    assert drive(lines, bumper, (100, 22), (100, 32), (100, 42), (100, 54), seq=1) == []


def test_neighbours_side_by_side_are_both_counted() -> None:
    lines = counter()
    first, second = thing(60, 30), thing(76, 30, number=2)
    crossings: list[Crossing] = []
    for step, y in enumerate((30.0, 40.0, 60.0)):
        for track in (first, second):
            track.speed_y = y - track.y
            track.y = y
        crossings += lines.see([first, second], pts_s=step / 10, seq=step)
    assert len(crossings) == 2


def test_a_thing_split_from_another_inherits_where_it_came_from() -> None:
    lines = counter()
    parent = thing(100, 30)
    lines.see([parent], pts_s=0, seq=0)
    child = thing(100, 44, number=2)
    child.parent, child.born_y = 1, 30
    crossings = lines.see([parent, child], pts_s=0.1, seq=1)
    child.y = 70
    crossings += lines.see([parent, child], pts_s=0.2, seq=2)
    assert len(crossings) == 1


def test_a_region_near_the_line_is_known() -> None:
    lines = counter()
    assert lines.is_near(Blob(100, 45, 95, 40, 10, 10, 80))
    assert not lines.is_near(Blob(100, 20, 95, 15, 10, 10, 80))


@pytest.mark.parametrize(("size_below", "expected"), [(12.0, 1), (30.0, 2)])
def test_a_rider_and_his_motorcycle_that_cross_at_a_slant_are_one(size_below: float, expected: int) -> None:
    # They drift to the side on their way down: the parts cross the line at different places.
    lines = counter()
    lines.typical_px = 30
    helmet, machine = thing(40, 5, size=10, number=1), thing(40, 5 + size_below, size=12, number=2)
    crossings: list[Crossing] = []
    for seq in range(40):
        for each in (helmet, machine):
            each.speed_x, each.speed_y = 1.5, 2.0
            each.x, each.y = each.x + each.speed_x, each.y + each.speed_y
        crossings += lines.see([helmet, machine], pts_s=seq / 10, seq=seq)
    assert len(crossings) == expected
