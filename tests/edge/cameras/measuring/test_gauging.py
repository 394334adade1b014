"""A gauge that the camera does not look at is said to be away."""

import pytest

from edge.cameras.measuring.gauging import GaugeCalls
from edge.config import CameraSettings, Gauge, Preset
from edge.wire.records.bodies import GaugeReading, GaugeState

CORNERS = ((0.4, 0.1), (0.5, 0.1), (0.5, 0.9), (0.4, 0.9))


def gauge(name: str) -> Gauge:
    return Gauge(id=name, corners=CORNERS, top_m=2.0, bottom_m=0.0)


TURNING = CameraSettings(
    id="cam",
    source="scene:street",
    gauges=(gauge("own"),),
    presets=(Preset(id="kiri", token="1", gauges=(gauge("hulu"),)), Preset(id="kanan", token="2")),
)
FIXED = CameraSettings(id="cam", source="scene:gauge", gauges=(gauge("own"),))


def said(calls: GaugeCalls, view: str | None, seconds: int, first: int = 0) -> list[float]:
    return [float(now) for now in range(first, first + seconds) if calls.see(view, (), float(now))]


def test_a_gauge_in_sight_is_never_away() -> None:
    assert said(GaugeCalls(TURNING), "kiri", 300) == []
    assert said(GaugeCalls(FIXED), "", 300) == []


@pytest.mark.parametrize("view", ["kanan", None])
def test_one_out_of_sight_is_away_each_minute(view: str | None) -> None:
    assert said(GaugeCalls(TURNING), view, 200) == [60, 120, 180]


def test_the_reading_says_which_gauge_and_the_own_view_of_a_turning_camera_has_none() -> None:
    calls = GaugeCalls(TURNING)
    calls.see("kanan", (), 0.0)
    assert calls.see("kanan", (), 60.0) == [GaugeReading(camera="cam", gauge="hulu", state=GaugeState.AWAY)]


def test_readings_pass_and_put_off_being_away() -> None:
    calls = GaugeCalls(TURNING)
    read = GaugeReading(camera="cam", gauge="hulu", state=GaugeState.READ, level_m=1.0)
    assert calls.see("kiri", (read,), 0.0) == [read]
    assert said(calls, None, 100, first=1) == [60]
