"""Does the light of the picture go up and down all the time: mains flicker, a pumping exposure?

A gain that is common to a whole row of cells is light; what passes by changes some of them.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 8.0
_MOST_SAMPLES = 240
_LEAST_SAMPLES = 8
# Log of the gain: less than this is noise and clouds.
_SWING = 0.08
# So often in the window it must turn, and in so many of the eight rows; a slow source shows fewer.
_TURNS, _TURNS_OF_SAMPLES, _ROWS = 8, 0.5, 5
# Dark cells have no gain worth the name.
_FLOOR = 6.0


class Flicker:
    """Remembers the cells of the last seconds."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque(maxlen=_MOST_SAMPLES)
        self._cells: deque[NDArray[np.float32]] = deque(maxlen=_MOST_SAMPLES)

    def feed(self, cells: NDArray[np.float32], now_s: float) -> None:
        """Take in the cells of one frame, (8, 8)."""
        while self._times_s and now_s - self._times_s[0] > WINDOW_S:
            self._times_s.popleft()
            self._cells.popleft()
        self._times_s.append(now_s)
        self._cells.append(cells)

    def is_on(self) -> bool:
        """Return whether the light flickered or pumped through the last seconds."""
        if len(self._cells) < _LEAST_SAMPLES:
            return False
        gains = np.diff(np.log(np.stack(self._cells) + _FLOOR), axis=0)
        low, high = np.quantile(gains, (0.25, 0.75), axis=2)
        # What three quarters of a row agree on, else nothing.
        common = np.where(low > 0, low, np.where(high < 0, high, 0.0))
        needed = min(_TURNS, _TURNS_OF_SAMPLES * len(self._cells))
        restless = np.abs(common).sum(axis=0) >= needed * _SWING
        if np.count_nonzero(restless) < _ROWS:
            return False
        turns = [_turns_of(row) for row in np.cumsum(common, axis=0).T.tolist()]
        return sum(each >= needed for each in turns) >= _ROWS


def _turns_of(levels: list[float]) -> int:
    """Return how often ``levels`` turned after having gone a whole swing one way."""
    turns, low, high, way = 0, levels[0], levels[0], 0
    for level in levels:
        low, high = min(low, level), max(high, level)
        if way <= 0 and level - low >= _SWING:
            turns, way, high = turns + (way < 0), 1, level
        elif way >= 0 and high - level >= _SWING:
            turns, way, low = turns + (way > 0), -1, level
    return turns
