"""The probing thread, with a look that is played."""

import logging
import threading
import time
from collections.abc import Callable

import pytest

from edge.health.probing.prober import Prober
from edge.health.probing.surroundings import CameraFindings, Surroundings
from edge.health.probing.ups import UpsState

PATIENCE_S = 240.0
LOW = UpsState(is_on_battery=True, is_low=True)


class PlayedLook:
    """Answers at once, unless it is held up or told to stumble."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.rounds = 0
        self.power_looks = 0

    def around(self) -> Surroundings:
        self.may_go_on.wait(PATIENCE_S)
        self.rounds += 1
        return Surroundings(signal_dbm=-60.0)

    def power(self) -> tuple[UpsState | None, bool | None]:
        self.power_looks += 1
        return LOW, True

    def at(self, camera: str) -> CameraFindings:
        if camera == "cursed":
            raise RuntimeError("cursed")
        return CameraFindings(camera, answers=True)


def wait_for(is_true: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def prober(look: PlayedLook, **more: float) -> Prober:
    return Prober(look=look, round_every_s=more.get("round_every_s", 3_600))  # type: ignore[arg-type]  # a played Look


def test_asking_never_waits_for_a_look_that_hangs() -> None:
    look = PlayedLook()
    look.may_go_on.clear()
    one = prober(look)
    one.start()
    one.ask("gate")
    assert one.take() == []
    assert one.surroundings == Surroundings()
    look.may_go_on.set()
    found: list[CameraFindings] = []
    wait_for(lambda: found.__iadd__(one.take()))
    assert found == [CameraFindings("gate", answers=True)]
    wait_for(lambda: one.surroundings.signal_dbm == -60.0)
    one.stop()
    one._thread.join(PATIENCE_S)
    assert not one._thread.is_alive()


def test_the_supply_is_asked_between_two_rounds_and_keeps_the_rest() -> None:
    look = PlayedLook()
    one = prober(look)
    one.start()
    wait_for(lambda: look.power_looks > 0)
    wait_for(lambda: one.surroundings.ups == LOW)
    assert one.surroundings.signal_dbm == -60.0
    assert one.surroundings.is_under_voltage is True
    one.stop()


def test_rounds_go_on(caplog: pytest.LogCaptureFixture) -> None:
    look = PlayedLook()
    one = prober(look, round_every_s=0.02)
    one.start()
    wait_for(lambda: look.rounds >= 3)
    one.stop()


def test_a_probe_that_stumbles_gives_nothing_known_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = prober(PlayedLook())
    found: list[CameraFindings] = []
    with caplog.at_level(logging.ERROR):
        one.start()
        one.ask("cursed")
        one.ask("cursed")
        one.ask("gate")
        wait_for(lambda: len(found.__iadd__(one.take())) == 3)
    assert found[0] == CameraFindings("cursed")
    assert caplog.text.count("a probe stumbled") == 1
    one.stop()
