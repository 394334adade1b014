"""Places where the torture suite strikes: how they are armed, refused, and that each is really there."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edge import faultpoints
from edge.faultpoints import VARIABLE, FaultPoint, arm, reach

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _disarmed_afterwards():
    yield
    arm({})


def test_without_the_variable_nothing_is_armed_and_nothing_happens() -> None:
    assert arm({}) is False
    for point in FaultPoint:
        reach(point)


def test_an_error_is_raised_once_as_what_may_be_raised_there() -> None:
    assert arm({VARIABLE: "edge.before_append:error"})
    with pytest.raises(KeyError, match=r"edge\.before_append"):
        reach(FaultPoint.EDGE_BEFORE_APPEND, error=KeyError)
    reach(FaultPoint.EDGE_BEFORE_APPEND, error=KeyError)


def test_only_the_fifth_time_is_struck_if_that_was_asked_for() -> None:
    arm({VARIABLE: "hub.after_ack:error@5, hub.sealing:error"})
    for _ in range(4):
        reach(FaultPoint.HUB_AFTER_ACK)
    with pytest.raises(OSError, match="asked for"):
        reach(FaultPoint.HUB_AFTER_ACK)
    with pytest.raises(OSError, match="asked for"):
        reach(FaultPoint.HUB_SEALING)


def test_a_delay_waits_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    arm({VARIABLE: "hub.before_commit:delay=7,hub.after_commit:delay"})
    reach(FaultPoint.HUB_BEFORE_COMMIT)
    reach(FaultPoint.HUB_AFTER_COMMIT)
    assert waited == [7.0, faultpoints.DELAY_S]


def test_a_kill_is_a_kill_and_is_said_loudly_before() -> None:
    program = (
        "import os; from edge.faultpoints import FaultPoint, arm, reach; arm(os.environ); "
        "reach(FaultPoint.EDGE_BEFORE_PUBLISH); print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, VARIABLE: "edge.before_publish:kill"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (-9, "")
    assert "A FAULT IS ARMED" in done.stderr


def test_an_installed_pontive_refuses_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    assert arm({VARIABLE: "hub.before_commit:kill"}, is_allowed=False) is False
    reach(FaultPoint.HUB_BEFORE_COMMIT)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "refused" in record.message


@pytest.mark.parametrize("wish", ["nowhere:kill", "hub.sealing:explode", "hub.sealing", "hub.sealing:kill@x"])
def test_a_wish_that_is_none_is_named_with_what_there_is(wish: str, caplog: pytest.LogCaptureFixture) -> None:
    assert arm({VARIABLE: wish}) is False
    assert "hub.before_commit" in caplog.text


def test_what_is_installed_has_no_torture_folder() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'packages = ["edge", "hub", "provisioning"]' in project


@pytest.mark.parametrize("point", list(FaultPoint))
def test_each_point_is_reached_somewhere_and_told_in_the_docs(point: FaultPoint) -> None:
    sources = [path for part in ("edge", "hub") for path in (ROOT / part).rglob("*.py")]
    places = [path for path in sources if f"reach(FaultPoint.{point.name}" in path.read_text("utf-8")]
    assert places, f"{point} is reached nowhere"
    assert f"`{point}`" in (ROOT / "docs/torture.md").read_text("utf-8")
