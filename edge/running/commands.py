"""Carries out what the hub asks of a device, and says what came of it.

A command for a camera goes to its worker, which obeys between two frames. For a still or an
interval the answer says that it was handed over; what has to be measured is answered by the
worker itself, later, by a ticket. Must not speak MQTT.
"""

import itertools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from edge.health.selftest.checks import Check, as_reply
from edge.supervision.messages import Answered, Order, ToWorker
from edge.wire.messages import (
    CameraOrder,
    Command,
    CountWithMe,
    GoToPreset,
    KeepClip,
    LearnScale,
    MendStream,
    Reply,
    RunSelftest,
    SaveBackground,
    SendClip,
    SendLive,
    SendThumbs,
    ShowOverlay,
    Steer,
    TellPresets,
    TellSettings,
    TellStream,
)

logger = logging.getLogger(__name__)


Answer = Callable[[Reply], None]
# Beyond what an order itself takes.
_GRACE_S = 15.0
_LONGEST_STUDY_S = 60.0


class Workers(Protocol):
    """What commands need of the supervisor."""

    def send(self, worker: str, message: ToWorker) -> bool:
        """Tell a worker something; return whether it runs and had room for it."""
        ...


@dataclass(frozen=True, slots=True)
class _Pending:
    """An order whose worker has not answered yet."""

    worker: str
    name: str
    answer: Answer
    expires_at_s: float


def tell_nothing(camera: str) -> Reply:
    """Answer for a device that cannot tell its settings."""
    return Reply(command="tell-settings", is_done=False, detail=f"nothing is known of {camera} here")


def have_no_clips(command: SendClip) -> Reply:
    """Answer for a device that keeps no clips."""
    return Reply(command="send-clip", is_done=False, detail=f"{command.camera} keeps no clips")


def turn_nothing(command: Steer, answer: Answer) -> None:
    """Answer for a device whose cameras do not turn."""
    answer(Reply(command="steer", is_done=False, detail=f"{command.camera} does not turn"))


def set_no_stream(command: TellStream | MendStream, answer: Answer) -> None:
    """Answer for a device whose cameras cannot be asked."""
    answer(_refused(command, f"the stream of {command.camera} is not known here"))


class Commands:
    """The commands of one device."""

    def __init__(
        self,
        *,
        cameras: frozenset[str],
        workers: Workers,
        selftest: Callable[[], list[Check]],
        tell: Callable[[str], Reply] = tell_nothing,
        send_clip: Callable[[SendClip], Reply] = have_no_clips,
        steer: Callable[[Steer, Answer], None] = turn_nothing,
        stream: Callable[[TellStream | MendStream, Answer], None] = set_no_stream,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            cameras: The ids this device has.
            workers: Where orders go.
            selftest: Runs the checks that a busy agent can do without waiting.
            tell: Says which settings of a camera are in force.
            send_clip: Sends a clip that was kept.
            steer: Turns a camera by hand; answers from another thread, when the camera obeyed.
            stream: Asks or sets how a camera codes; answers from another thread.
            monotonic: Seconds that never go back.
        """
        self._cameras = cameras
        self._workers = workers
        self._selftest = selftest
        self._tell = tell
        self._send_clip = send_clip
        self._steer = steer
        self._stream = stream
        self._monotonic = monotonic
        self._tickets = itertools.count(1)
        self._pending: dict[int, _Pending] = {}

    def take(self, command: Command, answer: Answer) -> None:
        """Do what ``command`` says; ``answer`` is called once, now or when the worker knows."""
        match command:
            case (
                LearnScale()
                | SaveBackground()
                | CountWithMe()
                | ShowOverlay()
                | TellPresets()
                | GoToPreset()
                | KeepClip()
                | SendLive()
            ):
                ticket = next(self._tickets)
                reply = self._order(command, ticket)
                if not reply.is_done:
                    answer(reply)
                    return
                expires_at_s = self._monotonic() + _takes_s(command) + _GRACE_S
                self._pending[ticket] = _Pending(command.camera, reply.command, answer, expires_at_s)
            case Steer():
                self._steer(command, answer)
            case TellStream() | MendStream():
                unknown = self._unknown(command.camera, str(type(command).__struct_config__.tag))
                if unknown is not None:
                    answer(unknown)
                else:
                    self._stream(command, answer)
            case _:
                answer(self.carry_out(command))

    def answered(self, worker: str, answered: Answered) -> None:
        """Pass the answer of a worker on; one that was not asked is not believed."""
        pending = self._pending.get(answered.ticket)
        if pending is not None and pending.worker == worker:
            del self._pending[answered.ticket]
            pending.answer(answered.reply)

    def expire(self) -> None:
        """Answer for workers that were replaced before they could."""
        now_s = self._monotonic()
        for ticket, pending in list(self._pending.items()):
            if now_s >= pending.expires_at_s:
                del self._pending[ticket]
                detail = f"camera {pending.worker} was restarted meanwhile; ask again"
                pending.answer(Reply(command=pending.name, is_done=False, detail=detail))

    def carry_out(self, command: Command) -> Reply:
        """Do what ``command`` says and return the answer; orders with tickets are only handed over."""
        logger.info("the hub asks for %s", command)
        match command:
            case RunSelftest():
                return as_reply(self._selftest())
            case SendThumbs():
                wanted = [each for each in self._cameras if not command.cameras or each in command.cameras]
                for camera in wanted:
                    self._workers.send(camera, Order(command))
                return Reply(command="send-thumbs", is_done=True, values={"cameras": len(wanted)})
            case Steer():
                return Reply(command="steer", is_done=False, detail="a hand steers, and waits for its answer")
            case TellStream() | MendStream():
                return _refused(command, "a camera is asked, and its answer waited for")
            case TellSettings():
                return self._unknown(command.camera, "tell-settings") or self._tell(command.camera)
            case SendClip():
                return self._unknown(command.camera, "send-clip") or self._send_clip(command)
            case _:
                return self._order(command, 0)

    def _order(self, command: CameraOrder, ticket: int) -> Reply:
        name = str(type(command).__struct_config__.tag)
        unknown = self._unknown(command.camera, name)
        if unknown is not None:
            return unknown
        if not self._workers.send(command.camera, Order(command, ticket)):
            detail = f"camera {command.camera} is being restarted; ask again in a minute"
            return Reply(command=name, is_done=False, detail=detail)
        return Reply(command=name, is_done=True, values={"camera": command.camera})

    def _unknown(self, camera: str, name: str) -> Reply | None:
        if camera in self._cameras:
            return None
        known = ", ".join(sorted(self._cameras)) or "none"
        detail = f"no camera {camera} on this device; it has {known}"
        return Reply(command=name, is_done=False, detail=detail[:500])


def _refused(command: TellStream | MendStream, detail: str) -> Reply:
    return Reply(command=str(type(command).__struct_config__.tag), is_done=False, detail=detail)


def _takes_s(command: CameraOrder) -> float:
    return command.duration_s if isinstance(command, CountWithMe) else _LONGEST_STUDY_S
