"""What a door shows and sounds: lamp and buzzer, a screen, or a simulation that keeps the last words.

Never blocks the reader: tones are played by a thread. Must not log texts, as they hold names.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from edge.hadir.messages import Message, Sound
from edge.supervision.messages import Told

_LOG = logging.getLogger(__name__)

_GREEN_PIN, _RED_PIN, _BUZZER_PIN = 17, 27, 18
_GAP_S = 0.08


@dataclass(frozen=True, slots=True)
class Tone:
    """A pitch and how long it sounds."""

    hertz: float
    lasts_s: float


_HIGH, _MID, _LOW = Tone(1_760, 0.12), Tone(880, 0.12), Tone(330, 0.45)
TONES: dict[Sound, tuple[Tone, ...]] = {
    Sound.HIGH_ONCE: (_HIGH,),
    Sound.MID_ONCE: (_MID,),
    Sound.MID_TWICE: (_MID, _MID),
    Sound.LOW_ONCE: (_LOW,),
    Sound.LOW_TWICE: (_LOW, _LOW),
    Sound.NONE: (),
}


class Feedback(Protocol):
    """Tells people at a door what became of their code."""

    def tell(self, message: Message) -> None:
        """Show and sound a message at once; never waits, never raises."""

    def close(self) -> None:
        """Go dark; allowed twice."""


class SimulatedFeedback:
    """Remembers the last messages in place of lamps and tones."""

    def __init__(self, kept: int = 50) -> None:
        self.messages: deque[Message] = deque(maxlen=kept)

    def tell(self, message: Message) -> None:
        """Remember a message."""
        self.messages.append(message)
        _LOG.info("door says %s", message.code)

    def close(self) -> None:
        """Nothing to end."""


class ScreenFeedback:
    """Hands messages to the agent, which shows them on the attached screen."""

    def __init__(self, send: Callable[[Told], None]) -> None:
        """Take the way to the agent."""
        self._send = send

    def tell(self, message: Message) -> None:
        """Show a message at once; never waits for the screen."""
        self._send(Told(message.code, message.text, message.name, message.action, message.note))

    def close(self) -> None:
        """Nothing to end: the page is the agent's."""


class SeveralFeedbacks:
    """Tells several in turn: lamps, tones and the screen."""

    def __init__(self, *feedbacks: Feedback) -> None:
        """Take all that shall be told."""
        self._feedbacks = feedbacks

    def tell(self, message: Message) -> None:
        """Tell all of them."""
        for feedback in self._feedbacks:
            feedback.tell(message)

    def close(self) -> None:
        """End all of them; allowed twice."""
        for feedback in self._feedbacks:
            feedback.close()


class GpioFeedback:
    """Green and red lamp and a buzzer on the pins of a Raspberry Pi."""

    def __init__(
        self, *, green: Any, red: Any, buzzer: Any, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Take over gpiozero devices: two ``LED`` and a ``TonalBuzzer``."""
        self._green, self._red, self._buzzer = green, red, buzzer
        self._sleep = sleep
        self._waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._player = threading.Thread(target=self._play_all, name="door-tones", daemon=True)
        self._player.start()

    def tell(self, message: Message) -> None:
        """Show and sound a message at once; never waits, never raises."""
        self._waiting.put(message)

    def close(self) -> None:
        """Go dark; allowed twice."""
        self._waiting.put(None)
        self._player.join(timeout=2)
        for device in (self._green, self._red, self._buzzer):
            device.close()

    def _play_all(self) -> None:
        while (message := self._waiting.get()) is not None:
            self._play(message)

    def _play(self, message: Message) -> None:
        tones = TONES[message.sound]
        lamp = self._green if message.code in ("H00", "H01", "S14") else self._red
        if tones:
            lamp.blink(on_time=1.2, off_time=0, n=1, background=True)
        for tone in tones:
            self._buzzer.play(tone.hertz)
            self._sleep(tone.lasts_s)
            self._buzzer.stop()
            self._sleep(_GAP_S)


def open_feedback(kind: Literal["simulated", "gpio"]) -> Feedback:
    """Return the feedback a door is configured with; without the pins it is simulated."""
    if kind == "simulated":
        return SimulatedFeedback()
    try:
        from gpiozero import LED, TonalBuzzer  # only on a Raspberry Pi
        from gpiozero.tones import Tone as Pitch
    except ImportError:
        _LOG.error("gpiozero is not installed: the door has no lamp and no tones; install python3-gpiozero")
        return SimulatedFeedback()
    buzzer = TonalBuzzer(_BUZZER_PIN, mid_tone=Pitch(frequency=880), octaves=2)
    return GpioFeedback(green=LED(_GREEN_PIN), red=LED(_RED_PIN), buzzer=buzzer)
