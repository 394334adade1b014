"""The one process that reads all sensors."""

import multiprocessing
import subprocess
import sys
import threading
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import pytest

from edge.config import SensorSettings
from edge.sensors.port import SensorError
from edge.sensors.worker import Readings, run
from edge.supervision.messages import Beat, Faulted, Said, Stop
from edge.wire.records.bodies import CameraFault, SensorReading


def settings(name: str, every_s: float, source: str = "simulated:number?seed=1") -> SensorSettings:
    return SensorSettings(id=name, source=source, quantity="number", every_s=every_s)


class Broken:
    def __init__(self) -> None:
        self.is_broken = True

    def read(self, at: datetime) -> float:
        if self.is_broken:
            raise SensorError("wire cut")
        return 1.0


class Constant:
    def read(self, at: datetime) -> float:
        return 2.0


class Bench:
    """Readings with a clock the test moves, and what came out of the pipe."""

    def __init__(self, *sensors: tuple[SensorSettings, Any]) -> None:
        self.now_s = 100.0
        self.ours, theirs = multiprocessing.Pipe()
        self.readings = Readings(
            settings=tuple(s for s, _ in sensors),
            sensors=[sensor for _, sensor in sensors],
            pipe=theirs,
            monotonic=lambda: self.now_s,
            now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
        )

    def step(self, at_s: float) -> tuple[float, list[Any]]:
        self.now_s = at_s
        wait_s = self.readings.step()
        came = []
        while self.ours.poll():
            came.append(self.ours.recv())
        return wait_s, came


def names(messages: list[Any]) -> list[str]:
    return [m.body.sensor for m in messages if isinstance(m, Said) and isinstance(m.body, SensorReading)]


def test_each_sensor_is_read_at_its_own_pace() -> None:
    bench = Bench((settings("fast", 1), Constant()), (settings("slow", 10), Constant()))
    wait_s, came = bench.step(100)
    assert names(came) == ["fast", "slow"]
    assert wait_s == pytest.approx(1)
    assert names(bench.step(100.5)[1]) == []
    assert names(bench.step(101)[1]) == ["fast"]
    assert names(bench.step(110)[1]).count("slow") == 1


def test_readings_missed_in_a_pause_are_not_made_up_for() -> None:
    bench = Bench((settings("fast", 1), Constant()))
    bench.step(100)
    assert len(names(bench.step(500)[1])) <= 2
    assert names(bench.step(501)[1]) == ["fast"]


def test_it_beats_every_second_even_when_nothing_is_due() -> None:
    bench = Bench((settings("slow", 3_600), Constant()))
    assert [type(m) for m in bench.step(100)[1]] == [Said, Beat]
    assert bench.step(101)[1] == [Beat(frames=1, pts_s=101)]
    assert bench.step(101.5)[1] == []


def test_a_broken_sensor_is_logged_once_and_keeps_no_other_from_being_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Broken()
    bench = Bench((settings("bad", 1), broken), (settings("good", 1), Constant()))
    for at_s in (100, 101, 102):
        assert names(bench.step(at_s)[1]) == ["good"]
    assert [r.getMessage() for r in caplog.records] == ["sensor bad cannot be read: wire cut"]
    broken.is_broken = False
    assert sorted(names(bench.step(103)[1])) == ["bad", "good"]


def conversation(sensors: tuple[SensorSettings, ...]) -> tuple[Connection, threading.Thread]:
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=run, args=(sensors, theirs))
    thread.start()
    return ours, thread


def test_it_runs_until_it_is_told_to_stop() -> None:
    ours, thread = conversation((settings("one", 0.05),))
    came = [ours.recv() for _ in range(8)]
    ours.send(Stop())
    thread.join(timeout=240)
    assert not thread.is_alive()
    assert any(isinstance(message, Beat) for message in came)
    assert sum(isinstance(message, Said) for message in came) >= 6


def test_an_unknown_source_is_a_fault_with_a_name() -> None:
    ours, thread = conversation((settings("one", 1, source="modbus:7"),))
    fault = ours.recv()
    thread.join(timeout=240)
    assert isinstance(fault, Faulted)
    assert fault.fault is CameraFault.NOT_FOUND
    assert "modbus:7" in fault.detail


def test_the_worker_stays_light() -> None:
    program = (
        "import sys, edge.sensors.worker; print(sorted({'numpy', 'cv2', 'av', 'paho'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
