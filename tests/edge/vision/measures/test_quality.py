"""Quality: each nuisance is found where it is drawn, and only there; clear streets stay trusted."""

import numpy as np
import pytest

from edge import opencv
from edge.cameras.drawn.settings import SceneSettings, Weather
from edge.cameras.drawn.street import suggested_line
from edge.cameras.sources.scene import SceneCamera
from edge.vision.analysis import SceneAnalysis
from edge.vision.measures.quality import (
    TRUST_HOLD_S,
    QualityNow,
    QualityWatch,
    glare,
    night,
    shift_px,
    specks,
)
from tests.edge.vision.measures.pictures import look

SECONDS, FPS = 26, 5.0


def judge(weather: Weather, dazzle: bool = False) -> list[QualityNow]:
    """Look at a drawn street twice a second; ``dazzle`` puts the low sun onto the wet road."""
    camera = SceneCamera(SceneSettings(seed=2, fps=FPS, pace="max", weather=weather))
    camera.open()
    line = suggested_line(camera.street)
    analysis = SceneAnalysis(lines=(line,), masks=(), scale=0, frame_rate_hz=FPS)
    watch, found = QualityWatch(), []
    for frame in camera.frames():
        luma = frame.luma.copy()
        if dazzle:
            opencv.disc(luma, (400, 250), (70, 40), (255,))
        seen = analysis.see(luma, frame.pts_s)
        if seen.look is not None and frame.seq % 3 == 0:
            found.append(watch.see(luma, seen.look, seen.confidence, frame.pts_s))
        if frame.seq >= SECONDS * FPS:
            return found
    raise AssertionError("a drawn street never ends")


@pytest.mark.parametrize("weather", [Weather.CLEAR, Weather.LORRIES, Weather.MOTORCYCLES])
def test_a_clear_street_stays_trusted_and_has_no_nuisance(weather: Weather) -> None:
    found = judge(weather)
    assert all(each.is_trusted for each in found)
    assert min(each.quality.index for each in found) > 0.9


def test_night_is_night_and_its_counts_are_not_trusted() -> None:
    last = judge(Weather.NIGHT)[-1]
    assert last.quality.night > 0.9
    assert max(last.quality.rain, last.quality.glare, last.quality.vibration) < 0.2
    assert not last.is_trusted


def test_rain_is_rain() -> None:
    last = judge(Weather.RAIN)[-1].quality
    assert last.rain > 0.7
    assert max(last.night, last.glare, last.vibration) < 0.2
    assert last.index < 0.75


def test_a_trembling_mast_is_vibration_and_no_rain() -> None:
    last = judge(Weather.SHAKE)[-1].quality
    assert last.vibration > 0.15
    assert max(last.night, last.rain, last.glare) < 0.1


def test_the_low_sun_on_the_road_is_glare() -> None:
    last = judge(Weather.CLEAR, dazzle=True)[-1].quality
    assert last.glare > 0.5
    assert max(last.night, last.rain, last.vibration) < 0.1


class TestNumbers:
    """The physical numbers behind each nuisance."""

    def test_a_bright_sky_is_no_glare(self) -> None:
        sky = np.full((180, 320), 90, np.uint8)
        sky[:60] = 255
        assert glare(sky) == 0
        sky[100:130, 100:160] = 255
        assert glare(sky) == pytest.approx((30 * 60 / sky.size - 0.004) / 0.046, abs=0.02)

    def test_thin_lamps_are_no_glare(self) -> None:
        lamps = np.full((180, 320), 90, np.uint8)
        lamps[50, ::2] = 255
        assert glare(lamps) == 0

    @pytest.mark.parametrize(
        ("brightness", "noise", "expected"),
        [(120, 1, 0), (70, 9, 0), (47.5, 1, 0.5), (47.5, 8, 0.8), (20, 1, 1), (20, 20, 1)],
    )
    def test_night_is_dark_and_worse_with_noise(
        self, brightness: float, noise: float, expected: float
    ) -> None:
        assert night(brightness, noise) == pytest.approx(expected, abs=0.01)

    @pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, 0.0), (0.0, 0.8), (0.5, -0.4)])
    def test_a_shift_is_measured_to_a_tenth_of_a_pixel(self, shift: tuple[float, float]) -> None:
        dice = np.random.default_rng(4)
        scene = opencv.blur(dice.integers(0, 255, (90, 160)).astype(np.uint8), 2.0)
        assert shift_px(scene, opencv.shift(scene, *shift)) == pytest.approx(np.hypot(*shift), abs=0.1)

    def test_a_wall_without_texture_says_nothing_of_shifts(self) -> None:
        wall = np.full((90, 160), 128, np.uint8)
        assert shift_px(wall, wall) == 0

    def test_only_thin_upright_new_specks_count(self) -> None:
        scene = np.full((180, 320), 100, np.uint8)
        wet = scene.copy()
        for number in range(7):
            wet[20 + 10 * number : 25 + 10 * number, 30 + 20 * number] = 170
        wet[150:152, 50:80] = 170
        wet[100:130, 200:220] = 170
        assert specks(look(wet, empty=scene), scene) == 7
        assert specks(look(wet, empty=scene), wet) == 0

    def test_trust_is_lost_and_won_slowly(self) -> None:
        scene, watch = np.full((180, 320), 100, np.uint8), QualityWatch()
        trusted = []
        for number in range(120):
            confidence = 0.1 if 20 <= number < 60 else 1.0
            trusted.append(watch.see(scene, look(scene), confidence, number / 2).is_trusted)
        lost, won = trusted.index(False), trusted.index(True, trusted.index(False))
        assert lost >= 20 + 2 * TRUST_HOLD_S
        assert won >= 60 + 2 * TRUST_HOLD_S
        assert trusted[-1]
        assert trusted.count(False) == won - lost
