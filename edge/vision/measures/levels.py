"""A number to a level that does not flutter: hysteresis in value and in time.

Must not know what it measures.
"""

from collections.abc import Sequence


class Levels:
    """Steps from 0 upwards; the level changes when the number has plainly left it for a while.

    Args:
        steps: Where levels 1, 2, … begin, rising.
        margin: How far beyond a step the number must be, as a share of the step.
        hold_s: How long.
    """

    def __init__(self, steps: Sequence[float], *, margin: float = 0.15, hold_s: float = 4.0) -> None:
        self._steps = tuple(steps)
        self._margin = margin
        self._hold_s = hold_s
        self._leaving_s: float | None = None
        self.level: int | None = None

    def see(self, value: float, pts_s: float) -> int:
        """Take the number of one moment and return the level.

        Args:
            value: What the steps are of.
            pts_s: The moment; a jump back begins the waiting anew.
        """
        wanted = self._wanted(value)
        if self.level is None:
            self.level = wanted
        if wanted == self.level:
            self._leaving_s = None
        elif self._leaving_s is None or pts_s < self._leaving_s:
            self._leaving_s = pts_s
        elif pts_s - self._leaving_s >= self._hold_s:
            self.level, self._leaving_s = wanted, None
        return self.level

    def _wanted(self, value: float) -> int:
        if self.level is None:
            return sum(value >= step for step in self._steps)
        above = sum(value >= step * (1 + self._margin) for step in self._steps)
        below = sum(value >= step * (1 - self._margin) for step in self._steps)
        return max(above, min(self.level, below))
