"""What an update needs of the device: two slots, a way to the hub, and leave to restart.

A restart into the free slot is a trial: unless the machine is told that the release is good, its next
start is the old slot's. Must not decide when anything is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from edge.errors import EdgeError
from edge.wire.updates import UpdateReport


class BundleError(EdgeError):
    """A file that is no bundle, or not signed by the city's firmware key; says why."""


class InstallError(EdgeError):
    """The bundle could not be written into the free slot, or the machine does not obey; says why."""


class SystemBusyError(EdgeError):
    """The machine is at it already; asking again later helps."""


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """What runs on this machine.

    ``slot`` runs since the boot named ``boot``; ``is_committed``: it is also what starts next time.
    ``number`` is 0 when nobody knows it.
    """

    board: str
    slot: str
    boot: str
    number: int
    name: str
    is_committed: bool


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """What a bundle says of itself, under its signature."""

    board: str
    number: int
    name: str


class SystemUpdater(Protocol):
    """A machine with two slots. Every method may take long, and may be called again after a kill."""

    def status(self) -> SystemStatus:
        """Return what runs.

        Raises:
            InstallError: the machine does not say.
        """
        ...

    def check(self, bundle: Path) -> BundleFacts:
        """Return what a bundle says of itself.

        Raises:
            BundleError: it is none, or not signed by the city.
            InstallError: it cannot be judged.
        """
        ...

    def install(self, bundle: Path) -> None:
        """Write a bundle into the free slot; the running one stays what starts next time.

        Raises:
            BundleError: its content is not what was signed.
            SystemBusyError: something is being installed.
            InstallError: it could not be written.
        """
        ...

    def restart(self, *, is_trial: bool) -> None:
        """Restart the machine, into the free slot for a trial; returns before it happens.

        Raises:
            InstallError: the machine refuses.
        """
        ...

    def mark_good(self) -> None:
        """Make the running slot the one that starts next time.

        Raises:
            InstallError: the machine refuses.
        """
        ...


class Voice(Protocol):
    """What the machine needs of the way to the hub."""

    def say(self, report: UpdateReport) -> None:
        """Put a report into the outbox."""
        ...

    def is_heard(self) -> bool:
        """Return whether the hub acknowledged a report that was put since this process began."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the machine asks of the device around it.

    ``minute_of_day`` is ``None`` while nobody knows the time; ``restart`` ends the agent in order and
    restarts the machine then; ``is_free``: nobody is being scanned; ``is_wanted``: nothing new came
    and nobody stops us.
    """

    monotonic: Callable[[], float]
    now: Callable[[], datetime]
    minute_of_day: Callable[[], int | None]
    is_free: Callable[[], bool]
    is_wanted: Callable[[], bool]
    free_bytes: Callable[[], int]
    restart: Callable[[bool], None]
