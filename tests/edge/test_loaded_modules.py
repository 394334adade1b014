"""What a process of the agent does not load: each module costs start-up time and memory on every card."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("entry", "unneeded"),
    [
        ("edge.running.agent", ("http.server", "edge.hadir.kiosk.server", "edge.opencv")),
        ("edge.cameras.worker", ("numpy", "cryptography", "click", "paho", "sqlite3", "edge.outbox")),
        ("edge.hadir.worker", ("av", "click", "paho", "sqlite3", "numpy.random", "edge.hadir.phones.camera")),
    ],
)
def test_a_process_of_the_agent_loads_what_it_needs(entry: str, unneeded: tuple[str, ...]) -> None:
    program = f"import sys, {entry}\nprint([name for name in {unneeded!r} if name in sys.modules])"
    # Where coverage is measured, a child loads it too, and SQLite with it.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    said = subprocess.run(
        [sys.executable, "-c", program], env=plain, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
