"""Carries out what the hub asks of a device, and says what came of it.

A command for a camera goes to its worker, which obeys between two frames; the answer says that
it was handed over, and the still itself is the proof. Must not speak MQTT.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from edge.health.selftest import Check, as_reply
from edge.wire.messages import Command, Reply, RunSelftest, SetInterval, TakeStill
from edge.workers import Order, ToWorker

logger = logging.getLogger(__name__)


class Workers(Protocol):
    """What commands need of the supervisor."""

    def send(self, worker: str, message: ToWorker) -> bool:
        """Tell a worker something; return whether it runs and had room for it."""
        ...


class Commands:
    """The commands of one device."""

    def __init__(
        self, *, cameras: frozenset[str], workers: Workers, selftest: Callable[[], list[Check]]
    ) -> None:
        """Prepare.

        Args:
            cameras: The ids this device has.
            workers: Where orders go.
            selftest: Runs the checks that a busy agent can do without waiting.
        """
        self._cameras = cameras
        self._workers = workers
        self._selftest = selftest

    def carry_out(self, command: Command) -> Reply:
        """Do what ``command`` says and return the answer."""
        logger.info("the hub asks for %s", command)
        match command:
            case RunSelftest():
                return as_reply(self._selftest())
            case TakeStill():
                return self._order(command, "take-still")
            case SetInterval():
                return self._order(command, "set-interval")

    def _order(self, command: TakeStill | SetInterval, name: str) -> Reply:
        if command.camera not in self._cameras:
            known = ", ".join(sorted(self._cameras)) or "none"
            detail = f"no camera {command.camera} on this device; it has {known}"
            return Reply(command=name, is_done=False, detail=detail[:500])
        if not self._workers.send(command.camera, Order(command)):
            detail = f"camera {command.camera} is being restarted; ask again in a minute"
            return Reply(command=name, is_done=False, detail=detail)
        return Reply(command=name, is_done=True, values={"camera": command.camera})
