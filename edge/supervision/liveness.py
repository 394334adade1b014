"""Who is to be replaced, and when: the pure part of supervision.

Knows nothing of processes or pipes; time and chance are given to it, so that every rule here
is tested without waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a failing worker is started again, in seconds.

    The first restart comes after ``quick_s``. Further failures without ``steady_s`` of progress
    in between are spaced from start to start by ``spacing_s``, doubled each time up to
    ``cap_s``, plus up to a quarter of it by chance, for ever.
    """

    quick_s: float = 0.2
    spacing_s: float = 4.0
    cap_s: float = 30.0
    steady_s: float = 10.0


# A board that is busy, hot or has a slow card may need minutes for what takes seconds elsewhere.
MOST_PATIENCE_TIMES = 8


class Liveness:
    """The life of one worker as its supervisor sees it."""

    def __init__(
        self,
        *,
        silent_after_s: float,
        startup_s: float,
        jitter: Callable[[], float],
        pace: Pace | None = None,
    ) -> None:
        """Begin as a worker that was never started and is due now.

        Args:
            silent_after_s: Longest time between two signs of progress.
            startup_s: Longest time from the start to the first sign of progress. Both are doubled after
                each life that was cut short by one of them before it was steady, up to eight times, so
                that slow is not hung for ever; starting again and again only makes a busy board busier.
            jitter: Gives numbers in [0, 1).
            pace: How restarts are spaced.
        """
        self._silent_after_s = silent_after_s
        self._startup_s = startup_s
        self._jitter = jitter
        self._pace = pace or Pace()
        self._is_up = False
        self._started_at = 0.0
        self._first_beat_at: float | None = None
        self._last_beat_at = 0.0
        self._patience_ends_at = 0.0
        self._due_at: float | None = None
        self._failures = 0
        self._times = 1
        self.restarts = -1

    @property
    def startup_s(self) -> float:
        """Longest time that the present start may take."""
        return self._startup_s * self._times

    @property
    def silent_after_s(self) -> float:
        """Longest time between two signs of progress, now."""
        return self._silent_after_s * self._times

    def started(self, now_s: float) -> None:
        """Note that a process was started."""
        self._is_up = True
        self._started_at = now_s
        self._first_beat_at = None
        self._last_beat_at = now_s
        self._patience_ends_at = now_s + self.startup_s
        self.restarts += 1

    def beat(self, at_s: float) -> None:
        """Note progress made at ``at_s``."""
        if self._first_beat_at is None:
            self._first_beat_at = at_s
            self._patience_ends_at = at_s + self.silent_after_s
        self._last_beat_at = max(self._last_beat_at, at_s)
        if self._times > 1 and self._is_steady():
            self._times = 1
            self._patience_ends_at = at_s + self.silent_after_s
        self._patience_ends_at = max(self._patience_ends_at, at_s + self.silent_after_s)

    def excuse(self, duration_s: float) -> None:
        """Forgive a silence that the agent itself caused by not listening."""
        self._patience_ends_at += duration_s

    def lost(self, now_s: float) -> None:
        """Note that the process is gone, and decide when the next one starts."""
        if self._first_beat_at is not None and now_s - self._first_beat_at >= self._pace.steady_s:
            self._failures = 0
        if not self._is_steady() and self.is_overdue(now_s):
            self._times = min(2 * self._times, MOST_PATIENCE_TIMES)
        self._failures += 1
        self._is_up = False
        self._due_at = max(now_s + self._pace.quick_s, self._started_at + self._gap_s())

    def is_overdue(self, now_s: float) -> bool:
        """Return whether a running worker was silent for too long."""
        return self._is_up and now_s >= self._patience_ends_at

    def is_due(self, now_s: float) -> bool:
        """Return whether it is time to start a process."""
        return not self._is_up and (self._due_at is None or now_s >= self._due_at)

    def _is_steady(self) -> bool:
        began_s = self._first_beat_at
        return began_s is not None and self._last_beat_at - began_s >= self._pace.steady_s

    def _gap_s(self) -> float:
        if self._failures <= 1:
            return 0.0
        # The exponent is bounded because a camera may stay away for months.
        doubled = self._pace.spacing_s * 2.0 ** min(self._failures - 2, 16)
        return min(self._pace.cap_s, doubled) * (1 + self._jitter() / 4)
