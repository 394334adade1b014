"""One whole city for a file of system tests, started as ``./pontive up`` does, with real video if any."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import psutil
import pytest
from sqlalchemy.orm import Session

from hub.config import load_config
from hub.db import Database
from provisioning.cities.layout import CityFolder
from provisioning.cities.machine import _bind

Found = TypeVar("Found")
VIDEO = Path(__file__).parents[2] / "../shared/video/car-detection.mp4"
PROGRAM = str(Path(sys.executable).parent / "pontive-provision")
# On two busy cores everything takes its time; none of these is a promise.
PATIENCE_S = 600.0


def wait_for(look: Callable[[], Found | None], *, patience_s: float = PATIENCE_S) -> Found:
    """Return the first true value of ``look``."""
    deadline_s = time.monotonic() + patience_s
    while time.monotonic() < deadline_s:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience_s:.0f} s in vain")


class Look(Protocol):
    """Runs a reader in a new session."""

    def __call__(self, reader: Callable[[Session], Found]) -> Found: ...


class RunningCity:
    """A city as a child of the tests."""

    def __init__(self, data: Path, arguments: Sequence[str] = ()) -> None:
        self.folder = CityFolder(data)
        self.port = _bind(0)
        self.output = data.with_suffix(".out")
        command = [PROGRAM, "city", "up", "--no-browser", "--data", str(data), "--port", str(self.port)]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONFAULTHANDLER": "1"},
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_to_say(self, pattern: str) -> re.Match[str]:
        """Return the first match of ``pattern`` in what the city says."""

        def look() -> re.Match[str] | None:
            found = re.search(pattern, self.said)
            assert found or self.process.poll() is None, self.said
            return found

        return wait_for(look)

    @property
    def password(self) -> str:
        return self.wait_to_say(r"password +(\S+)\n").group(1)

    @property
    def broker_port(self) -> int:
        return load_config(self.folder.hub_config).broker.port

    def child(self, part: str) -> psutil.Process:
        """Return the process whose command line holds ``part``; ``LookupError`` when there is none."""
        for process in psutil.Process(self.process.pid).children():
            if part in " ".join(process.cmdline()):
                return process
        raise LookupError(f"no child {part!r}")

    def everybody(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask the city to end as Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait until the city has ended by itself, and return its exit code."""
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            # Where it hangs is the only thing worth knowing then.
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(60)
            raise AssertionError(f"the city did not end:\n{self.said}") from None


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A city in which every tile was live; it ends with its file: it would slow what follows."""
    cameras = ["--camera", str(VIDEO.resolve())] if VIDEO.exists() else []
    running = RunningCity(tmp_path_factory.mktemp("city") / "data", cameras)
    try:
        running.wait_to_say("All tiles are live")
        yield running
    finally:
        everybody = running.everybody()
        assert running.end() == 0, running.said
        assert [process for process in everybody if _is_left(process)] == []


def _is_left(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module")
def hub_database(city: RunningCity) -> Iterator[Database]:
    """The database of the running hub, for looking at."""
    database = Database(load_config(city.folder.hub_config).database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def look(hub_database: Database) -> Look:
    """Run a reader on the hub's tables as they are now."""

    def read(reader: Callable[[Session], Found]) -> Found:
        with hub_database.reading() as session:
            return reader(session)

    return read
