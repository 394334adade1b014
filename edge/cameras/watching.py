"""The loop of a camera worker: frames in, messages to the agent out, orders obeyed.

Decides nothing: what is said is decided in :mod:`edge.cameras.reporting`, what is seen in
:mod:`edge.cameras.eyes`.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from edge.cameras.eyes import Eyes
from edge.cameras.port import Camera, CameraError, Frame
from edge.cameras.reporting import Moment, Reporter
from edge.config import CameraSettings
from edge.vision.stills import StillTooLargeError, still_of
from edge.wire.bodies import CameraCounts, CameraFault
from edge.wire.messages import MAX_STILL_BYTES
from edge.workers import Faulted, FromWorker, Order, Said, StillTaken, Stop, ToWorker

logger = logging.getLogger(__name__)


class Pipe(Protocol):
    """The worker's end of its pipe; ``multiprocessing.connection.Connection`` is one."""

    def send(self, message: FromWorker, /) -> None:
        """Give a message to the agent."""

    def poll(self) -> bool:
        """Return whether a message has come."""

    def recv(self) -> ToWorker:
        """Return the next message of the agent."""


class Watching:
    """One camera under watch.

    Args:
        settings: of the camera.
        camera: not yet open; closed at the end.
        pipe: to the agent.
        now: tells the moment.
        tidy: called after each period of counts, when there is time for housekeeping.
    """

    def __init__(
        self,
        *,
        settings: CameraSettings,
        camera: Camera,
        pipe: Pipe,
        now: Callable[[], Moment],
        tidy: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._camera = camera
        self._pipe = pipe
        self._now = now
        self._tidy = tidy
        self._eyes = Eyes(settings)
        self._reporter = Reporter(settings=settings, began=now())

    def run(self) -> None:
        """Watch until the agent says stop or the camera gives up, which is told as a fault."""
        try:
            self._watch()
        except CameraError as error:
            self._say_last_words()
            self._pipe.send(Faulted(fault=error.fault, detail=str(error)))
        else:
            self._say_last_words()
        finally:
            self._camera.close()

    def _watch(self) -> None:
        self._camera.open()
        for frame in self._camera.frames():
            self._take(frame)
            if self._is_stop_ordered():
                return
        raise CameraError(CameraFault.ENDED, f"{self._settings.id}: the recording is over")

    def _take(self, frame: Frame) -> None:
        sight = self._eyes.look(frame)
        now = self._now()
        messages = self._reporter.saw(sight, now)
        self._send(messages)
        if any(isinstance(each, Said) and isinstance(each.body, CameraCounts) for each in messages):
            self._tidy()
        if self._reporter.is_still_due(now):
            self._send_still(now)

    def _send_still(self, now: Moment) -> None:
        settings = self._settings
        try:
            jpeg = still_of(
                self._camera.picture(),
                settings.privacy_masks,
                width_px=settings.still_width_px,
                max_bytes=MAX_STILL_BYTES,
            )
        except StillTooLargeError as error:
            logger.warning("%s: no still: %s", settings.id, error)
            return
        self._pipe.send(StillTaken(camera=settings.id, jpeg=jpeg, at=now.at))

    def _is_stop_ordered(self) -> bool:
        while self._pipe.poll():
            message = self._pipe.recv()
            if isinstance(message, Stop):
                return True
            if isinstance(message, Order):
                self._reporter.ordered(message.command)
        return False

    def _say_last_words(self) -> None:
        self._send(self._reporter.last_words(self._now(), self._eyes.finish()))

    def _send(self, messages: list[FromWorker]) -> None:
        for message in messages:
            self._pipe.send(message)
