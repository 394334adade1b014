"""Opens each camera once and waits for a frame, in processes of their own: drivers may hang."""

import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection

import msgspec

from edge.config import CameraSettings
from edge.health.selftest import Check
from edge.worker_process import WorkerKind, WorkerPlan, WorkerProcess, start_worker


def check_cameras(
    cameras: tuple[CameraSettings, ...], *, timeout_s: float, monotonic: Callable[[], float] = time.monotonic
) -> list[Check]:
    """Return for each camera whether it gave a frame within ``timeout_s``; all are tried at once."""
    deadline_s = monotonic() + timeout_s
    running = [
        start_worker(
            WorkerPlan(
                name=camera.id,
                kind=WorkerKind.CAMERA,
                target="edge.health.camera_check:look",
                settings=camera,
            )
        )
        for camera in cameras
    ]
    checks = []
    for camera, worker in zip(cameras, running, strict=True):
        checks.append(_result(camera, worker, max(0.0, deadline_s - monotonic()), timeout_s))
    return checks


def _result(camera: CameraSettings, worker: WorkerProcess, wait_s: float, timeout_s: float) -> Check:
    name = f"camera-{camera.id}"
    with closing(worker.pipe):
        try:
            if not worker.pipe.poll(wait_s):
                return Check(name, False, f"no frame within {timeout_s:g} s; check address, cable and power")
            return msgspec.json.decode(worker.pipe.recv_bytes(4_096), type=Check)
        except (EOFError, OSError, msgspec.MsgspecError):
            return Check(name, False, "the driver crashed; see the lines above")
        finally:
            worker.process.kill()
            worker.process.join(timeout=2)


def look(settings: CameraSettings, pipe: Connection) -> None:
    """Open one camera and report its first frame; runs in the child."""
    from edge.cameras.opening import open_camera
    from edge.cameras.port import CameraError

    name = f"camera-{settings.id}"
    try:
        camera = open_camera(settings.source, fps=settings.fps, password_file=settings.password_file)
        try:
            frame = next(camera.frames(), None)
        finally:
            camera.close()
    except CameraError as error:
        check = Check(name, False, f"{error.fault}: {error}"[:500])
    else:
        check = _seen(name, None if frame is None else (frame.luma.shape[1], frame.luma.shape[0]))
    pipe.send_bytes(msgspec.json.encode(check))


def _seen(name: str, size_px: tuple[int, int] | None) -> Check:
    if size_px is None:
        return Check(name, False, "ended without a frame; is the file a video?")
    return Check(name, True, f"a frame of {size_px[0]} x {size_px[1]} px")
