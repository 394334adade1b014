from collections.abc import Iterator
from itertools import islice, pairwise

import numpy as np
import pytest

from edge.cameras.drawn.settings import SceneSettings, Weather
from edge.cameras.drawn.street import build_street, suggested_line
from edge.cameras.drawn.traffic import Kind, Lane, Mix, Mover, timetable
from edge.cameras.port import Camera, CameraError
from edge.cameras.sources.scene import SceneCamera, parse_scene
from edge.config import Line
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.contract import CameraContract


class FakeTime:
    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept_s: list[float] = []

    def clock(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds


def scene(**settings: object) -> SceneCamera:
    camera = SceneCamera(SceneSettings(pace="max", **settings))  # type: ignore[arg-type]  # as the caller says
    camera.open()
    return camera


class TestSceneCamera(CameraContract):
    @pytest.fixture
    def camera(self) -> Iterator[Camera]:
        camera = SceneCamera(SceneSettings(pace="max", width_px=320, height_px=180))
        yield camera
        camera.close()


@pytest.mark.parametrize("weather", list(Weather))
def test_equal_settings_draw_equal_pictures(weather: Weather) -> None:
    first, second = scene(seed=3, weather=weather), scene(seed=3, weather=weather)
    for one, other in islice(zip(first.frames(), second.frames(), strict=True), 3):
        assert np.array_equal(one.luma, other.luma)


def test_another_seed_draws_another_street() -> None:
    one, other = next(scene(seed=2).frames()), next(scene(seed=5).frames())
    assert not np.array_equal(one.luma, other.luma)


def test_the_street_has_a_size_that_was_asked_for() -> None:
    frame = next(scene(width_px=768, height_px=432).frames())
    assert frame.luma.shape == (432, 768)


def test_frames_come_at_their_own_pace() -> None:
    time = FakeTime()
    settings = SceneSettings(fps=5, width_px=160, height_px=90)
    camera = SceneCamera(settings, clock=time.clock, sleep=time.sleep)
    camera.open()
    frames = list(islice(camera.frames(), 6))
    assert time.now_s == pytest.approx(1.0)
    assert [frame.pts_s for frame in frames] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("beach", "only scene:street"),
        ("street?colour=red", "no option 'colour'"),
        ("street?weather=snow", "snow"),
        ("street?fps=0", "fps is 1 to 60"),
        ("street?fps=fast", "fast"),
        ("street?width=20", "width is 160"),
        ("street?pace=slow", "pace is real or max"),
    ],
)
def test_a_scene_that_cannot_be_drawn_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(CameraError, match=message) as caught:
        parse_scene(text)
    assert caught.value.fault is CameraFault.NOT_FOUND


def test_everything_that_can_be_asked_for_is_read() -> None:
    text = "street?seed=7&fps=15&weather=rain&width=320&height=176&pace=max&traffic=50"
    assert parse_scene(text) == SceneSettings(7, 15.0, Weather.RAIN, 320, 176, "max", 50.0)
    assert parse_scene("street") == SceneSettings()


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_truth_says_what_crossed_the_line_and_which_way(seed: int) -> None:
    camera = scene(seed=seed)
    line = suggested_line(camera.street)
    crossings = camera.truth([line], frames=600)
    assert crossings, f"seed {seed}"
    assert {crossing.is_forward for crossing in crossings} == {True, False}
    assert all(0 <= each.first_frame <= each.last_frame < 600 for each in crossings)
    turned = Line(id="turned", points=(line.points[1], line.points[0]))
    backwards = camera.truth([turned], frames=600)
    assert [each.is_forward for each in backwards] == [not each.is_forward for each in crossings]


def test_what_crosses_is_really_drawn_on_the_line() -> None:
    camera = scene(seed=2)
    line = suggested_line(camera.street)
    crossing = next(c for c in camera.truth([line], frames=400) if not c.is_optional and c.kind is Kind.CAR)
    row = round(line.points[0][1] * 360)
    middle = (crossing.first_frame + crossing.last_frame) // 2
    empty, full = camera.draw(0), camera.draw(middle)
    changed = np.abs(full[row].astype(int) - empty[row].astype(int)).max(axis=1) > 25
    assert changed.sum() > 15


def test_a_line_that_nobody_crosses_has_no_truth() -> None:
    in_the_sky = Line(id="sky", points=((0.0, 0.0), (0.02, 0.0)))
    assert scene(seed=1).truth([in_the_sky], frames=300) == []


def test_people_stand_still_and_go_on() -> None:
    lane = Lane(0.0, 1, 0.0, 10.0, 1.0, is_pavement=True)
    person = Mover(1, Kind.PERSON, lane, 0.0, 0.0, 1.0, 0, pause_after_m=4.0, pause_s=5.0)
    assert person.gone_m(3.0) == 3.0
    assert person.gone_m(6.0) == person.gone_m(8.9) == 4.0
    assert person.gone_m(11.0) == pytest.approx(6.0)
    assert person.leaves_s == 15.0


def test_nobody_drives_into_another() -> None:
    lane = Lane(0.0, 1, 0.0, 100.0, 12.0)
    table = timetable(lane, Mix({Kind.CAR: 0.6, Kind.LORRY: 0.4}), per_minute=60, seed=9)
    movers = list(islice(table, 40))
    for before, after in pairwise(movers):
        for time_s in np.arange(after.enters_s, before.leaves_s, 0.5):
            assert before.along_m(time_s) - after.along_m(time_s) > 3.0


def test_motorcycles_come_side_by_side() -> None:
    street = build_street(SceneSettings(seed=2, weather=Weather.MOTORCYCLES))
    movers = [each for each in street.movers_between(0, 120) if each.kind is Kind.MOTORCYCLE]
    starts = [(each.lane.beside_m, round(each.enters_s)) for each in movers]
    assert len(starts) > len(set(starts))


def test_exposure_jumps_and_the_shaking_camera_stay_within_bounds() -> None:
    camera = scene(weather=Weather.EXPOSURE)
    sky = camera._opened()[1]
    gains = [sky.exposure(step / 4) for step in range(400)]
    assert 0.5 <= min(gains) < 0.75 < 0.95 < max(gains) <= 1.2
    assert max(abs(value) for step in range(200) for value in sky.shake_px(step / 10, 640)) < 3
