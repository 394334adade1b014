"""Lamp, buzzer and their simulation."""

import logging
import sys
from datetime import UTC, datetime
from types import ModuleType

import pytest

from edge.hadir.feedback import (
    TONES,
    GpioFeedback,
    ScreenFeedback,
    SeveralFeedbacks,
    SimulatedFeedback,
    open_feedback,
)
from edge.hadir.messages import Message, Sound, already_recorded, arrived, foreign, not_genuine
from edge.supervision.messages import Told

MORNING = datetime(2026, 11, 23, 0, 14, tzinfo=UTC)


class Pin:
    """Stands for a gpiozero device: keeps what was done with it."""

    def __init__(self, name: str, done: list[str]) -> None:
        self.name = name
        self.done = done

    def blink(self, *, on_time: float, off_time: float, n: int, background: bool) -> None:
        assert background, "a lamp must not hold the tones up"
        self.done.append(f"{self.name} blinks")

    def play(self, hertz: float) -> None:
        self.done.append(f"{hertz:.0f} Hz")

    def stop(self) -> None:
        self.done.append("silence")

    def close(self) -> None:
        self.done.append(f"{self.name} closed")


@pytest.mark.parametrize(
    ("message", "done"),
    [
        (arrived("Budi", MORNING, 0), ["green blinks", "1760 Hz", "silence"]),
        (already_recorded(MORNING), ["green blinks", "880 Hz", "silence", "880 Hz", "silence"]),
        (not_genuine(), ["red blinks", "330 Hz", "silence", "330 Hz", "silence"]),
        (foreign(), []),
    ],
    ids=lambda value: value.code if isinstance(value, Message) else "",
)
def test_each_outcome_looks_and_sounds_different(message: Message, done: list[str]) -> None:
    log: list[str] = []
    feedback = GpioFeedback(
        green=Pin("green", log), red=Pin("red", log), buzzer=Pin("buzzer", log), sleep=lambda seconds: None
    )
    feedback.tell(message)
    feedback.close()
    assert log == [*done, "green closed", "red closed", "buzzer closed"]


def test_every_sound_has_its_tones() -> None:
    assert set(TONES) == set(Sound)
    assert len(set(TONES.values())) == len(Sound)


def test_the_simulation_remembers_messages_and_logs_no_name(caplog: pytest.LogCaptureFixture) -> None:
    feedback = SimulatedFeedback(kept=2)
    with caplog.at_level(logging.INFO):
        for message in (foreign(), not_genuine(), arrived("Budi", MORNING, 0)):
            feedback.tell(message)
    assert [message.code for message in feedback.messages] == ["E06", "H00"]
    assert "Budi" not in caplog.text
    feedback.close()


def test_without_gpiozero_the_door_is_simulated_and_says_so(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    assert isinstance(open_feedback("gpio"), SimulatedFeedback)
    assert "install python3-gpiozero" in caplog.text
    assert isinstance(open_feedback("simulated"), SimulatedFeedback)


def test_on_a_raspberry_pi_the_pins_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    gpiozero = ModuleType("gpiozero")
    gpiozero.LED = lambda pin: Pin(f"lamp {pin}", log)  # type: ignore[attr-defined]  # a stand-in
    gpiozero.TonalBuzzer = lambda pin, **tones: Pin(f"buzzer {pin}", log)  # type: ignore[attr-defined]
    tones = ModuleType("gpiozero.tones")
    tones.Tone = lambda frequency: frequency  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "gpiozero", gpiozero)
    monkeypatch.setitem(sys.modules, "gpiozero.tones", tones)
    feedback = open_feedback("gpio")
    feedback.tell(not_genuine())
    feedback.close()
    assert log[:2] == ["lamp 27 blinks", "330 Hz"]
    assert log[-3:] == ["lamp 17 closed", "lamp 27 closed", "buzzer 18 closed"]


def test_several_are_told_and_closed_each() -> None:
    shown: list[Told] = []
    simulated = SimulatedFeedback()
    both = SeveralFeedbacks(simulated, ScreenFeedback(shown.append))
    both.tell(arrived("Budi", MORNING, 0))
    both.close()
    assert [message.code for message in simulated.messages] == ["H00"]
    assert (shown[0].name, shown[0].action, shown[0].note) == ("Budi", "MASUK 07.14", "tepat waktu")
