"""Programs of ours as processes that can be killed, frozen, started again, and told to misbehave."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from edge.faultpoints import VARIABLE

_ROOT = Path(__file__).parents[3]


class Victim(Protocol):
    """Something that can be hurt."""

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


class Program:
    """One program of ours with all its children, as one process group."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._command = list(command)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, faults: str = "") -> None:
        """Start it; ``faults`` as for ``PONTIVE_FAULT``."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=_ROOT,
                env={**os.environ, VARIABLE: faults},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end; after ten seconds it is killed, its children in any case."""
        self.thaw()
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(240)
        self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended by itself; ``None`` while it runs."""
        return None if self._process is None else self._process.poll()

    def said(self, words: str) -> int:
        """Return how often its log has some words."""
        return self.log.read_text("utf-8", "replace").count(words) if self.log.exists() else 0

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait()


class Together(Program):
    """Programs that do one job side by side: armed together, and asked together."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = tuple(programs)

    def start(self, *, faults: str = "") -> None:
        for program in self._programs:
            program.start(faults=faults)

    def kill(self) -> None:
        for program in self._programs:
            program.kill()

    def freeze(self) -> None:
        for program in self._programs:
            program.freeze()

    def thaw(self) -> None:
        for program in self._programs:
            program.thaw()

    def stop(self) -> None:
        for program in self._programs:
            program.stop()

    @property
    def exit_code(self) -> int | None:
        """How the first that ended by itself did; ``None`` while all run."""
        return next((one.exit_code for one in self._programs if one.exit_code is not None), None)

    def said(self, words: str) -> int:
        """Return how often their logs have some words."""
        return sum(program.said(words) for program in self._programs)
