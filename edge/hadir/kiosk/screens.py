"""The newest picture of each screen, between the agent's loop that makes it and the pages that wait.

The only part of the kiosk that threads share. Must not decide what is shown.
"""

import threading
from collections.abc import Iterable

from edge.hadir.kiosk.picture import Picture


class Screens:
    """One picture a door, with a version that rises when it changes."""

    def __init__(self, doors: Iterable[str]) -> None:
        """Begin with empty screens."""
        self._pictures = {door: (1, Picture(door=door)) for door in doors}
        self._change = threading.Condition()
        self._is_over = False

    @property
    def doors(self) -> tuple[str, ...]:
        """The doors that have a screen."""
        return tuple(self._pictures)

    def put(self, picture: Picture) -> None:
        """Show something else; the same picture again wakes nobody."""
        with self._change:
            version, shown = self._pictures[picture.door]
            if picture != shown:
                self._pictures[picture.door] = (version + 1, picture)
                self._change.notify_all()

    def newest(self, door: str) -> Picture:
        """Return what a screen shows now.

        Raises:
            KeyError: no such door.
        """
        with self._change:
            return self._pictures[door][1]

    def wait(self, door: str, seen: int, timeout_s: float) -> tuple[int, Picture] | None:
        """Wait until a screen shows something newer than version ``seen``, or for so long.

        Returns:
            Its version and the picture, newer or not; ``None`` at the end of the agent.

        Raises:
            KeyError: no such door.
        """
        with self._change:
            self._change.wait_for(lambda: self._is_over or self._pictures[door][0] != seen, timeout_s)
            return None if self._is_over else self._pictures[door]

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._change:
            self._is_over = True
            self._change.notify_all()
