"""The process of a camera: real processes, real files, a real RTSP server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from edge.config import CameraSettings, Line, Preset
from edge.supervision import pipe_codec
from edge.supervision.messages import Answered, Beat, Faulted, FromWorker, Order, Said, StillTaken, Stop
from edge.supervision.worker_process import WorkerKind, WorkerPlan, WorkerProcess, start_worker
from edge.wire.messages import GoToPreset, TakeStill, TellPresets
from edge.wire.records.bodies import CameraCounts, CameraFault, CameraIntegrity, PictureState
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from provisioning.simulators.rtsp_protocol import Login
from tests.edge.cameras.conftest import VideoMaker

DEADLINE_S = 240.0
LINES = (Line(id="a", points=((0.0, 0.5), (1.0, 0.5))),)


def settings(source: str, **changes: object) -> CameraSettings:
    return CameraSettings(id="gate", source=source, lines=LINES, **changes)  # type: ignore[arg-type] # by keyword


class Worker:
    """A running worker, read as the agent reads it: without trust."""

    def __init__(self, process: WorkerProcess) -> None:
        self.process = process.process
        self.pipe = process.pipe
        self.heard: list[FromWorker] = []

    def hear(self, kind: type, count: int = 1) -> list[FromWorker]:
        """Listen until ``count`` messages of a kind have come, or the worker is gone."""
        deadline_s = time.monotonic() + DEADLINE_S
        while len(self.of(kind)) < count and time.monotonic() < deadline_s:
            if self.pipe.poll(0.2):
                try:
                    self.heard.append(pipe_codec.decode(self.pipe.recv_bytes()))
                except EOFError:
                    break
        return self.of(kind)

    def of(self, kind: type) -> list[FromWorker]:
        return [each for each in self.heard if isinstance(each, kind)]

    def bodies(self, kind: type) -> list[object]:
        return [each.body for each in self.heard if isinstance(each, Said) and isinstance(each.body, kind)]

    def end(self) -> int | None:
        self.hear(type(None))
        self.process.join(DEADLINE_S)
        return self.process.exitcode


@contextmanager
def working(camera: CameraSettings) -> Iterator[Worker]:
    plan = WorkerPlan(
        name=camera.id, kind=WorkerKind.CAMERA, target="edge.cameras.worker:run", settings=camera
    )
    worker = Worker(start_worker(plan))
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.join(DEADLINE_S)
        worker.pipe.close()


def test_a_file_is_watched_until_stop(make_video: VideoMaker) -> None:
    path = make_video(frames=50, width=320, height=180)
    with working(settings(str(path), counts_every_s=1, still_every_s=60)) as worker:
        assert worker.hear(Beat, 3)
        assert worker.hear(StillTaken)
        worker.pipe.send(Order(TakeStill(camera="gate")))
        assert len(worker.hear(StillTaken, 2)) == 2
        assert len(worker.hear(Said, 3)) == 3
        worker.pipe.send(Stop())
        assert worker.end() == 0
    assert not worker.of(Faulted)
    assert worker.bodies(CameraIntegrity) == [CameraIntegrity(camera="gate", picture=PictureState.GOOD)]
    assert worker.bodies(CameraCounts)


def test_a_recording_that_is_over_is_told(make_video: VideoMaker) -> None:
    path = make_video(frames=50)
    with working(settings(f"replay:{path}?pace=max&loop=0")) as worker:
        assert worker.end() == 0
    (fault,) = worker.of(Faulted)
    assert isinstance(fault, Faulted)
    assert fault.fault is CameraFault.ENDED


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("nothing.mp4", CameraFault.NOT_FOUND),
        ("ftp://host/x", CameraFault.NOT_FOUND),
        ("picamera:0", CameraFault.UNAVAILABLE),
    ],
)
def test_a_source_that_cannot_be_had_is_a_fault_and_the_worker_ends(source: str, fault: CameraFault) -> None:
    with working(settings(source)) as worker:
        assert worker.end() == 0
    (told,) = worker.of(Faulted)
    assert isinstance(told, Faulted)
    assert told.fault is fault


def test_a_network_camera_is_watched_and_its_silence_told(tmp_path: Path) -> None:
    password_file = tmp_path / "password"
    password_file.write_text("s3cret-canary")
    simulator = RtspCameraSimulator(
        film=street_film(width=320, height=180, seconds=2), login=Login("admin", "s3cret-canary")
    )
    with running(simulator), working(settings(simulator.address, password_file=str(password_file))) as worker:
        assert worker.hear(StillTaken)
        arguments = " ".join(psutil.Process(worker.process.pid).cmdline())
        environment = str(psutil.Process(worker.process.pid).environ())
        assert "canary" not in arguments + environment
        simulator.fault = Fault.SILENCE
        (fault,) = worker.hear(Faulted)
        assert worker.end() == 0
    assert isinstance(fault, Faulted)
    assert fault.fault is CameraFault.SILENT
    assert "canary" not in fault.detail


def test_a_worker_whose_agent_is_gone_ends(make_video: VideoMaker) -> None:
    with working(settings(str(make_video(frames=50)))) as worker:
        assert worker.hear(Beat)
        worker.pipe.close()
        worker.process.join(DEADLINE_S)
        assert worker.process.exitcode == 1


def test_a_worker_is_one_thread(make_video: VideoMaker) -> None:
    with working(settings(str(make_video(frames=50, width=640, height=360)))) as worker:
        assert worker.hear(Beat, 5)
        assert psutil.Process(worker.process.pid).num_threads() == 1


def test_a_camera_that_turns_says_its_preset_and_obeys(tmp_path: Path, free_port: int) -> None:
    port = free_port
    camera = settings(
        f"scene:street?seed=1&turning={port}&width=320&height=180",
        onvif=f"http://127.0.0.1:{port}/onvif/device_service",
        presets=(Preset(id="jalan", token="1", lines=LINES), Preset(id="pasar", token="2", lines=LINES)),
        counts_every_s=2.0,
        memory=str(tmp_path / "empty"),
    )
    plan = WorkerPlan(name="gate", kind=WorkerKind.CAMERA, target="edge.cameras.worker:run", settings=camera)
    worker = Worker(start_worker(plan))
    try:
        assert hear_of_preset(worker, "jalan")
        worker.pipe.send(Order(TellPresets(camera="gate"), 3))
        worker.pipe.send(Order(GoToPreset(camera="gate", token="2"), 4))
        answers = {each.ticket: each.reply for each in worker.hear(Answered, 2) if isinstance(each, Answered)}
        assert "Trotoar kanan" in str(answers[3].values["presets"])
        assert answers[4].is_done
        assert hear_of_preset(worker, "pasar")
        assert max(each.suspended_s for each in counts_of(worker)) > 0
        worker.pipe.send(Stop())
        assert worker.end() == 0
    finally:
        worker.process.kill()


def counts_of(worker: Worker) -> list[CameraCounts]:
    return [body for body in worker.bodies(CameraCounts) if isinstance(body, CameraCounts)]


def hear_of_preset(worker: Worker, preset: str) -> bool:
    """Listen until the worker counted at a preset, or twenty records long."""
    for _ in range(20):
        if any(each.preset == preset for each in counts_of(worker)):
            return True
        worker.hear(Said, len(worker.of(Said)) + 1)
    return False
