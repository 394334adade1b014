"""The process of one camera: sets its limits, builds the parts, watches.

Heavy libraries are imported after the limits are set, because they read them when they load.
"""

import ctypes
import os
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from edge.config import CameraSettings
from edge.supervision.messages import Faulted


def run(settings: CameraSettings, pipe: Connection) -> None:
    """Watch a camera until the agent says stop or the camera gives up.

    Args:
        settings: of the camera.
        pipe: to the agent; see :mod:`edge.supervision.messages`.

    Raises:
        BrokenPipeError: the agent is gone.
        EOFError: likewise.
    """
    _take_one_core()
    from edge.cameras.detecting import detecting_of
    from edge.cameras.empty_scene import EmptyScenes
    from edge.cameras.opening import camera_for
    from edge.cameras.pictures.condition import PictureCondition
    from edge.cameras.pictures.kept_looks import KeptLooks
    from edge.cameras.port import CameraError
    from edge.cameras.telling.reporting import Moment
    from edge.cameras.watching import Watching
    from edge.clips.building import clips_of
    from edge.live.building import live_of
    from edge.ptz.building import lookout_of, turning_of
    from edge.ptz.gaze import gaze_of
    from edge.ptz.orders import TurnOrders

    def now() -> Moment:
        return Moment(at=datetime.now(UTC), mono_ns=time.monotonic_ns())

    try:
        camera = camera_for(settings.source, fps=settings.fps, password_file=settings.password_file)
        clips = clips_of(settings, camera)
        live = live_of(settings, camera)
    except CameraError as error:
        pipe.send(Faulted(fault=error.fault, detail=str(error)))
        return
    lookout = lookout_of(settings)
    if lookout is not None:
        lookout.start()
    memory = Path(settings.memory) if settings.memory else None
    Watching(
        settings=settings,
        camera=camera,
        pipe=pipe,
        now=now,
        tidy=_give_memory_back,
        scenes=EmptyScenes(memory),
        gaze=gaze_of(settings, lookout),
        turn_orders=TurnOrders(turning_of(settings)),
        condition=PictureCondition(KeptLooks(memory and memory.with_suffix(".looks"))),
        clips=clips,
        live=live,
        detecting=detecting_of(settings.detector, name=settings.id),
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
