"""balena's lock is there while somebody is at a door, and never longer than that."""

import logging
from pathlib import Path
from typing import Any

import pytest

from edge.update.balena_lock import under_balena
from edge.update.building import NoUpdates, Updates
from edge.update.scan_pause import ScanPause
from edge.wire.records.bodies import ScanRefused

VARIABLE = "BALENA_APP_LOCK_PATH"
PAUSE_S = 120.0
REFUSED = ScanRefused(door="pintu", message="E01", count=1)


class Heard(NoUpdates):
    """Notes what is handed on."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in ("start", "desire", "acknowledged", "stop", "restart_machine", "turn"):
            return lambda *_given: self.calls.append(name)
        return super().__getattribute__(name)


class Door:
    """Somebody comes when the test says so."""

    def __init__(self, path: Path) -> None:
        self.now_s = 0.0
        self.pause = ScanPause(lambda: self.now_s, pause_s=PAUSE_S)
        self.inner = Heard()
        self.updates: Updates = under_balena(self.inner, self.pause, {VARIABLE: str(path)})

    def scan(self) -> None:
        self.pause.kept(REFUSED)
        self.updates.turn()


def test_the_lock_is_there_from_a_scan_until_the_queue_is_over(tmp_path: Path) -> None:
    lock = tmp_path / "updates.lock"
    door = Door(lock)
    door.updates.turn()
    assert not lock.exists()
    door.scan()
    assert lock.exists()
    door.now_s = PAUSE_S - 1
    door.scan()
    door.now_s = PAUSE_S + 1
    door.updates.turn()
    assert lock.exists(), "the second scan holds it on"
    door.now_s = 2 * PAUSE_S
    door.updates.turn()
    assert not lock.exists()


def test_a_lock_that_an_earlier_run_left_behind_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "updates.lock").touch()
    Door(tmp_path / "updates.lock")
    assert not (tmp_path / "updates.lock").exists()


def test_an_agent_that_ends_lets_go(tmp_path: Path) -> None:
    door = Door(tmp_path / "updates.lock")
    door.scan()
    door.updates.stop(0.1)
    assert not (tmp_path / "updates.lock").exists()


def test_the_lock_of_another_container_is_as_good_as_ours(tmp_path: Path) -> None:
    door = Door(tmp_path / "updates.lock")
    (tmp_path / "updates.lock").touch()
    door.scan()
    assert (tmp_path / "updates.lock").exists()


def test_a_lock_that_cannot_be_made_is_said_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(tmp_path / "nowhere" / "updates.lock")
    with caplog.at_level(logging.WARNING):
        door.scan()
        door.scan()
    assert caplog.text.count("cannot be used") == 1
    assert door.inner.calls == ["turn", "turn"]


def test_a_lock_that_cannot_be_taken_away_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lock = tmp_path / "updates.lock"
    lock.mkdir()
    door = Door(lock)
    lock.rmdir()
    door.updates.turn()
    door.scan()
    assert lock.is_file()
    assert "cannot be used" in caplog.text


def test_everything_else_is_handed_on(tmp_path: Path) -> None:
    door = Door(tmp_path / "updates.lock")
    updates: Any = door.updates
    updates.start()
    updates.desire(None)
    updates.acknowledged(None)
    updates.stop(0.1)
    updates.restart_machine()
    assert door.inner.calls == ["start", "desire", "acknowledged", "stop", "restart_machine"]


def test_without_balena_nothing_is_put_between() -> None:
    inner = Heard()
    assert under_balena(inner, ScanPause(lambda: 0.0, pause_s=PAUSE_S), {}) is inner
