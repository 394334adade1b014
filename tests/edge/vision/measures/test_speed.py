"""Speeds against drawn streets, where each thing's speed is known, and by hand."""

import numpy as np
import pytest

from edge.cameras.drawn.settings import SceneSettings
from edge.cameras.drawn.street import Street, suggested_line
from edge.cameras.drawn.traffic import Kind
from edge.cameras.sources.scene import SceneCamera
from edge.config import Ground, View
from edge.vision.analysis import SceneAnalysis
from edge.vision.measures.meter import SceneMeter
from edge.vision.measures.speed import MOST_KMH, SpeedMeter, line_speed
from edge.vision.measures.trails import Foot
from edge.wire.records.bodies import LineSpeed

# One unit of the picture is 100 m each way.
FLAT = Ground(
    points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
    metres=((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)),
)


def way(kmh: float, *, feet: int = 10, step_s: float = 0.1) -> list[Foot]:
    step = kmh / 3.6 * step_s / 100
    return [Foot(number * step_s, 0.1 + number * step, 0.5, 0.1) for number in range(feet)]


def test_a_steady_way_has_its_speed() -> None:
    assert SpeedMeter(FLAT).kmh(way(36)) == pytest.approx(36)


def test_one_place_in_five_may_be_wrong() -> None:
    feet = way(36)
    feet[4] = Foot(feet[4].pts_s, feet[4].x + 0.02, 0.52, 0.1)
    feet[7] = Foot(feet[7].pts_s, feet[7].x - 0.02, 0.5, 0.1)
    assert SpeedMeter(FLAT).kmh(feet) == pytest.approx(36, rel=0.05)


@pytest.mark.parametrize(
    "feet",
    [
        [],
        way(36, feet=3),
        way(36, feet=6, step_s=0.01),
        way(1, feet=10),
        way(MOST_KMH + 20),
        [Foot(0.5, 0.5, 0.5, 0.1)] * 6,
    ],
    ids=["nothing", "too few", "too short a time", "too short a way", "too fast", "no time"],
)
def test_what_cannot_be_told_is_not_told(feet: list[Foot]) -> None:
    assert SpeedMeter(FLAT).kmh(feet) is None


def test_a_way_of_two_things_is_not_told() -> None:
    feet = [Foot(n / 10, 0.1 + 0.02 * (n % 2) + 0.01 * n, 0.5 + 0.1 * (n % 2), 0.1) for n in range(10)]
    assert SpeedMeter(FLAT).kmh(feet) is None


def test_a_way_beyond_the_horizon_is_not_told() -> None:
    road = Ground(
        points=((0.4, 0.4), (0.6, 0.4), (0.9, 0.9), (0.1, 0.9)),
        metres=((0.0, 60.0), (10.0, 60.0), (10.0, 0.0), (0.0, 0.0)),
    )
    assert SpeedMeter(road).kmh([Foot(n / 10, 0.5, 0.02 * n, 0.1) for n in range(10)]) is None


def test_only_what_is_near_the_crossing_counts() -> None:
    feet = [*way(20, feet=30), *(Foot(3 + n / 10, 0.3 + 0.02 * n, 0.5, 0.1) for n in range(10))]
    assert SpeedMeter(FLAT).kmh_at(feet, 3.8) == pytest.approx(72, rel=0.02)


def test_a_line_tells_the_median_and_what_85_of_100_did_not_exceed() -> None:
    assert line_speed([]) is None
    assert line_speed([30.0]) == LineSpeed(samples=1, median_kmh=30.0, p85_kmh=30.0)
    told = line_speed([float(kmh) for kmh in range(101)])
    assert told == LineSpeed(samples=101, median_kmh=50.0, p85_kmh=85.0)


def ground_of(street: Street) -> Ground:
    view, half = street.view, street.half_width_m
    seen = [a for a in range(-20, 80) if all(view.is_seen(a, beside) for beside in (-half, half))]
    first, last = seen[0], min(seen[-1], seen[0] + 20)
    metres = ((first, -half), (last, -half), (last, half), (first, half))
    pixels = view.project(np.array([(along, beside, 0.0) for along, beside in metres]))
    points = tuple((float(x / view.width_px), float(y / view.height_px)) for x, y in pixels)
    return Ground(points=points, metres=metres)  # type: ignore[arg-type]  # four points, as asked


@pytest.mark.parametrize("seed", [1, 2])
def test_drawn_vehicles_are_as_fast_as_they_are_drawn(seed: int) -> None:
    camera = SceneCamera(SceneSettings(seed=seed, fps=10, pace="max"))
    camera.open()
    line, street = suggested_line(camera.street), camera.street
    meter = SceneMeter("cam", View(lines=(line,), ground=ground_of(street)))
    analysis = SceneAnalysis(lines=(line,), masks=(), scale=0, frame_rate_hz=10)
    measured: list[float] = []
    for frame in camera.frames():
        seen = analysis.see(frame.luma, frame.pts_s)
        measured += [speed.kmh for speed in meter.see(frame.luma, seen, frame.pts_s).speeds]
        if frame.seq >= 420:
            break
    driven = [
        mover.speed_m_s * 3.6 for mover in street.movers_between(12.0, 40.0) if mover.kind is not Kind.PERSON
    ]
    vehicles = [kmh for kmh in measured if kmh > 12]
    print("seed", seed, "measured", np.round(vehicles, 1))
    assert len(vehicles) >= 8
    assert np.median(vehicles) == pytest.approx(np.median(driven), rel=0.1)
    # Lanes differ in speed: none of it is faster or slower than anything drawn, by more than a tenth.
    assert min(vehicles) > 0.9 * min(driven)
    assert max(vehicles) < 1.1 * max(driven)
