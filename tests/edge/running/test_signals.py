"""Signals that end a program."""

import os
import signal

import pytest

from edge.running.signals import stopped_by_signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_call_and_the_old_handler_comes_back(number: signal.Signals) -> None:
    before, stops = signal.getsignal(number), list[str]()
    with stopped_by_signals(lambda: stops.append("stop")):
        os.kill(os.getpid(), number)
    assert stops == ["stop"]
    assert signal.getsignal(number) is before
