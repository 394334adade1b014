"""The thread that asks a camera where it looks."""

import logging
import threading

import pytest

from edge.ptz.lookout import LONGEST_WAIT_S, Lookout
from edge.ptz.port import Position, TurningError
from edge.ptz.simulated.head import HOME, Head
from tests.edge.ptz.contract import Clock


class Fickle(Head):
    """A head that does not answer while it has a trouble."""

    trouble = ""

    def pose(self):  # type: ignore[no-untyped-def] # as that of the head
        if self.trouble:
            raise TurningError(self.trouble)
        return super().pose()


def test_each_answer_has_its_number_and_the_presets() -> None:
    clock = Clock()
    head = Head(clock)
    lookout = Lookout(head, name="utara")
    assert lookout.heard is None
    assert lookout.ask() == 1.0
    head.turn_to(Position(1, 0, 0))
    clock.passes(9)
    lookout.ask()
    assert lookout.heard is not None
    assert lookout.heard.number == 2
    assert lookout.heard.pose.position == Position(1, 0, 0)
    assert lookout.heard.presets == head.presets() == lookout.presets()


def test_trouble_is_told_once_and_asked_ever_more_seldom(caplog: pytest.LogCaptureFixture) -> None:
    head = Fickle(Clock())
    lookout = Lookout(head, name="utara")
    lookout.ask()
    head.trouble = "no answer in time"
    assert [lookout.ask() for _ in range(8)] == [2, 4, 8, 16, 32, 60, LONGEST_WAIT_S, LONGEST_WAIT_S]
    assert lookout.trouble == "no answer in time"
    assert caplog.text.count("no answer in time") == 1
    assert lookout.heard is not None
    assert lookout.heard.number == 1
    head.trouble = ""
    assert lookout.ask() == 1.0
    assert lookout.trouble == ""
    assert "answers again" in caplog.text
    head.trouble = "no answer in time"
    assert lookout.ask() == 2.0


def test_a_camera_without_places_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Lookout(Head(Clock(), presets=()), name="utara").ask()
    assert "teach some" in caplog.text


def test_it_asks_in_a_thread_until_it_is_stopped() -> None:
    waits: list[float] = []
    enough = threading.Event()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 4:
            enough.set()
        return len(waits) == 4

    lookout = Lookout(Head(Clock()), name="utara", wait=wait)
    lookout.start()
    assert enough.wait(240)
    assert waits == [0.5, 1.0, 1.0, 1.0]
    assert lookout.heard is not None
    assert lookout.heard.pose.position == HOME


def test_a_lookout_that_was_stopped_ends() -> None:
    lookout = Lookout(Head(Clock()), name="utara", every_s=0.01)
    lookout.start()
    lookout.stop()
    assert lookout.heard is None or lookout.heard.number >= 1
