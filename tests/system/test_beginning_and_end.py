"""A city begins again where it ended, however it ended, and leaves no process behind."""

import signal
from pathlib import Path

import psutil

from tests.system.conftest import RunningCity, wait_for


def those_left(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_second_start_keeps_everything_and_no_part_outlives_a_killed_city(tmp_path: Path) -> None:
    first = RunningCity(tmp_path / "data")
    password = first.password
    everybody = first.everybody()
    first.process.kill()
    first.process.wait()
    second = RunningCity(tmp_path / "data", ["--for", "1"])
    assert second.ended() == 0, second.said
    assert those_left(everybody) == []
    assert password not in second.said
    assert "Sandi / password   yours" in second.said
    assert "Pontive ran " in second.said


def test_a_city_that_is_ended_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    starting = RunningCity(tmp_path / "data")
    starting.wait_to_say("Menyiapkan")
    wait_for((starting.folder.logs / "broker.log").exists)
    everybody = starting.everybody()
    assert starting.end(signal.SIGTERM) == 0, starting.said
    assert those_left(everybody) == []
