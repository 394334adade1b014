"""Starting one worker process, and the first code that runs in it.

Processes are spawned, not forked: the agent has threads, and a forked child would inherit their
locks. The worker's module is imported in the child only, so that the agent never loads OpenCV.
"""

import ctypes
import importlib
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from edge.config import CameraSettings, EdgeConfig
from edge.logs import set_up_logging
from edge.supervision.pipe_codec import WorkerPipe

# Linux's prctl(2): send the child a signal when its parent dies.
_PR_SET_PDEATHSIG = 1


class WorkerKind(StrEnum):
    """What a worker serves."""

    CAMERA = "camera"
    DOOR = "door"
    SENSORS = "sensors"


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What to start, and how long to wait for a sign of progress.

    ``target`` is ``module:function``, called in the child as ``function(settings, pipe)``.
    """

    name: str
    kind: WorkerKind
    target: str
    settings: Any
    silent_after_s: float = 8.0
    # OpenCV takes seconds to import on a Pi, and a camera may take as long to answer.
    startup_s: float = 30.0


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A running worker and our end of its pipe."""

    process: BaseProcess
    pipe: Connection


def plans_of(config: EdgeConfig) -> tuple[WorkerPlan, ...]:
    """Return the workers a configuration asks for: one a camera, one a door, one for all sensors."""
    cameras = [plan_of_camera(camera) for camera in config.cameras]
    doors = [
        WorkerPlan(name=door.id, kind=WorkerKind.DOOR, target="edge.hadir.worker:run", settings=door)
        for door in config.doors
    ]
    sensors = [
        WorkerPlan(
            # A name no sensor can have, as ids have no underscore.
            name="_sensors",
            kind=WorkerKind.SENSORS,
            target="edge.sensors.worker:run",
            settings=config.sensors,
        )
    ]
    return (*cameras, *doors, *(sensors if config.sensors else []))


def plan_of_camera(camera: CameraSettings) -> WorkerPlan:
    """Return the worker of one camera."""
    return WorkerPlan(
        name=camera.id,
        kind=WorkerKind.CAMERA,
        target="edge.cameras.worker:run",
        settings=camera,
        silent_after_s=camera.silent_after_s,
    )


def start_worker(plan: WorkerPlan) -> WorkerProcess:
    """Start the process of ``plan``.

    Raises:
        OSError: the system has no process, memory or file handle left.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=True)
    level = logging.getLogger().getEffectiveLevel()
    process = context.Process(
        target=enter,
        args=(plan.target, plan.settings, theirs, os.getpid(), level),
        name=plan.name,
        daemon=True,
    )
    try:
        process.start()
    except OSError:
        ours.close()
        raise
    finally:
        # Ours to close in any case: only the child's copy may keep the pipe open.
        theirs.close()
    return WorkerProcess(process=process, pipe=ours)


def enter(target: str, settings: Any, pipe: Connection, parent_pid: int, log_level: int) -> None:
    """Run a worker in its own process; the first code of the child.

    Args:
        target: ``module:function``.
        settings: First argument of that function.
        pipe: Second argument of that function.
        parent_pid: The agent, by which a child notices that it was orphaned.
        log_level: Level of the agent's log.
    """
    # Ctrl-C reaches the whole process group; the agent stops us in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A terminal or systemd may send this too; the agent's Stop comes first, its SIGKILL last.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with(parent_pid)
    set_up_logging(log_level)
    module, _, function = target.partition(":")
    run: Callable[[Any, Connection], None] = getattr(importlib.import_module(module), function)
    try:
        run(settings, _worker_end(pipe))
    except (BrokenPipeError, EOFError, ConnectionResetError):
        # The agent is gone or gave us up: there is nobody left to work for.
        logging.getLogger(__name__).debug("%s: the agent closed the pipe", target)
        sys.exit(1)


def _worker_end(pipe: Connection) -> WorkerPipe:
    end = WorkerPipe(os.dup(pipe.fileno()))
    pipe.close()
    return end


def _die_with(parent_pid: int) -> None:
    """Make sure that no worker outlives an agent that was killed.

    Linux looks at the thread that started us, so only the agent's main thread may start workers.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit("the agent ended while its worker started")
