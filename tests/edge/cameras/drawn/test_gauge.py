"""The drawn gauge: a camera like any other, and its options."""

from collections.abc import Iterator

import numpy as np
import pytest

from edge import opencv
from edge.cameras.drawn.gauge.camera import GaugeCamera
from edge.cameras.drawn.gauge.settings import GaugeSettings, GaugeWeather, parse_gauge
from edge.cameras.drawn.gauge.water import Waterside
from edge.cameras.opening import camera_for
from edge.cameras.port import Camera, CameraError
from edge.cameras.sources.scene import SceneCamera
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.contract import CameraContract, take

SMALL = "gauge?width=160&height=90&pace=max"


class TestContract(CameraContract):
    @pytest.fixture
    def camera(self) -> Iterator[Camera]:
        camera = GaugeCamera(parse_gauge(SMALL))
        yield camera
        camera.close()


def test_a_text_opens_it_and_a_street_is_still_a_street() -> None:
    assert isinstance(camera_for("scene:gauge?level=1.5", fps=5), GaugeCamera)
    assert isinstance(camera_for("scene:street?seed=2", fps=5), SceneCamera)


def test_every_option_is_read() -> None:
    settings = parse_gauge(
        "gauge?seed=3&fps=2&weather=rain&width=320&height=180&pace=max&level=1.25&tide=0.4&tide_s=60"
        "&waves=0.1&reflection=0.5&branch=1.1&shake=2"
    )
    assert settings == GaugeSettings(
        3, 2.0, GaugeWeather.RAIN, 320, 180, "max", 1.25, 0.4, 60.0, 0.1, 0.5, 1.1, 2.0
    )
    assert parse_gauge("gauge") == GaugeSettings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gauge?depth=2", "no option 'depth'"),
        ("gauge?weather=snow", "snow"),
        ("gauge?level=nan", "finite"),
        ("gauge?level=9", "level is -1 to 3"),
        ("gauge?fps=0", "fps is 1 to 60"),
        ("gauge?tide_s=0", "tide_s above 0"),
        ("gauge?width=10", "width is 160"),
        ("gauge?waves=2", "waves is 0"),
        ("gauge?pace=slow", "pace is real or max"),
        ("gauge?seed=x", "invalid literal"),
    ],
)
def test_what_cannot_be_drawn_is_named(text: str, words: str) -> None:
    with pytest.raises(CameraError, match=words) as caught:
        parse_gauge(text)
    assert caught.value.fault is CameraFault.NOT_FOUND


def test_equal_settings_draw_equal_pictures_and_another_seed_another_staff() -> None:
    first, again, other = (
        take_one(GaugeSettings(seed=seed, width=160, height=90, pace="max")) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def take_one(settings: GaugeSettings) -> np.ndarray:
    camera = GaugeCamera(settings)
    camera.open()
    return take(camera, 2)[1].luma


def test_the_water_stands_where_the_tide_says() -> None:
    settings = GaugeSettings(level=1.0, tide=0.5, tide_s=100, waves=0)
    assert settings.level_m(0) == 1.0
    assert settings.level_m(25) == pytest.approx(1.5)
    place = Waterside(settings)
    low, high = (opencv.luma_of(place.draw(time_s, 0)) for time_s in (75.0, 25.0))
    row = round((place.row_of(0.5) + place.row_of(1.5)) / 2)
    # Between low and high water there is now wall, now water.
    assert low[row, :200].mean() > high[row, :200].mean() + 20


def test_rows_and_levels_are_those_of_the_marked_corners() -> None:
    place = Waterside(GaugeSettings(seed=1))
    left_top, right_top, right_bottom, left_bottom = place.gauge.corners
    assert place.row_of(2.0) == pytest.approx((left_top[1] + right_top[1]) / 2 * 360, abs=1)
    assert place.row_of(0.0) == pytest.approx((left_bottom[1] + right_bottom[1]) / 2 * 360, abs=1)


@pytest.mark.parametrize(
    ("settings", "darker"),
    [
        (GaugeSettings(weather=GaugeWeather.NIGHT), True),
        (GaugeSettings(weather=GaugeWeather.DARK), True),
        (GaugeSettings(branch=1.0), True),
        (GaugeSettings(weather=GaugeWeather.FOG), False),
        (GaugeSettings(weather=GaugeWeather.RAIN), False),
    ],
)
def test_every_condition_shows(settings: GaugeSettings, darker: bool) -> None:
    plain = opencv.luma_of(Waterside(GaugeSettings()).draw(0.0, 0)).mean()
    shown = opencv.luma_of(Waterside(settings).draw(0.0, 0)).mean()
    assert bool(shown < plain) is darker


def test_real_pace_waits_for_each_frame() -> None:
    slept: list[float] = []
    camera = GaugeCamera(
        GaugeSettings(width=160, height=90, fps=4), clock=lambda: sum(slept), sleep=slept.append
    )
    camera.open()
    take(camera, 5)
    assert sum(slept) == pytest.approx(1.0)
