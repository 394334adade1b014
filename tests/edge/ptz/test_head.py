"""The head of the simulated camera."""

import pytest

from edge.ptz.port import Position, Speed
from edge.ptz.simulated.head import HOME, Head
from tests.edge.ptz.contract import Clock, TurningContract


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def camera(clock: Clock) -> Head:
    return Head(clock)


class TestHead(TurningContract):
    """The memory adapter."""


def test_it_stops_at_the_end_of_its_range(camera: Head, clock: Clock) -> None:
    camera.move(Speed(pan=1, tilt=-1, zoom=-1), timeout_s=60)
    clock.passes(30)
    assert camera.pose().position == Position(1.0, -1.0, 0.0)


def test_it_moves_again_when_it_is_told_again(camera: Head, clock: Clock) -> None:
    for _ in range(3):
        camera.move(Speed(pan=0.1), timeout_s=1.0)
        clock.passes(0.4)
    pose = camera.pose()
    assert pose.is_moving
    assert pose.position is not None
    assert pose.position.pan == pytest.approx(0.1 * 0.7 * 1.2)


def test_without_presets_it_looks_straight_ahead(clock: Clock) -> None:
    assert Head(clock, presets=()).pose().position == HOME
