"""Workers are kept running; without a keeper they end."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from hub.ingest.leading.workers import KeeperWatch, keep_running
from tests.hub.ingest.rig import wait_until


class Process:
    """Stands where a real process would: it dies when the test says so."""

    def __init__(self) -> None:
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.returncode = 0

    def wait(self, _timeout_s: float = 0) -> None:
        assert self.returncode is not None


class Stop(threading.Event):
    """Each wait is a second of the test's own time, in which something happens."""

    def __init__(self, seconds: int, happens: dict[int, Sequence[int]], started: list[Process]) -> None:
        super().__init__()
        self.now_s, self._seconds, self._happens, self._started = 0.0, seconds, happens, started

    def wait(self, timeout: float | None = None) -> bool:
        self.now_s += 1
        for number in self._happens.get(int(self.now_s), ()):
            self._started[number].returncode = -9
        if self.now_s >= self._seconds:
            self.set()
        return self.is_set()


def test_a_worker_that_dies_is_started_again_ever_more_slowly(caplog: pytest.LogCaptureFixture) -> None:
    started: list[Process] = []
    begun_at_s: list[float] = []
    stop = Stop(40, {3: [0], 6: [1], 12: [2]}, started)

    def start(_command: Sequence[str]) -> Process:
        started.append(Process())
        begun_at_s.append(stop.now_s)
        return started[-1]

    keep_running({"one": ["x"]}, stop=stop, monotonic_s=lambda: stop.now_s, start=start)  # type: ignore[arg-type]  # a stand-in
    assert begun_at_s == [0, 4, 8, 16]
    assert all(process.returncode is not None for process in started), "all ended with the keeper"
    assert "one ended (exit code -9); started again in 4 s" in caplog.text


def test_a_worker_that_does_not_want_to_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.ingest.leading.workers.END_WITHIN_S", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    started: list[subprocess.Popen[bytes]] = []

    def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command))
        wait_until(is_deaf)
        return started[-1]

    def is_deaf() -> bool:
        status = Path(f"/proc/{started[-1].pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("SigIgn")]
        return bool(int(line.split()[1], 16) & 1 << signal.SIGTERM - 1)

    stop = Stop(1, {}, [])
    keep_running({"deaf": [sys.executable, "-c", deaf]}, stop=stop, monotonic_s=lambda: 0.0, start=start)
    assert started[0].returncode == -signal.SIGKILL


def test_whoever_lost_its_keeper_is_told_to_stop() -> None:
    stop = threading.Event()
    parents = iter([7, 1])
    watch = KeeperWatch(7, stop=stop, parent=lambda: next(parents))
    watch()
    assert not stop.is_set()
    watch()
    assert stop.is_set()
