"""Reading drawn gauges: right to centimetres, or not at all and why."""

from dataclasses import replace

import numpy as np
import pytest

from edge import opencv
from edge.cameras.drawn.gauge.settings import GaugeSettings, GaugeWeather
from edge.cameras.drawn.gauge.water import Waterside
from edge.vision.measures.gauge import LEAST_SAMPLES, SAMPLE_EVERY_S, GaugeReader, is_readable
from edge.wire.records.bodies import GaugeReading, GaugeState

# Half the size: as accurate, and four times as fast to draw.
SMALL = GaugeSettings(width=320, height=180)


def read(settings: GaugeSettings, samples: int = 14) -> GaugeReading:
    place = Waterside(settings)
    reader = GaugeReader("cam", place.gauge)
    for number in range(samples):
        time_s = number * SAMPLE_EVERY_S
        reader.see(opencv.luma_of(place.draw(time_s, number)), time_s)
    return reader.read()


@pytest.mark.parametrize(
    "settings",
    [
        SMALL,
        replace(SMALL, level=1.4, waves=0.05, seed=3),
        replace(SMALL, level=0.45, weather=GaugeWeather.RAIN, waves=0.02),
        replace(SMALL, level=0.8, weather=GaugeWeather.NIGHT),
        GaugeSettings(level=1.2, shake=1.2),
        replace(SMALL, level=0.9, reflection=0.5, waves=0.005, seed=2),
        replace(SMALL, level=0.7, branch=1.5, waves=0.02),
    ],
    ids=lambda s: f"{s.weather.value}-{s.level}-{s.waves}-{s.reflection}-{s.branch}-{s.shake}",
)
def test_the_level_is_right_to_a_few_centimetres(settings: GaugeSettings) -> None:
    reading = read(settings)
    print(settings, reading)
    assert reading.state is GaugeState.READ
    assert reading.level_m == pytest.approx(settings.level, abs=max(0.05, 2 * (reading.spread_m or 0)))
    assert reading.spread_m is not None
    assert 0 < reading.spread_m < 0.12


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        (replace(SMALL, weather=GaugeWeather.DARK), GaugeState.BAD_PICTURE),
        (replace(SMALL, weather=GaugeWeather.FOG), GaugeState.BAD_PICTURE),
        (replace(SMALL, level=-0.4), GaugeState.UNCLEAR),
        (replace(SMALL, level=2.6), GaugeState.UNCLEAR),
        (replace(SMALL, waves=0.3), GaugeState.UNCLEAR),
        (replace(SMALL, level=0.7, branch=0.75), GaugeState.UNCLEAR),
    ],
    ids=["dark", "fog", "dry", "drowned", "storm", "branch at the water"],
)
def test_what_cannot_be_read_says_why_and_gives_no_level(settings: GaugeSettings, state: GaugeState) -> None:
    reading = read(settings)
    assert reading.state in {state, GaugeState.UNCLEAR, GaugeState.BAD_PICTURE}
    assert reading.level_m is None
    assert reading.spread_m is None


def test_a_covered_lens_gives_no_level_although_the_samples_before_did() -> None:
    place = Waterside(SMALL)
    reader = GaugeReader("cam", place.gauge)
    for number in range(30):
        luma = opencv.luma_of(place.draw(number * 2.0, number))
        reader.see(luma, number * 2.0, is_good=number < 10)
    assert reader.read().state is GaugeState.BAD_PICTURE


def test_too_few_samples_are_no_reading() -> None:
    assert read(SMALL, samples=int(LEAST_SAMPLES / 2) - 1).state is GaugeState.BAD_PICTURE


def test_a_sample_is_due_every_two_seconds_and_after_a_jump() -> None:
    reader = GaugeReader("cam", Waterside(SMALL).gauge)
    assert reader.is_due(100.0)
    reader.see(np.zeros((180, 320), np.uint8), 100.0)
    assert [reader.is_due(at) for at in (100.5, 101.9, 102.0, 3.0)] == [False, False, True, True]


def test_another_picture_size_begins_anew() -> None:
    reader = GaugeReader("cam", Waterside(SMALL).gauge)
    for number in range(5):
        reader.see(np.zeros((180, 320), np.uint8), 2.0 * number)
    reader.see(np.zeros((360, 640), np.uint8), 12.0)
    assert reader.samples == 1


@pytest.mark.parametrize(
    ("strip", "expected"),
    [
        (np.tile(np.array([20, 220], np.uint8), (60, 8)), True),
        (np.full((60, 16), 5, np.uint8), False),
        (np.full((60, 16), 128, np.uint8), False),
        (np.tile(np.linspace(20, 220, 60).astype(np.uint8)[:, None], (1, 16)), False),
    ],
    ids=["marks", "black", "flat", "soft"],
)
def test_the_gate_wants_light_contrast_and_detail(strip: np.ndarray, expected: bool) -> None:
    assert is_readable(strip) is expected
