"""What every adapter of the turning port does: run by the test file of each."""

import pytest

from edge.ptz.port import Position, Speed, Turning, TurningError


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def passes(self, seconds: float) -> None:
        self.now_s += seconds


class TurningContract:
    """Subclasses give a fixture ``camera`` that stands at its preset 1, and ``clock`` that moves it."""

    def test_it_stands_at_its_first_preset(self, camera: Turning) -> None:
        first, *_ = camera.presets()
        pose = camera.pose()
        assert pose.is_moving is False
        assert pose.position == first.position

    def test_it_turns_to_a_preset_and_says_that_it_moves(self, camera: Turning, clock: Clock) -> None:
        second = camera.presets()[1]
        camera.go_to(second.token)
        clock.passes(0.2)
        assert camera.pose().is_moving is True
        clock.passes(10)
        assert camera.pose().is_moving is False
        assert camera.pose().position == second.position

    def test_it_moves_until_the_time_is_up(self, camera: Turning, clock: Clock) -> None:
        camera.move(Speed(pan=-0.5, tilt=0.25, zoom=0.5), timeout_s=1.0)
        clock.passes(5)
        pose = camera.pose()
        assert pose.is_moving is False
        assert pose.position is not None
        assert (pose.position.pan, pose.position.tilt, pose.position.zoom) == pytest.approx(
            (-0.35, 0.175, 0.35)
        )

    def test_it_stops_at_once(self, camera: Turning, clock: Clock) -> None:
        camera.move(Speed(pan=1), timeout_s=10)
        clock.passes(0.5)
        camera.stop()
        clock.passes(5)
        assert camera.pose().position == Position(pytest.approx(0.35), 0.0, 0.0)  # type: ignore[arg-type] # compares

    def test_a_preset_it_does_not_know_is_an_error(self, camera: Turning) -> None:
        with pytest.raises(TurningError, match="no preset"):
            camera.go_to("99")
