"""How long a program is waited for: as long as it works. A slow machine is no fault of it.

Counts processor seconds of its process group, not those on the wall. Must not end anything.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

# The number of no process group.
NOBODY = -1
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Of what follows the name in /proc/PID/stat (proc(5)): process group, and own and waited children's time.
_GROUP, _TIMES = 2, slice(11, 15)


class Patience:
    """With one process group that was just started."""

    def __init__(
        self,
        group: int,
        *,
        idle_s: float,
        work_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to wait.

        Args:
            group: Its number, which is that of its first process.
            idle_s: So long without computing: it waits for something that does not come.
            work_s: So many processor seconds: it goes round in circles.
            clock: Monotonic seconds.
        """
        self._group = group
        self._idle_s, self._work_s = idle_s, work_s
        self._clock = clock
        self._worked_s, self._worked_at_s = 0.0, clock()

    def is_left(self) -> bool:
        """Return whether it is worth waiting on; one that ended is idle."""
        worked_s, now_s = self._group_seconds(), self._clock()
        if worked_s > self._worked_s:
            self._worked_s, self._worked_at_s = worked_s, now_s
        return self._worked_s < self._work_s and now_s - self._worked_at_s < self._idle_s

    def _group_seconds(self) -> float:
        return sum(map(self._seconds_of, Path("/proc").glob("[0-9]*/stat")))

    def _seconds_of(self, path: Path) -> float:
        try:
            # The name may hold blanks and brackets.
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            return 0.0
        return sum(map(int, fields[_TIMES])) * _TICK_S if int(fields[_GROUP]) == self._group else 0.0
