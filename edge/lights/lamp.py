"""The lamp: one LED that is on or off, and the patience to blink a sign with it.

``LedLamp`` is the green LED of a Raspberry Pi; ``PlayedLamp`` its twin, which remembers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from edge.errors import EdgeError
from edge.lights.signs import Sign

SHORT_S, LONG_S, GAP_S, PAUSE_S = 0.2, 0.8, 0.3, 1.8
# The name of the green LED: since Linux 5.17 as printed on the board, before by number.
NAMES = ("ACT", "led0")


class LampError(EdgeError):
    """There is no such LED, or it cannot be used; says why and the remedy."""


class Lamp(Protocol):
    """Something that shines or not."""

    def shine(self, is_on: bool) -> None:
        """Switch it.

        Raises:
            LampError: it does not obey.
        """
        ...


class LedLamp:
    """An LED of the kernel, below ``/sys/class/leds``."""

    def __init__(self, root: Path = Path("/"), names: tuple[str, ...] = NAMES) -> None:
        """Take the first LED of ``names`` that is there away from the card's activity.

        Raises:
            LampError: there is none, or it is not ours to switch.
        """
        folder = root / "sys/class/leds"
        found = next((folder / name for name in names if (folder / name).is_dir()), None)
        if found is None:
            raise LampError(f"{folder}: no LED named {' or '.join(names)}; name one of this board by --led")
        self._brightness = found / "brightness"
        self._write(found / "trigger", "none")

    def shine(self, is_on: bool) -> None:
        """Switch it; full brightness of an LED that knows only on and off is 1 or more."""
        self._write(self._brightness, "1" if is_on else "0")

    def _write(self, path: Path, word: str) -> None:
        try:
            path.write_text(word)
        except OSError as error:
            raise LampError(f"{path}: {error.strerror}; the lamp runs as root") from error


@dataclass
class PlayedLamp:
    """Remembers what it was told."""

    told: list[bool] = field(default_factory=list)

    def shine(self, is_on: bool) -> None:
        """Remember."""
        self.told.append(is_on)


def blinks_of(sign: Sign) -> tuple[tuple[bool, float], ...]:
    """Return one round of a sign: on or off, and for how many seconds; ends dark."""
    lengths = [LONG_S] * sign.long + [SHORT_S] * sign.short
    steps = [step for length_s in lengths for step in ((True, length_s), (False, GAP_S))]
    return (*steps, (False, PAUSE_S))


def blink(lamp: Lamp, sign: Sign, *, sleep: Callable[[float], None]) -> None:
    """Show a sign once."""
    for is_on, length_s in blinks_of(sign):
        lamp.shine(is_on)
        sleep(length_s)
