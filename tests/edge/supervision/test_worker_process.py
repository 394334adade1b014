"""The start of a worker process, and its end when the agent is gone."""

import multiprocessing
import subprocess
import sys
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from edge.config import CameraSettings, DoorSettings, EdgeConfig, SensorSettings
from edge.supervision.worker_process import WorkerKind, WorkerPlan, plans_of, start_worker

ROOT = Path(__file__).parents[3]


def plan(function: str) -> WorkerPlan:
    return WorkerPlan(
        name="one", kind=WorkerKind.CAMERA, target=f"tests.edge.puppets:{function}", settings=None
    )


def test_a_configuration_asks_for_one_worker_a_camera_a_door_and_one_for_all_sensors() -> None:
    sensors = tuple(
        SensorSettings(id=name, source="simulated:water", quantity="water_level_m") for name in ("a", "b")
    )
    config = EdgeConfig(
        device="pi-1",
        cameras=(CameraSettings(id="gate", source="picamera:0", silent_after_s=5),),
        doors=(DoorSettings(id="front", source="picamera:1"),),
        sensors=sensors,
    )
    plans = plans_of(config)
    assert [(p.name, p.kind) for p in plans] == [
        ("gate", WorkerKind.CAMERA),
        ("front", WorkerKind.DOOR),
        ("_sensors", WorkerKind.SENSORS),
    ]
    assert plans[0].silent_after_s == 5
    assert plans[2].settings == sensors
    assert plans_of(EdgeConfig(device="pi-1")) == ()


def test_a_worker_ends_when_the_agent_closes_the_pipe() -> None:
    worker = start_worker(plan("steady"))
    worker.pipe.close()
    worker.process.join(timeout=240)
    assert worker.process.exitcode == 1


def test_a_worker_that_was_orphaned_while_it_started_ends_at_once() -> None:
    program = (
        "from edge.supervision.worker_process import enter\n"
        "enter('tests.edge.puppets:steady', None, None, parent_pid=1 << 30, log_level=20)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "the agent ended while its worker started" in done.stderr


def test_a_system_without_processes_leaves_no_pipe_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: SpawnProcess) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    ends = []
    context = multiprocessing.get_context("spawn")
    real = context.Pipe

    def pipe(duplex: bool = True) -> object:
        ends.extend(real(duplex))
        return tuple(ends)

    monkeypatch.setattr(SpawnProcess, "start", refuse)
    monkeypatch.setattr(context, "Pipe", pipe)
    with pytest.raises(BlockingIOError):
        start_worker(plan("steady"))
    assert [end.closed for end in ends] == [True, True]
