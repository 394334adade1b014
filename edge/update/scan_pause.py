"""The update lock of doors: nothing is installed and nothing restarts while people are being scanned.

The last words of the doors are kept in any case: the agent ends in order before the machine restarts.
"""

from collections.abc import Callable

from edge.wire.records.bodies import Body, HadirScan, ScanRefused


class ScanPause:
    """Knows when somebody was last at a door. Written by the main loop, read by the updater."""

    def __init__(self, monotonic: Callable[[], float], *, pause_s: float) -> None:
        """Begin as if nobody had been there; ``pause_s`` is longer than the gaps in a queue of people."""
        self._monotonic = monotonic
        self._pause_s = pause_s
        self._last_s: float | None = None

    def kept(self, body: Body) -> None:
        """Hear of a record that was kept."""
        if isinstance(body, HadirScan | ScanRefused):
            self._last_s = self._monotonic()

    def is_free(self) -> bool:
        """Return whether nobody was scanned for a while."""
        return self._last_s is None or self._monotonic() - self._last_s >= self._pause_s
