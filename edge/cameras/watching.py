"""The loop of a camera worker: frames in, messages to the agent out, orders obeyed.

Decides nothing: what is said is decided in :mod:`edge.cameras.telling.reporting`, what is seen in
:mod:`edge.cameras.eyes`.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from edge.cameras.detecting import Detecting
from edge.cameras.empty_scene import EmptyScenes
from edge.cameras.eyes import Eyes
from edge.cameras.pictures.condition import PictureCondition
from edge.cameras.port import Bgr, Camera, CameraError, Frame
from edge.cameras.privacy import StillGate
from edge.cameras.studies import Studies
from edge.cameras.telling.reporting import Moment, Reporter
from edge.clips.watching import ClipWatch, NoClips
from edge.config import CameraSettings
from edge.live.watching import LiveWatch, Showing
from edge.ptz.gaze import Gaze
from edge.ptz.orders import TurnOrders
from edge.supervision.messages import Faulted, FromWorker, Order, Said, StillTaken, Stop, ToWorker
from edge.vision.stills import StillTooLargeError, still_of
from edge.wire.messages import MAX_STILL_BYTES
from edge.wire.records.bodies import CameraCounts, CameraFault

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
        scenes: keeps the empty scenes of its views over restarts.
        gaze: knows which of its views is before the camera.
        clips: of this camera; none are kept without.
        live: its live pictures; none are sent without.
        detecting: its detector of objects, if it has one.
        turn_orders: carries out what the hub asks of its motors.
        condition: knows what its pictures look like when all is well.
    """

    def __init__(
        self,
        *,
        settings: CameraSettings,
        camera: Camera,
        pipe: Pipe,
        now: Callable[[], Moment],
        tidy: Callable[[], None],
        scenes: EmptyScenes | None = None,
        gaze: Gaze | None = None,
        clips: ClipWatch | None = None,
        live: LiveWatch | None = None,
        detecting: Detecting | None = None,
        turn_orders: TurnOrders | None = None,
        condition: PictureCondition | None = None,
    ) -> None:
        self._settings = settings
        self._camera = camera
        self._pipe = pipe
        self._now = now
        self._tidy = tidy
        self._clips = clips or ClipWatch(NoClips(f"{settings.id} keeps no clips"))
        self._live = live
        scenes = scenes or EmptyScenes(None)
        self._condition = condition or PictureCondition()
        self._eyes = Eyes(settings, recall=scenes.recall, gaze=gaze, condition=self._condition)
        self._studies = Studies(eyes=self._eyes, keep=scenes.keep)
        self._gate = StillGate(settings, gaze)
        self._turn_orders = turn_orders or TurnOrders(None)
        self._detecting = detecting
        objects = tuple if detecting is None else detecting.close_period
        self._reporter = Reporter(settings=settings, began=now(), objects=objects)

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
        self._show_live()
        if self._detecting is not None:
            self._detecting.saw(self._camera.picture, self._eyes.view)
        now = self._now()
        messages = self._reporter.saw(sight, now)
        self._send(messages)
        self._clips.saw(messages, is_moving=self._reporter.is_moving)
        self._send(self._clips.news(now.at, now.mono_ns))
        if any(isinstance(each, Said) and isinstance(each.body, CameraCounts) for each in messages):
            self._tidy()
        for answered in (*self._studies.saw(frame.luma, sight), *self._turn_orders.answers()):
            self._pipe.send(answered)
        is_drawn = self._studies.is_overlay_due(now)
        for still in self._gate.waited(sight.view):
            self._pipe.send(still)
        if self._reporter.is_still_due(now) or is_drawn:
            self._send_still(now, self._studies.drawing if is_drawn else None)

    def _show_live(self) -> None:
        if self._live is None:
            return
        view = self._eyes.view
        showing = Showing(
            picture=self._camera.picture,
            privacy_masks=() if view is None else view.privacy_masks,
            may_show=self._gate.may_show(self._eyes.view_id),
        )
        for part in self._live.saw(showing):
            self._pipe.send(part)

    def _send_still(self, now: Moment, draw: Callable[[Bgr], Bgr] | None) -> None:
        settings, view = self._settings, self._eyes.view
        if not self._gate.may_show(self._eyes.view_id):
            return
        try:
            jpeg = still_of(
                self._camera.picture(),
                () if view is None else view.privacy_masks,
                width_px=settings.still_width_px,
                max_bytes=MAX_STILL_BYTES,
                draw=draw,
            )
        except StillTooLargeError as error:
            logger.warning("%s: no still: %s", settings.id, error)
            return
        taken = StillTaken(camera=settings.id, jpeg=jpeg, at=now.at)
        for still in self._gate.take(taken, self._eyes.view_id):
            self._pipe.send(still)

    def _is_stop_ordered(self) -> bool:
        while self._pipe.poll():
            message = self._pipe.recv()
            if isinstance(message, Stop):
                return True
            if isinstance(message, Order):
                self._reporter.ordered(message.command)
                answered = self._clips.order(message) or self._turn_orders.order(message)
                if self._live is not None:
                    answered = answered or self._live.order(message)
                answered = answered or self._studies.order(
                    message, now=self._now(), rate_hz=self._eyes.rate_hz
                )
                if answered is not None:
                    self._pipe.send(answered)
        return False

    def _say_last_words(self) -> None:
        self._send(self._reporter.last_words(self._now(), self._eyes.finish()))
        now = self._now()
        self._send(self._clips.close(now.at, now.mono_ns))
        self._condition.close()

    def _send(self, messages: list[FromWorker]) -> None:
        for message in messages:
            self._pipe.send(message)
