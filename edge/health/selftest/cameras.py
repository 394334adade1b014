"""Opens each camera once and waits for a frame, in processes of their own: drivers may hang."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.connection import Connection

import msgspec

from edge.config import CameraSettings, DoorSettings
from edge.health.selftest.checks import Check
from edge.supervision.worker_process import WorkerKind, WorkerPlan, WorkerProcess, start_worker

_LAST_STEPS_S = 2.0


def check_cameras(
    sources: Sequence[CameraSettings | DoorSettings],
    *,
    timeout_s: float,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[Check]:
    """Return for each camera whether it gave a frame within ``timeout_s``; all are tried at once."""
    deadline_s = monotonic() + timeout_s
    running = [start_worker(_plan_of(source)) for source in sources]
    return [
        _result(_plan_of(source), worker, max(0.0, deadline_s - monotonic()), timeout_s)
        for source, worker in zip(sources, running, strict=True)
    ]


def _plan_of(source: CameraSettings | DoorSettings) -> WorkerPlan:
    kind = WorkerKind.CAMERA if isinstance(source, CameraSettings) else WorkerKind.DOOR
    target = "edge.health.selftest.cameras:look"
    return WorkerPlan(name=source.id, kind=kind, target=target, settings=source)


def _result(plan: WorkerPlan, worker: WorkerProcess, wait_s: float, timeout_s: float) -> Check:
    name = f"{plan.kind}-{plan.name}"
    with closing(worker.pipe):
        try:
            if not worker.pipe.poll(wait_s):
                return Check(name, False, f"no frame within {timeout_s:g} s; check address, cable and power")
            check = msgspec.json.decode(worker.pipe.recv_bytes(4_096), type=Check)
            # It has let go of the camera already; what is left is the end of its program.
            worker.process.join(timeout=_LAST_STEPS_S)
            return check
        except (EOFError, OSError, msgspec.MsgspecError):
            return Check(name, False, "the driver crashed; see the lines above")
        finally:
            worker.process.kill()
            worker.process.join(timeout=2)


def look(settings: CameraSettings | DoorSettings, pipe: Connection) -> None:
    """Open one camera and report its first frame; runs in the child."""
    from edge.cameras.port import CameraError

    name = f"{_plan_of(settings).kind}-{settings.id}"
    try:
        check = _seen(name, _first_size_px(settings))
    except CameraError as error:
        check = Check(name, False, f"{error.fault}: {error}"[:500])
    pipe.send_bytes(msgspec.json.encode(check))


def _first_size_px(settings: CameraSettings | DoorSettings) -> tuple[int, int] | None:
    """Return width and height of the first frame. Raises ``CameraError``."""
    from edge.cameras.opening import camera_for
    from edge.hadir.worker import camera_of

    if isinstance(settings, DoorSettings):
        camera = camera_of(settings.source, settings.fps, settings.password_file)
    else:
        camera = camera_for(settings.source, fps=settings.fps, password_file=settings.password_file)
    try:
        camera.open()
        frame = next(camera.frames(), None)
        return None if frame is None else (frame.luma.shape[1], frame.luma.shape[0])
    finally:
        camera.close()


def _seen(name: str, size_px: tuple[int, int] | None) -> Check:
    if size_px is None:
        return Check(name, False, "ended without a frame; is the file a video?")
    return Check(name, True, f"a frame of {size_px[0]} x {size_px[1]} px")
