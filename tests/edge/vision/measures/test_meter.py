"""One set of measures a view: who looks how often, and at what."""

import numpy as np
import pytest

from edge.config import Gauge, Ground, Line, View, Zone
from edge.vision.analysis import Seen
from edge.vision.counting.lines import Crossing
from edge.vision.measures.meter import READ_EVERY_S, CrossingSpeed, Measured, SceneMeter, is_measurable
from edge.vision.stage import SeenTrack
from edge.wire.records.bodies import GaugeState, PictureState
from tests.edge.vision.measures.pictures import look

CORNERS = ((0.4, 0.1), (0.5, 0.1), (0.5, 0.9), (0.4, 0.9))
VIEW = View(
    lines=(Line(id="a", points=((0.5, 0.0), (0.5, 1.0))),),
    zones=(Zone(id="z", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),),
    gauges=(Gauge(id="g", corners=CORNERS, top_m=2.0, bottom_m=0.0),),
    ground=Ground(
        points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        metres=((0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0)),
    ),
)
BLACK = np.zeros((180, 320), np.uint8)


def seen(*crossings: Crossing, tracks: tuple[SeenTrack, ...] = (), foreground: np.ndarray = BLACK) -> Seen:
    grey = np.full((180, 320), 120, np.uint8)
    return Seen(crossings, 0.0, 1.0, tracks, look(grey, foreground=foreground))


def run(meter: SceneMeter, seconds: float, **how: bool) -> list[Measured]:
    return [meter.see(BLACK, seen(), number / 10, **how) for number in range(round(seconds * 10))]


def test_fullness_is_looked_at_twice_a_second_and_quality_once() -> None:
    found = run(SceneMeter("cam", VIEW), 10)
    assert sum(each.quality is not None for each in found) == 10
    assert sum(bool(each.zones) for each in found) == 20


def test_a_bad_picture_says_nothing_of_zones() -> None:
    found = run(SceneMeter("cam", VIEW), 5, is_good=False)
    assert all(each.zones == () for each in found)
    assert any(each.quality is not None for each in found)


def test_gauges_are_read_when_there_are_samples_and_then_each_minute() -> None:
    found = run(SceneMeter("cam", VIEW), 150)
    read = [number / 10 for number, each in enumerate(found) if each.gauges]
    assert read == pytest.approx([18.0, 18.0 + READ_EVERY_S, 18.0 + 2 * READ_EVERY_S])
    assert {each.gauges[0].state for each in found if each.gauges} == {GaugeState.BAD_PICTURE}


def test_gauges_are_sampled_while_the_analysis_still_warms_up() -> None:
    meter = SceneMeter("cam", VIEW)
    found = [meter.see(BLACK, Seen((), 0.0, 1.0, ()), number / 10) for number in range(200)]
    assert sum(bool(each.gauges) for each in found) == 1
    assert all(each.quality is None for each in found)


def test_a_crossing_has_the_speed_of_its_way() -> None:
    meter = SceneMeter("cam", VIEW)
    told: list[CrossingSpeed] = []
    for number in range(12):
        left = 100 + 10 * number
        mask = np.zeros((180, 320), np.uint8)
        mask[80:100, left : left + 20] = 255
        track = SeenTrack(4, (left + 10) / 320, 0.5, 20 / 320, 20 / 180)
        crossings = (Crossing("a", True, 0.9, 9, 4, 0.1),) if number == 11 else ()
        told += meter.see(BLACK, seen(*crossings, tracks=(track,), foreground=mask), number / 10).speeds
    (speed,) = told
    # 10 of 320 pixels of 50 m each tenth of a second.
    assert speed.kmh == pytest.approx(10 / 320 * 50 * 10 * 3.6, rel=0.02)
    assert (speed.line, speed.is_forward) == ("a", True)
    unknown = meter.see(BLACK, seen(Crossing("a", True, 1.2, 12, 99, 0.1)), 1.2)
    assert unknown.speeds == ()


def test_without_ground_there_are_no_speeds_and_without_zones_no_levels() -> None:
    meter = SceneMeter("cam", View(lines=VIEW.lines))
    found = meter.see(BLACK, seen(Crossing("a", True, 0.0, 0, 1, 0.1)), 0.0)
    assert (found.speeds, found.zones, found.gauges) == ((), (), ())
    assert found.quality is not None


@pytest.mark.parametrize("state", [*PictureState, None])
def test_only_pictures_that_show_the_scene_are_measured(state: PictureState | None) -> None:
    bad = {
        PictureState.BLACK,
        PictureState.FROZEN,
        PictureState.COVERED,
        PictureState.DEFOCUSED,
        PictureState.MOVED,
        PictureState.SMEARED,
        PictureState.ABSENT,
    }
    assert is_measurable(state) is (state not in bad)
