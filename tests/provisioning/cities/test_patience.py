"""A program is waited for as long as it works, whoever of its group does the work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from provisioning.cities.patience import Patience

# Computes in a child of its own when it is told to.
_WORKER = """
import subprocess, sys
sys.stdin.readline()
subprocess.run([sys.executable, "-c", "while True: pass"])
"""


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", _WORKER], stdin=subprocess.PIPE, start_new_session=True)
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_one_that_computes_is_waited_for_and_one_that_does_nothing_is_not(
    worker: subprocess.Popen[bytes],
) -> None:
    clock = Clock()
    patience = Patience(worker.pid, idle_s=60, work_s=1e9, clock=clock)
    assert worker.stdin is not None
    worker.stdin.write(b"go\n")
    worker.stdin.flush()
    for _ in range(3):
        clock.now_s += 59
        _worked(worker)
        assert patience.is_left()
    os.killpg(worker.pid, signal.SIGSTOP)
    patience.is_left()
    clock.now_s += 60
    assert not patience.is_left()


def test_one_that_computes_for_ever_goes_round_in_circles(worker: subprocess.Popen[bytes]) -> None:
    patience = Patience(worker.pid, idle_s=1e9, work_s=0.5)
    assert patience.is_left()
    assert worker.stdin is not None
    worker.stdin.write(b"go\n")
    worker.stdin.flush()
    while patience.is_left():
        time.sleep(0.1)


def test_one_that_ended_is_idle() -> None:
    clock = Clock()
    process = subprocess.Popen(["true"], start_new_session=True)
    process.wait()
    patience = Patience(process.pid, idle_s=1, work_s=1, clock=clock)
    clock.now_s = 1.0
    assert not patience.is_left()


def _worked(worker: subprocess.Popen[bytes]) -> None:
    """Wait until its group computed some more."""
    fresh = Patience(worker.pid, idle_s=1e9, work_s=_used(worker) + 0.1)
    while fresh.is_left():
        time.sleep(0.05)


def _used(worker: subprocess.Popen[bytes]) -> float:
    return Patience(worker.pid, idle_s=1, work_s=1)._group_seconds()
