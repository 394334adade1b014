"""Which frames are analysed."""

import numpy as np
import pytest

from edge.cameras.eyes import Eyes, Thinning
from edge.cameras.port import Frame
from edge.cameras.telling.reporting import Sight
from edge.config import CameraSettings, Gauge, Line, Polygon, Zone
from edge.wire.records.bodies import GaugeState, PictureState


@pytest.mark.parametrize(
    ("source_fps", "fps", "expected"),
    [(25, 10, 100), (12.5, 10, 100), (10, 10, 100), (5, 10, 50), (60, 10, 100), (30, 12, 120), (15, 60, 150)],
)
def test_frames_are_thinned_to_the_wanted_rate(source_fps: float, fps: float, expected: int) -> None:
    thinning = Thinning(fps)
    taken = sum(thinning.wants(n / source_fps) for n in range(round(10 * source_fps)))
    assert abs(taken - expected) <= 1


def test_trembling_timestamps_lose_no_frame() -> None:
    seed = 20261121
    print(f"seed {seed}")
    jitter = np.random.default_rng(seed).uniform(-0.008, 0.008, 300)
    thinning = Thinning(10)
    assert all(thinning.wants(n / 10 + float(late)) for n, late in enumerate(jitter))


def test_a_pause_is_not_made_up_for() -> None:
    thinning = Thinning(10)
    assert thinning.wants(0.0)
    assert [thinning.wants(9.0 + n / 100) for n in range(5)] == [True, False, False, False, False]


def settings(**changes: object) -> CameraSettings:
    lines = (Line(id="a", points=((0.5, 0.0), (0.5, 1.0))),)
    return CameraSettings(id="gate", source="scene:street", lines=lines, **changes)  # type: ignore[arg-type] # by keyword


def frame_at(number: int, *, fps: float = 10, size: tuple[int, int] = (180, 320)) -> Frame:
    noise = np.random.default_rng(number).integers(100, 110, size, np.uint8)
    return Frame(noise, number / fps, number, True)


def test_the_rate_is_learnt_before_the_analysis_begins() -> None:
    eyes = Eyes(settings())
    sights = [eyes.look(frame_at(number)) for number in range(8)]
    assert [sight.seen is not None for sight in sights] == [False] * 6 + [True] * 2
    assert sights[-1].picture is PictureState.GOOD


@pytest.mark.parametrize(
    ("pts_s", "rate_hz"),
    [
        ([0.0, 0.1, 0.2, 0.3, 0.4, 0.5], 10.0),
        ([0.0, 0.08, 0.2, 0.28, 0.4, 0.48], 10.4),
        ([0.0, 0.1, 5.0, 5.1, 5.2, 5.3], 10.0),
    ],
)
def test_the_rate_is_that_of_the_frames_without_a_pause(pts_s: list[float], rate_hz: float) -> None:
    watcher = Eyes(settings(fps=60))
    for number, at_s in enumerate(pts_s):
        watcher.look(Frame(frame_at(number).luma, at_s, number, True))
    assert watcher.rate_hz == pytest.approx(rate_hz, abs=0.05)


def test_a_frame_that_is_thinned_out_only_tells_that_it_came() -> None:
    eyes = Eyes(settings(fps=5))
    sights = [eyes.look(frame_at(number, fps=10)) for number in range(30)]
    assert [sight.seq for sight in sights] == list(range(30))
    assert sum(sight.seen is not None for sight in sights) == 15 - 6
    assert sights[21] == Sight(seq=21, pts_s=2.1)


def test_a_new_picture_size_starts_the_analysis_afresh(caplog: pytest.LogCaptureFixture) -> None:
    eyes = Eyes(settings())
    for number in range(20):
        eyes.look(frame_at(number))
    sights = [eyes.look(frame_at(number, size=(90, 160))) for number in range(20, 40)]
    # The first one carries what the old analysis still held back.
    assert [sight.picture is not None for sight in sights] == [False] * 6 + [True] * 14
    assert sights[0].seen is not None
    assert sights[0].seen.crossings == ()
    assert "160 x 90" in caplog.text


def test_nothing_is_held_back_before_the_first_frame() -> None:
    assert Eyes(settings()).finish() is None


def test_a_view_with_zones_and_gauges_is_measured_from_the_whole_picture() -> None:
    zone = Zone(id="z", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
    gauge = Gauge(id="g", corners=((0.4, 0.1), (0.5, 0.1), (0.5, 0.9), (0.4, 0.9)), top_m=2, bottom_m=0)
    settings = CameraSettings(id="c", source="scene:street", fps=2, zones=(zone,), gauges=(gauge,))
    eyes, dice = Eyes(settings), np.random.default_rng(2)
    measured = []
    for seq in range(60):
        luma = dice.integers(90, 130, (180, 320)).astype(np.uint8)
        sight = eyes.look(Frame(luma, seq / 2, seq, is_key=True))
        measured += [sight.measured] if sight.measured is not None else []
    assert any(each.zones and each.zones[0].zone == "z" for each in measured)
    assert any(each.quality is not None for each in measured)
    # A wall without marks is no gauge.
    assert {reading.state for each in measured for reading in each.gauges} <= {
        GaugeState.UNCLEAR,
        GaugeState.BAD_PICTURE,
    }
    assert sum(len(each.gauges) for each in measured) == 1


WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("masks", "is_blind"),
    [
        ((WHOLE,), True),
        (((*WHOLE[:2], (0.0, 1.0)), ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0))), True),
        ((((0.0, 0.0), (0.9, 0.0), (0.9, 1.0), (0.0, 1.0)),), False),
        ((), False),
    ],
    ids=["one mask", "two halves", "a strip is left", "no mask"],
)
def test_masks_over_everything_are_said_and_nothing_is_trusted(
    masks: tuple[Polygon, ...], is_blind: bool, caplog: pytest.LogCaptureFixture
) -> None:
    eyes = Eyes(settings(masks=masks, scale=0.1), recall=lambda view: frame_at(0).luma)
    sights = [eyes.look(frame_at(number)) for number in range(40)]
    assert ("cover the whole picture" in caplog.text) is is_blind
    assert caplog.text.count("make them smaller") == int(is_blind)
    assert sights[-1].seen is not None
    assert (sights[-1].seen.confidence == 0) is is_blind
    assert sights[-1].picture is PictureState.GOOD
