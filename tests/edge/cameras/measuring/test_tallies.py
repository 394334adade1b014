"""What measures come to in a period."""

import pytest

from edge.cameras.measuring.tallies import Tallies
from edge.config import Line, View, Zone, ZonePurpose
from edge.vision.counting.lines import Crossing
from edge.vision.measures.meter import CrossingSpeed, Measured
from edge.vision.measures.quality import QualityNow
from edge.vision.measures.zones import ZoneNow
from edge.wire.messages import decode_body, encode
from edge.wire.records.bodies import (
    CameraCounts,
    CrowdLevel,
    FlowLevel,
    LineCount,
    LineSpeed,
    Quality,
    SizeCounts,
)

AREA = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
VIEW = View(
    lines=(
        Line(id="a", points=((0.0, 0.5), (1.0, 0.5)), sizes=(0.1, 0.3)),
        Line(id="b", points=((0.0, 0.7), (1.0, 0.7))),
    ),
    zones=(
        Zone(id="jalan", polygon=AREA),
        Zone(id="alun", polygon=AREA, purpose=ZonePurpose.CROWD),
    ),
)


def counts() -> CameraCounts:
    lines = tuple(
        LineCount(line=line, forward=2, backward=0, forward_total=2, backward_total=0) for line in ("a", "b")
    )
    return CameraCounts(camera="cam", period_s=60, frames=9, lines=lines, motion_share=0, confidence=1)


def crossing(line: str, size: float, *, is_forward: bool = True) -> Crossing:
    return Crossing(line, is_forward, 0.0, 0, 1, size)


def test_sizes_are_told_for_lines_that_are_calibrated() -> None:
    tallies = Tallies("cam", VIEW)
    tallies.crossed([crossing("a", 0.05), crossing("a", 0.4), crossing("b", 0.4)])
    completed, _ = tallies.close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.lines[0].forward_sizes == SizeCounts(motor=1, heavy=1)
    assert completed.lines[0].backward_sizes == SizeCounts()
    assert completed.lines[1].forward_sizes is None


def test_speeds_are_told_by_line_and_direction() -> None:
    tallies = Tallies("cam", VIEW)
    tallies.measured(Measured(speeds=(CrossingSpeed("b", True, 30.0), CrossingSpeed("b", True, 40.0))))
    completed, _ = tallies.close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.lines[1].forward_speed == LineSpeed(samples=2, median_kmh=35.0, p85_kmh=38.5)
    assert completed.lines[1].backward_speed is None
    assert completed.lines[0].forward_speed is None


def test_zones_are_shares_of_the_looks_with_the_last_level() -> None:
    tallies = Tallies("cam", VIEW)
    for number in range(4):
        flow = FlowLevel.JAM if number == 3 else FlowLevel.FREE
        tallies.measured(
            Measured(
                zones=(
                    ZoneNow("jalan", number > 0, 0.2, flow=flow),
                    ZoneNow("alun", False, 0.0, crowd=CrowdLevel.EMPTY),
                )
            )
        )
    _, scene = tallies.close(counts(), period_s=60, preset="kiri")
    assert scene is not None
    road, square = scene.zones
    assert (road.occupancy, road.cover, road.flow, road.crowd) == (0.75, 0.2, FlowLevel.JAM, None)
    assert (square.occupancy, square.flow, square.crowd) == (0.0, None, CrowdLevel.EMPTY)
    assert scene.preset == "kiri"
    assert decode_body(encode(scene)) == scene


def test_a_zone_that_nobody_looked_at_is_unknown_and_not_free() -> None:
    _, scene = Tallies("cam", VIEW).close(counts(), period_s=0, preset=None)
    assert scene is not None
    assert [(zone.flow, zone.crowd) for zone in scene.zones] == [
        (FlowLevel.UNKNOWN, None),
        (None, CrowdLevel.UNKNOWN),
    ]


@pytest.mark.parametrize(("trusted", "expected"), [(1, False), (2, True), (3, True)])
def test_counts_are_trusted_when_most_looks_were(trusted: int, expected: bool) -> None:
    tallies = Tallies("cam", VIEW)
    for number in range(4):
        quality = Quality(index=0.2 + 0.2 * number, night=0.4)
        tallies.measured(Measured(quality=QualityNow(quality, number < trusted)))
    completed, _ = tallies.close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.is_trusted is expected
    assert completed.quality == Quality(index=0.5, night=0.4)


def test_without_a_look_there_is_no_quality_and_nothing_is_doubted() -> None:
    completed, _ = Tallies("cam", VIEW).close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.quality is None
    assert completed.is_trusted


def test_a_period_and_a_view_begin_anew() -> None:
    tallies = Tallies("cam", VIEW)
    tallies.crossed([crossing("a", 0.05)])
    tallies.close(counts(), period_s=60, preset=None)
    completed, _ = tallies.close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.lines[0].forward_sizes == SizeCounts()
    tallies.crossed([crossing("a", 0.05)])
    tallies.turn_to(View())
    completed, scene = tallies.close(counts(), period_s=60, preset=None)
    assert completed is not None
    assert completed.lines[0].forward_sizes is None
    assert scene is None


def test_nothing_looked_at_is_nothing_to_say() -> None:
    assert Tallies("cam", VIEW).close(None, period_s=60, preset=None) == (None, None)
