"""Who holds a lease, and whether it still runs: with real processes."""

import subprocess
import sys
from pathlib import Path

from hub.ingest.leading.holder import is_gone, this_process


def test_a_process_that_runs_is_there_and_one_that_was_killed_is_gone() -> None:
    code = "from hub.ingest.leading.holder import this_process; print(this_process(2), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        holder = child.stdout.readline().strip()
        assert holder.startswith(f"worker 2 pid {child.pid} since ")
        assert len(holder) <= 120
        assert not is_gone(holder)
        child.kill()
        child.wait()
    assert is_gone(holder)
    assert not is_gone(this_process(0))


def test_whoever_took_over_the_number_of_a_process_is_not_it() -> None:
    mine = this_process(1)
    since = mine.split(" since ")[1].split()[0]
    assert is_gone(mine.replace(f"since {since}", "since 1"))


def test_nothing_is_known_of_another_machine_or_without_proc(tmp_path: Path) -> None:
    mine = this_process(1).replace("since ", "since 1")
    assert is_gone(mine)
    assert not is_gone(mine + "9"), "another container"
    assert not is_gone("worker 1 on balai abcdef12"), "an older Pontive"
    assert not is_gone(this_process(1, proc=tmp_path), proc=tmp_path)


def test_a_process_that_only_waits_for_its_parent_is_gone(tmp_path: Path) -> None:
    mine = this_process(1)
    pid = mine.split(" pid ")[1].split()[0]
    for number, state in ((pid, "S"), ("7", "Z")):
        (tmp_path / number).mkdir()
        (tmp_path / number / "stat").write_text(
            f"{number} (a) b) {state} " + " ".join(map(str, range(4, 40)))
        )
    place = this_process(1, proc=tmp_path).split(" at ")[1]
    assert is_gone(f"worker 1 pid 7 since 22 at {place}", proc=tmp_path)
    assert not is_gone(f"worker 1 pid {pid} since 22 at {place}", proc=tmp_path)
