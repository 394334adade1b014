"""Children are watched, started again, and never outlive their city."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from provisioning.cities.children import MAX_LOG_BYTES, Children, Program, describe_exit
from provisioning.errors import ProvisioningError


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def children(tmp_path: Path, clock: Clock, said: list[str]) -> Iterator[Children]:
    family = Children(tmp_path, clock=clock, say=said.append)
    yield family
    family.end(grace_s=2)


def python(code: str, name: str = "child", **environment: str) -> Program:
    return Program(name, (sys.executable, "-c", textwrap.dedent(code)), Path.cwd(), environment=environment)


SLEEPS = "import time; print('up', flush=True); time.sleep(600)"


def wait_until(is_true: Callable[[], object]) -> None:
    for _ in range(12_000):
        if is_true():
            return
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def test_a_child_runs_in_its_own_group_and_logs_to_its_own_file(children: Children, tmp_path: Path) -> None:
    children.start(
        python("import os, time; print(os.environ['WHO'], flush=True); time.sleep(600)", WHO="saya")
    )
    wait_until(lambda: "saya" in children.last_lines("child"))
    assert (tmp_path / "child.log").read_text() == "saya\n"
    assert os.getpgid(children.pid("child")) == children.pid("child") != os.getpgrp()


def test_a_child_that_dies_is_started_again_with_growing_pauses(children, clock, said) -> None:
    children.start(python("import sys; print('no camera'); sys.exit(3)"))
    pauses = []
    for _ in range(3):
        wait_until(lambda: not children.is_running("child"))
        children.tick()
        pauses.append(said[-1].partition("again in ")[2].partition(".")[0])
        clock.now_s += 31
        children.tick()
    assert pauses == ["1 s", "2 s", "4 s"]
    assert "child ended by itself (exit code 3)" in said[0]
    assert "no camera" in said[0]


def test_a_child_that_had_settled_is_started_again_soon(children, clock, said) -> None:
    children.start(python(SLEEPS))
    for _ in range(2):
        clock.now_s += 100
        os.kill(children.pid("child"), signal.SIGKILL)
        wait_until(lambda: not children.is_running("child"))
        children.tick()
        assert "killed by SIGKILL" in said[-1]
        assert "again in 1 s" in said[-1]
        clock.now_s += 1
        children.tick()
        assert children.is_running("child")


def test_a_stopped_child_stays_stopped(children, clock, said) -> None:
    children.start(python(SLEEPS))
    children.stop("child")
    clock.now_s += 1000
    children.tick()
    assert not children.is_running("child")
    assert said == []
    with pytest.raises(ProvisioningError, match="child is not running"):
        children.pid("child")
    children.start(python(SLEEPS))
    assert children.is_running("child")


def test_what_a_child_started_ends_with_it(children) -> None:
    starts_another = """
        import subprocess, time
        print(subprocess.Popen(['sleep', '600']).pid, flush=True)
        time.sleep(600)
    """
    children.start(python(starts_another))
    wait_until(lambda: children.last_lines("child"))
    grandchild = int(children.last_lines("child"))
    children.stop("child", grace_s=0)
    wait_until(lambda: not is_running(grandchild))


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_child_that_does_not_listen_is_killed(children) -> None:
    is_deaf = """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(1, flush=True)
        time.sleep(600)
    """
    children.start(python(is_deaf))
    wait_until(lambda: children.last_lines("child"))
    pid = children.pid("child")
    children.end(grace_s=0.3)
    assert not is_running(pid)


def test_a_child_that_is_stopped_by_a_signal_ends_all_the_same(children) -> None:
    children.start(python(SLEEPS))
    wait_until(lambda: children.last_lines("child"))
    pid = children.pid("child")
    os.kill(pid, signal.SIGSTOP)
    children.end(grace_s=5)
    assert not is_running(pid)


def test_the_highest_stage_ends_before_the_others_are_asked(children, tmp_path: Path) -> None:
    writes_when_asked = """
        import signal, sys, time
        def write(*_):
            time.sleep(float(sys.argv[2]))
            open(sys.argv[1], "a").write(sys.argv[3])
            sys.exit()
        signal.signal(signal.SIGTERM, write)
        print("up", flush=True)
        time.sleep(600)
    """
    script = ("-c", textwrap.dedent(writes_when_asked), str(tmp_path / "order"))
    for name, pause_s, stage in (("broker", "0", 0), ("edge", "0.3", 2), ("hub", "0.1", 1)):
        children.start(Program(name, (sys.executable, *script, pause_s, name[0]), tmp_path, stage=stage))
    for name in ("broker", "edge", "hub"):
        wait_until(lambda name=name: children.last_lines(name))
    children.end()
    assert (tmp_path / "order").read_text() == "ehb"


def test_a_log_stays_small(children, tmp_path: Path) -> None:
    children.start(python(SLEEPS))
    wait_until(lambda: children.last_lines("child"))
    (tmp_path / "child.log").write_bytes(b"x" * (MAX_LOG_BYTES + 1))
    children.tick()
    assert (tmp_path / "child.log").stat().st_size == 0
    assert (tmp_path / "child.log.1").stat().st_size == MAX_LOG_BYTES + 1


def test_a_program_that_is_not_there_is_named(children) -> None:
    with pytest.raises(ProvisioningError, match="/no/such/program cannot be started: No such file"):
        children.start(Program("child", ("/no/such/program",), Path.cwd()))
    assert children.last_lines("other") == ""


def test_exit_codes_in_words() -> None:
    assert describe_exit(0) == "exit code 0"
    assert describe_exit(-15) == "killed by SIGTERM"


def test_children_do_not_outlive_a_city_that_is_killed(tmp_path: Path) -> None:
    script = f"""
        import time
        from pathlib import Path
        from provisioning.cities.children import Children, Program
        family = Children(Path({str(tmp_path)!r}), clock=time.monotonic, say=print)
        family.start(Program("stays", ("sleep", "600"), Path("/")))
        family.start(Program("ends", ("sleep", "600"), Path("/")))
        print(family.pid("stays"), family.pid("ends"), flush=True)
        family.stop("ends")
        time.sleep(600)
    """
    city = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    )
    assert city.stdout is not None
    stays, ends = (int(pid) for pid in city.stdout.readline().split())
    wait_until(lambda: not psutil.pid_exists(ends))
    city.kill()
    city.wait()
    city.stdout.close()
    wait_until(lambda: not is_running(stays))
