"""The process of one door: builds its parts and attends to it. Entry point for the agent."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from edge.cameras.opening import camera_for
from edge.cameras.port import Camera, CameraError
from edge.clock import Clock, SystemClock
from edge.config import DoorSettings
from edge.hadir.attending import Attending
from edge.hadir.door import Door
from edge.hadir.feedback import Feedback, ScreenFeedback, SeveralFeedbacks, open_feedback
from edge.hadir.judging.challenge import Challenges
from edge.hadir.judging.memory import FileUses, MemoryUses, UsedCodes
from edge.hadir.reading.cameras import DoorCameras
from edge.hadir.reading.decode import Decoder
from edge.hadir.reading.effort import EffortKeeper
from edge.hadir.reading.grabbing import Grabber
from edge.hadir.reading.second_opinion import ZbarSecondOpinion
from edge.hadir.reading.tally import ReadingTally
from edge.health.probing.board import Probes
from edge.supervision.messages import Faulted

_LOG = logging.getLogger(__name__)

# Of drawn people; what draws them is loaded only for them.
_DRAWN = "scene:door"


def run(settings: DoorSettings, pipe: Connection) -> None:
    """Attend to a door until the agent says stop or its camera gives up.

    Args:
        settings: Of the door.
        pipe: To the agent; see :mod:`edge.supervision.messages`.

    Raises:
        BrokenPipeError: the agent is gone.
        EOFError: likewise.
    """
    sources = (settings.source, *settings.more_sources)
    cameras = [partial(camera_of, source, settings.fps, settings.password_file) for source in sources]
    try:
        for make in cameras:
            make()
    except CameraError as error:
        pipe.send(Faulted(fault=error.fault, detail=str(error)))
        return
    # The agent keeps the floor of the clock beside the outbox, as this door its memory.
    floor_path = Path(settings.memory).with_name("clock-floor") if settings.memory else None
    clock = SystemClock(floor_path=floor_path)
    feedback = SeveralFeedbacks(open_feedback(settings.feedback), ScreenFeedback(pipe.send))
    attend(settings, pipe, cameras=cameras, clock=clock, feedback=feedback)


def camera_of(source: str, fps: float, password_file: str | None = None) -> Camera:
    """Return a camera of a door, not yet open.

    Args:
        source: As in the settings.
        fps: Frames a second wanted.
        password_file: With the password of a network camera.

    Raises:
        CameraError: no such kind of source, or its options are wrong.
    """
    if source.startswith(_DRAWN):
        from edge.hadir.phones.camera import PhonesCamera, parse_door_scene

        return PhonesCamera(parse_door_scene(source), fps=fps)
    return camera_for(source, fps=fps, password_file=password_file)


def attend(
    settings: DoorSettings,
    pipe: Connection,
    *,
    cameras: Sequence[Callable[[], Camera]],
    clock: Clock,
    feedback: Feedback,
) -> None:
    """Attend to a door with these parts; returns when it ends.

    Args:
        settings: Of the door.
        pipe: To the agent.
        cameras: What makes each camera, also again after it failed.
        clock: Stamps scans.
        feedback: Tells people.
    """
    woken, waker = Pipe(duplex=False)

    def wake() -> None:
        # A camera may still have something to say when the door has closed already.
        with suppress(OSError):
            waker.send_bytes(b"w")

    def start(number: int, make: Callable[[], Camera]) -> Grabber:
        grabber = Grabber(number=number, camera=make(), wake=wake)
        grabber.start()
        return grabber

    places = [partial(start, number, make) for number, make in enumerate(cameras)]
    door_cameras = DoorCameras(door=settings.id, start=places)
    decoders = [Decoder(second_opinion=ZbarSecondOpinion(), elapsed_s=time.perf_counter) for _ in cameras]
    attending = Attending(
        door=door_of(settings),
        cameras=door_cameras,
        decoders=decoders,
        feedback=feedback,
        clock=clock,
        pipe=pipe,
        woken=woken,
        tally=ReadingTally(settings.id),
        effort=EffortKeeper(frame_every_s=1 / (settings.fps * len(cameras))),
        temperature_c=Probes().temperature_c,
    )
    try:
        attending.run()
    finally:
        door_cameras.stop()
        for decoder in decoders:
            decoder.close()
        feedback.close()


def door_of(settings: DoorSettings) -> Door:
    """Return the door of these settings, with what it remembers from before."""
    uses = FileUses(Path(settings.memory)) if settings.memory else MemoryUses()
    return Door(
        door=settings.id,
        direction=settings.direction,
        memory=UsedCodes(uses),
        challenges=Challenges(secrets.randbelow) if settings.strict else None,
    )
