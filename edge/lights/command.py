"""``pontive-edge lamp``: blinks the device's state until it is ended."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from edge.lights.lamp import Lamp, LedLamp, blink
from edge.lights.sign_file import shown_state
from edge.lights.signs import SIGNS


def run_lamp(
    *,
    led: str,
    folders: Sequence[Path],
    config_path: Path,
    lamp_of: Callable[[str], Lamp] = lambda led: LedLamp(names=(led,)) if led else LedLamp(),
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Blink for ever.

    Args:
        led: Name of the LED; empty: the green one of a Raspberry Pi.
        folders: Where programs leave their signs.
        config_path: Is there when the device is enrolled.
        lamp_of: Opens the LED.
        sleep: Waits; what it raises ends the lamp.

    Raises:
        LampError: there is no such LED.
    """
    lamp = lamp_of(led)
    while True:
        state = shown_state(folders, has_identity=config_path.exists())
        blink(lamp, SIGNS[state], sleep=sleep)
