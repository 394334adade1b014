"""One agent a folder, whoever it is and however the one before it ended."""

import subprocess
import sys
from pathlib import Path

import pytest

from edge.running.alone import NotAloneError, alone_on

HOLD = """
import sys, time
from pathlib import Path
from edge.running.alone import alone_on
with alone_on(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_agent_is_refused_until_the_first_one_is_gone_and_be_it_killed(tmp_path: Path) -> None:
    outbox = tmp_path / "made by the first/outbox.db"
    command = [sys.executable, "-c", HOLD, str(outbox)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(
            NotAloneError, match="another agent runs with this folder; stop it, or name another folder"
        ):
            alone_on(outbox).__enter__()
        first.kill()
        first.wait()
    with alone_on(outbox):
        pass


def test_other_folders_are_free(tmp_path: Path) -> None:
    with alone_on(tmp_path / "one/outbox.db"), alone_on(tmp_path / "other/outbox.db"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]
