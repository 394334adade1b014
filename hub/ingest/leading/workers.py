"""Keeps several ingest workers running: one that dies is started again, all end together.

Must not take messages itself. A worker whose keeper died ends too (:class:`KeeperWatch`): two with
one number would take the broker's connection from each other for ever.
"""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# Who ran this long was fine: its next death starts with the first pause again.
SETTLED_AFTER_S = 60.0
END_WITHIN_S = 20.0

Start = Callable[[Sequence[str]], "subprocess.Popen[bytes]"]


class KeptWorker:
    """One worker and when it is to be started again."""

    def __init__(self, name: str, command: Sequence[str], *, start: Start) -> None:
        """Remember; nothing runs yet."""
        self.name = name
        self._command = command
        self._start = start
        self.process: subprocess.Popen[bytes] | None = None
        self._pause_s = PAUSE_S
        self._started_at_s = 0.0
        self._start_at_s = float("-inf")

    def look(self, now_s: float) -> None:
        """Start it when it is due; note when it died."""
        if self.process is not None and self.process.poll() is not None:
            self._note_death(self.process.returncode, now_s)
        if self.process is None and now_s >= self._start_at_s:
            self.process = self._start(self._command)
            self._started_at_s = now_s

    def _note_death(self, code: int, now_s: float) -> None:
        if now_s - self._started_at_s >= SETTLED_AFTER_S:
            self._pause_s = PAUSE_S
        log.error("%s ended (exit code %s); started again in %.0f s", self.name, code, self._pause_s)
        self.process = None
        self._start_at_s = now_s + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)


def keep_running(
    commands: Mapping[str, Sequence[str]],
    *,
    stop: threading.Event,
    monotonic_s: Callable[[], float],
    start: Start = subprocess.Popen,
) -> None:
    """Run all until ``stop``; a worker that dies is started again after a growing pause.

    Args:
        commands: A command line a name.
        stop: Set by whoever wants the end.
        monotonic_s: Seconds.
        start: Begins a process.
    """
    workers = [KeptWorker(name, command, start=start) for name, command in commands.items()]
    try:
        while not stop.is_set():
            for worker in workers:
                worker.look(monotonic_s())
            stop.wait(LOOK_EVERY_S)
    finally:
        _end([worker.process for worker in workers if worker.process is not None])


def keep_together(commands: Mapping[str, Sequence[str]]) -> None:
    """Keep workers running until SIGTERM or SIGINT; see :func:`keep_running`."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keep_running(commands, stop=stop, monotonic_s=time.monotonic)


def _end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class KeeperWatch:
    """Ends a worker whose keeper is gone; a chore."""

    def __init__(self, keeper: int, *, stop: threading.Event, parent: Callable[[], int] = os.getppid) -> None:
        """Take the process id of the keeper."""
        self._keeper = keeper
        self._stop = stop
        self._parent = parent

    def __call__(self) -> None:
        """Look once."""
        if self._parent() != self._keeper:
            log.error("whoever started this worker is gone; it ends")
            self._stop.set()
