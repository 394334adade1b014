"""Talks to systemd: ready, status, stopping, and a watchdog that is fed by progress only.

Being alive is no reason to feed it: every loop of the agent must have got further since the last
meal, or systemd restarts the agent. Without systemd (no ``NOTIFY_SOCKET``) all of it does nothing.
"""

import logging
import socket
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)


class Notifier:
    """Sends state lines to systemd, as sd_notify(3) does."""

    def __init__(self, address: str | None) -> None:
        """Send to ``address``, a path or an abstract name with ``@``; None sends nothing."""
        self._address = address
        self._has_failed = False

    def notify(self, *lines: str) -> None:
        """Send lines such as ``READY=1``; a deaf systemd is logged once and is no error."""
        if self._address is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as end:
                end.setblocking(False)
                end.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                logger.warning("systemd's socket %s cannot be reached: %s", self._address, error)


class Watchdog:
    """Feeds systemd's watchdog while all loops get further."""

    def __init__(
        self, *, notifier: Notifier, every_s: float | None, progress: Callable[[], tuple[float, ...]]
    ) -> None:
        """Prepare.

        Args:
            notifier: Where meals go.
            every_s: Shortest time between two meals; None when systemd does not watch.
            progress: A number for each loop, which differs whenever that loop got further.
        """
        self._notifier = notifier
        self._every_s = every_s
        self._progress = progress
        self._fed_at_s: float | None = None
        self._eaten: tuple[float, ...] | None = None

    def feed(self, now_s: float) -> bool:
        """Feed if it is time and every loop moved since the last meal; return whether it was fed."""
        if self._every_s is None:
            return False
        if self._fed_at_s is not None and now_s - self._fed_at_s < self._every_s:
            return False
        progress = self._progress()
        if self._eaten is not None and any(a == b for a, b in zip(self._eaten, progress, strict=True)):
            return False
        self._fed_at_s, self._eaten = now_s, progress
        self._notifier.notify("WATCHDOG=1")
        return True


def interval_s(environment: Mapping[str, str], own_pid: int) -> float | None:
    """Return how often to feed: a third of systemd's patience; None when it does not watch us."""
    patience_us = environment.get("WATCHDOG_USEC", "")
    if not patience_us.isdigit() or int(patience_us) == 0:
        return None
    if environment.get("WATCHDOG_PID", str(own_pid)) != str(own_pid):
        return None
    return int(patience_us) / 1e6 / 3
