"""Puts the parts of updates together as the configuration says; without slots there is only a no.

Must not start anything.
"""

import logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.config import EdgeConfig, UpdateSettings
from edge.update import rauc
from edge.update.balena_lock import under_balena
from edge.update.desk import Inbox, Mailbox, RestartWish, UpdateDesk
from edge.update.download import HttpSource
from edge.update.life.machine import Updater
from edge.update.port import InstallError, Surroundings, SystemUpdater
from edge.update.scan_pause import ScanPause
from edge.update.simulated.system import SimulatedSystem
from edge.wire.messages import Ack, Desired
from edge.wire.records.bodies import Body, ClockQuality
from edge.wire.updates import UpdateFault, UpdateReport, UpdateState, decode_release

logger = logging.getLogger(__name__)

SIMULATED_BOARD = "simulasi"


class Updates(Protocol):
    """What the agent needs of updates."""

    def start(self) -> None:
        """Begin to work."""
        ...

    def desire(self, desired: Desired) -> None:
        """Take a document of the hub."""
        ...

    def turn(self) -> None:
        """Do what is due in the agent's loop."""
        ...

    def acknowledged(self, ack: Ack) -> None:
        """Hear of an acknowledgement."""
        ...

    def stop(self, grace_s: float) -> None:
        """End."""
        ...

    def restart_machine(self) -> None:
        """Restart the machine, if it is time; the agent has ended."""
        ...


class NoUpdates:
    """A device without a second slot: says no, once an order."""

    def __init__(self, *, unseal: Callable[[Desired], bytes], note: Callable[[Body], int | None]) -> None:
        """Take the parts."""
        self._unseal = unseal
        self._note = note
        self._said = ""

    def start(self) -> None:
        """Do nothing."""

    def desire(self, desired: Desired) -> None:
        """Say no."""
        try:
            document = decode_release(self._unseal(desired))
        except ValueError as error:
            logger.warning("a release of the hub is not used: %s", error)
            return
        if document.is_withdrawn or self._said == document.order:
            return
        self._said = document.order
        state, fault = UpdateState.REFUSED, UpdateFault.UNSUPPORTED
        order, number, name = document.order, document.number, document.name
        self._note(UpdateReport(state=state, fault=fault, order=order, number=number, name=name))

    def turn(self) -> None:
        """Do nothing."""

    def acknowledged(self, ack: Ack) -> None:
        """Do nothing."""

    def stop(self, grace_s: float) -> None:
        """Do nothing."""

    def restart_machine(self) -> None:
        """Do nothing."""


def system_of(settings: UpdateSettings) -> SystemUpdater | None:
    """Return the machine's slots, or ``None`` when it has none.

    Raises:
        InstallError: the simulated machine cannot be made.
    """
    if settings.system == "simulated":
        folder = Path(settings.folder) / "machine"
        return SimulatedSystem(folder, board=SIMULATED_BOARD, start_again=_start_again)
    if settings.system == "rauc" or (settings.system == "auto" and rauc.RELEASE.exists()):
        return rauc.RaucSystem()
    return None


def _start_again() -> None:
    """Replace this process by a new one of the same program: all that a simulated machine restarts."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (our own command line)


def build_updates(
    config: EdgeConfig,
    *,
    clock: Clock,
    pause: ScanPause,
    unseal: Callable[[Desired], bytes],
    note: Callable[[Body], int | None],
    epoch: Callable[[], str],
    end_agent: Callable[[], None],
) -> Updates:
    """Return the updates of a device; one that cannot have any says so to the hub.

    Args:
        config: With absolute paths.
        clock: Says which hour it is, if anybody knows.
        pause: Knows whether somebody is being scanned.
        unseal: Checks the hub's signature and returns the plain bytes, or raises DesiredError.
        note: Keeps a record and returns its seq, or ``None`` when it was refused.
        epoch: Of the outbox now.
        end_agent: Ends the agent in order; allowed from any thread.
    """
    try:
        system = system_of(config.update)
    except InstallError as error:
        logger.error("no updates: %s", error)
        system = None
    if system is None:
        return under_balena(NoUpdates(unseal=unseal, note=note), pause)
    folder = Path(config.update.folder)
    mailbox, inbox, wish = Mailbox(note=note, epoch=epoch), Inbox.empty(), RestartWish(end_agent)
    updater = Updater(
        system=system,
        source=HttpSource(),
        voice=mailbox,
        around=Surroundings(
            monotonic=time.monotonic,
            now=lambda: clock.now().at,
            minute_of_day=lambda: minute_of(clock),
            is_free=pause.is_free,
            is_wanted=inbox.is_calm,
            free_bytes=lambda: shutil.disk_usage(folder).free,
            restart=wish,
        ),
        folder=folder,
        trial_s=config.update.trial_minutes * 60,
    )
    return UpdateDesk(updater=updater, system=system, mailbox=mailbox, inbox=inbox, wish=wish, unseal=unseal)


def minute_of(clock: Clock) -> int | None:
    """Return the minute of the UTC day, or ``None`` while nobody knows the time."""
    stamp = clock.now()
    return None if stamp.quality is ClockQuality.UNKNOWN else stamp.at.hour * 60 + stamp.at.minute
