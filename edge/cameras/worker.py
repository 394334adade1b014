"""The process of one camera: sets its limits, builds the parts, watches.

Heavy libraries are imported after the limits are set, because they read them when they load.
"""

import ctypes
import os
import time
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from edge.config import CameraSettings
from edge.workers import Faulted


def run(settings: CameraSettings, pipe: Connection) -> None:
    """Watch a camera until the agent says stop or the camera gives up.

    Args:
        settings: of the camera.
        pipe: to the agent; see :mod:`edge.workers`.

    Raises:
        BrokenPipeError: the agent is gone.
        EOFError: likewise.
    """
    _take_one_core()
    from edge.cameras.empty_scene import load_scene, save_scene
    from edge.cameras.opening import camera_for
    from edge.cameras.port import CameraError
    from edge.cameras.reporting import Moment
    from edge.cameras.watching import Watching, keep_nothing
    from edge.clips.building import clips_of

    def now() -> Moment:
        return Moment(at=datetime.now(UTC), mono_ns=time.monotonic_ns())

    try:
        camera = camera_for(settings.source, fps=settings.fps, password_file=settings.password_file)
        clips = clips_of(settings, camera)
    except CameraError as error:
        pipe.send(Faulted(fault=error.fault, detail=str(error)))
        return
    memory = Path(settings.memory)
    is_named = bool(settings.memory)
    Watching(
        settings=settings,
        camera=camera,
        pipe=pipe,
        now=now,
        tidy=_give_memory_back,
        keep_scene=partial(save_scene, memory) if is_named else keep_nothing,
        empty=load_scene(memory) if is_named else None,
        clips=clips,
    ).run()


def _take_one_core() -> None:
    """Keep the libraries from starting a thread a core: four cameras share four cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _give_memory_back() -> None:
    """Return freed memory to the system: the frames held while the analysis warmed up are gone.

    Measured: 97 MB resident before, 80 MB after, for good.
    """
    # Another C library than Debian's has no such function, and other habits.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
