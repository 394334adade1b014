"""What holds for every test run: SIGTERM ends it as Ctrl-C does, so that fixtures still clean up."""

import signal
from types import FrameType

import pytest


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not cut the cleaning up short.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def pytest_configure(config: pytest.Config) -> None:
    """Take both signals; a shell that runs us beside it has switched SIGINT off for us."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt_once)
