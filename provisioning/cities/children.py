"""The child programs of a city: started, watched, started again when they die, all ended at the end.

Each child leads a process group of its own, so that what it started itself ends with it, and
Ctrl-C in a terminal reaches the city only. Must not know what the programs do.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.cities.reaper import end_groups
from provisioning.errors import ProvisioningError

MAX_LOG_BYTES = 2_000_000
FIRST_PAUSE_S = 1.0
MAX_PAUSE_S = 30.0
# A child that ran this long was fine: its next death starts with the first pause again.
SETTLED_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: ``command`` in ``folder``, with ``environment`` beside the present one.

    ``stage``: the highest is ended first, and may still say goodbye to those below.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    stage: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    start_again_at_s: float | None = None


class Children:
    """All children of one city. Not thread safe: one loop calls :meth:`tick`."""

    def __init__(
        self,
        logs: Path,
        *,
        clock: Callable[[], float],
        say: Callable[[str], None],
        inherited: tuple[int, ...] = (),
    ) -> None:
        """Start the reaper, which ends the children even when this process is killed.

        Args:
            logs: The folder of the log files, one a child.
            clock: Monotonic seconds.
            say: Takes one line for a person.
            inherited: File descriptors (a lock) that are given back only when the reaper is done.
        """
        self._logs = logs
        self._clock = clock
        self._say = say
        self._children: dict[str, _Child] = {}
        self._reaper = subprocess.Popen(
            [sys.executable, "-P", "-m", "provisioning.cities.reaper"],
            stdin=subprocess.PIPE,
            pass_fds=inherited,
            start_new_session=True,
        )

    def start(self, program: Program) -> None:
        """Start a program now and keep it running until :meth:`stop` or :meth:`end`."""
        child = self._children.setdefault(program.name, _Child(program))
        child.program = program
        self._start(child)

    def is_running(self, name: str) -> bool:
        """Return whether a child runs at this moment."""
        child = self._children.get(name)
        return child is not None and child.process is not None and child.process.poll() is None

    def pid(self, name: str) -> int:
        """Return the process id of a running child, which is its group's id too.

        Raises:
            ProvisioningError: it does not run.
        """
        child = self._children.get(name)
        if child is None or child.process is None or child.process.poll() is not None:
            raise ProvisioningError(f"{name} is not running")
        return child.process.pid

    def stop(self, name: str, *, grace_s: float = 10.0) -> None:
        """End a child and leave it ended; with ``grace_s`` 0 it is killed, like a power cut."""
        child = self._children[name]
        child.start_again_at_s = None
        if child.process is not None:
            self._end_together([child.process], grace_s)
            child.process = None

    def tick(self) -> None:
        """Start again what died, with growing pauses, and keep the logs small."""
        for child in self._children.values():
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child, child.process)
            if child.start_again_at_s is not None and self._clock() >= child.start_again_at_s:
                self._start(child)
            self._keep_small(self.log_path(child.program.name))

    def end(self, *, grace_s: float = 10.0) -> None:
        """End all children, stage by stage, and then the reaper. May be called twice."""
        for stage in sorted({child.program.stage for child in self._children.values()}, reverse=True):
            at_stage = [child for child in self._children.values() if child.program.stage == stage]
            self._end_together([c.process for c in at_stage if c.process is not None], grace_s)
        self._children.clear()
        if self._reaper.stdin is not None and not self._reaper.stdin.closed:
            self._reaper.stdin.close()
        self._reaper.wait()

    def log_path(self, name: str) -> Path:
        """Return where a child's output goes."""
        return self._logs / f"{name}.log"

    def last_lines(self, name: str, count: int = 8) -> str:
        """Return the end of a child's log, indented."""
        try:
            text = self.log_path(name).read_bytes()[-8_000:].decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        return "\n".join("    " + line for line in text.splitlines()[-count:])

    def _start(self, child: _Child) -> None:
        program = child.program
        with self.log_path(program.name).open("ab") as log:
            try:
                child.process = subprocess.Popen(
                    program.command,
                    cwd=program.folder,
                    env={**os.environ, **program.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise ProvisioningError(
                    f"{program.command[0]} cannot be started: {error.strerror}"
                ) from error
        self._tell_reaper(f"+{child.process.pid}")
        child.started_at_s = self._clock()
        child.start_again_at_s = None

    def _note_death(self, child: _Child, process: subprocess.Popen[bytes]) -> None:
        name = child.program.name
        self._end_together([process], 0)  # what it started itself must not go on alone
        child.process = None
        if self._clock() - child.started_at_s > SETTLED_AFTER_S:
            child.pause_s = FIRST_PAUSE_S
        child.start_again_at_s = self._clock() + child.pause_s
        self._say(
            f"{name} ended by itself ({describe_exit(process.returncode)}); starting it again in "
            f"{child.pause_s:.0f} s. Its last words, of {self.log_path(name)}:\n{self.last_lines(name)}"
        )
        child.pause_s = min(child.pause_s * 2, MAX_PAUSE_S)

    def _end_together(self, processes: Sequence[subprocess.Popen[bytes]], grace_s: float) -> None:
        groups = [process.pid for process in processes]
        end_groups(groups, grace_s=grace_s, collect=lambda: [process.poll() for process in processes])
        for process in processes:
            process.wait()
            self._tell_reaper(f"-{process.pid}")

    def _tell_reaper(self, line: str) -> None:
        assert self._reaper.stdin is not None
        self._reaper.stdin.write(line.encode() + b"\n")
        self._reaper.stdin.flush()

    def _keep_small(self, log: Path) -> None:
        # Children append, so the file may be emptied under them; the part before is kept once.
        if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def describe_exit(code: int) -> str:
    """Return an exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
