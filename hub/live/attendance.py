"""Who is still there of those who ask again and again, instead of holding a connection open."""

import threading
import time
from collections.abc import Callable

# Who did not ask for so long is gone.
GONE_S = 10.0


class Attendance:
    """Counts those who asked lately. Thread safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._asked_at_s: dict[int, float] = {}

    def came(self, view: int) -> None:
        """Note that the one with this view asked."""
        with self._lock:
            self._forget()
            self._asked_at_s[view] = self._monotonic()

    @property
    def count(self) -> int:
        """How many are there."""
        with self._lock:
            self._forget()
            return len(self._asked_at_s)

    def _forget(self) -> None:
        now_s = self._monotonic()
        self._asked_at_s = {view: at_s for view, at_s in self._asked_at_s.items() if now_s - at_s < GONE_S}
