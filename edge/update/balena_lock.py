"""balena's update lock: a file that keeps its supervisor from replacing us while people are scanned.

balena's convention: the file is there, and made exclusively, as long as nothing may be replaced.
Nothing is lost without it, as the agent ends in order; the queue at the door would wait.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edge.update.scan_pause import ScanPause
from edge.wire.messages import Ack, Desired

if TYPE_CHECKING:
    from edge.update.building import Updates

logger = logging.getLogger(__name__)

# Set by balena's supervisor in every container.
_VARIABLE = "BALENA_APP_LOCK_PATH"


def under_balena(
    updates: "Updates", pause: ScanPause, environment: Mapping[str, str] = os.environ
) -> "Updates":
    """Return the updates with balena's lock around doors; the same ones where balena is not."""
    path = environment.get(_VARIABLE, "")
    return BalenaLock(updates, pause, Path(path)) if path else updates


class BalenaLock:
    """Holds the lock while somebody was just at a door; hands everything else on."""

    def __init__(self, updates: "Updates", pause: ScanPause, path: Path) -> None:
        """Take away a lock that an earlier run left behind: it would hold updates back for ever.

        Args:
            updates: The agent's own.
            pause: Knows when somebody was last at a door.
            path: The lock.
        """
        self._updates, self._pause, self._path = updates, pause, path
        self._has_failed = False
        self._is_held = True
        self._let_go()

    def turn(self) -> None:
        """Take the lock or let it go, as the doors are."""
        if self._pause.is_free():
            self._let_go()
        else:
            self._hold()
        self._updates.turn()

    def start(self) -> None:
        """Begin to work."""
        self._updates.start()

    def desire(self, desired: Desired) -> None:
        """Take a document of the hub."""
        self._updates.desire(desired)

    def acknowledged(self, ack: Ack) -> None:
        """Hear of an acknowledgement."""
        self._updates.acknowledged(ack)

    def stop(self, grace_s: float) -> None:
        """End; who ends in order needs no lock."""
        self._let_go()
        self._updates.stop(grace_s)

    def restart_machine(self) -> None:
        """Restart the machine, if it is time."""
        self._updates.restart_machine()

    def _hold(self) -> None:
        if self._is_held:
            return
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            pass  # another container of this device holds it: just as good
        except OSError as error:
            self._tell(error)
            return
        self._is_held = True

    def _let_go(self) -> None:
        if not self._is_held:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            self._tell(error)
            return
        self._is_held = False

    def _tell(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed = True
            logger.warning("balena's update lock %s cannot be used: %s", self._path, error)
