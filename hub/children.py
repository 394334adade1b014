"""Runs programs side by side: when one ends, or we are told to stop, all end."""

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from types import FrameType

_LOOK_EVERY_S = 0.5
_END_WITHIN_S = 10.0


def run_together(commands: Mapping[str, Sequence[str]]) -> str | None:
    """Run until one ends or a signal says stop; then end the others.

    Args:
        commands: A command line a name.

    Returns:
        The name of the program that ended by itself, or ``None`` after a signal.
    """
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    children = {name: subprocess.Popen(command) for name, command in commands.items()}
    try:
        while not stop.wait(_LOOK_EVERY_S):
            for name, child in children.items():
                if child.poll() is not None:
                    return name
        return None
    finally:
        for child in children.values():
            _end(child)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_END_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
