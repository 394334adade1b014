"""Does the light of the picture go up and down all the time: mains flicker, a pumping exposure?

A gain that is common to a whole row of cells is light; what passes by changes some of them.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 8.0
_MOST_SAMPLES = 240
_LEAST_SAMPLES = 8
# Log of the gain: less than this is noise and clouds.
_SWING = 0.08
# In so many of the eight rows it must turn so often in the window, a slow source nearly each time;
_ROWS, _TURNS, _TURNS_OF_SAMPLES = 5, 14, 0.65
# or less often, but evenly: head-lights make an exposure jump too, but never in step.
_EVEN_TURNS, _EVENNESS = 7, 0.2
# So many of the eight cells of a row must go the same way.
_AGREE = 6
# Dark cells have no gain worth the name.
_FLOOR = 6.0


class Flicker:
    """Remembers the cells of the last seconds, as logarithms: a gain is a difference of them."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque(maxlen=_MOST_SAMPLES)
        self._logs: deque[NDArray[np.float32]] = deque(maxlen=_MOST_SAMPLES)

    def feed(self, cells: NDArray[np.float32], times_s: Sequence[float]) -> None:
        """Take in the cells of some frames, (N, 8, 8), and their times, rising.

        Many frames at once cost as much as one.
        """
        self._times_s.extend(times_s)
        self._logs.extend(np.log(cells + _FLOOR))
        while self._times_s and self._times_s[-1] - self._times_s[0] > WINDOW_S:
            self._times_s.popleft()
            self._logs.popleft()

    def is_on(self) -> bool:
        """Return whether the light flickered or pumped through the last seconds."""
        if len(self._logs) < _LEAST_SAMPLES:
            return False
        logs = np.array(self._logs)
        gains = logs[1:] - logs[:-1]
        often = min(_TURNS, _TURNS_OF_SAMPLES * len(logs))
        # Most pictures are steady; these two lines are all that they cost.
        is_restless = np.abs(gains).sum(axis=0) >= min(often, _EVEN_TURNS) * _SWING
        if np.count_nonzero(is_restless) < _ROWS * _AGREE:
            return False
        ranked = np.sort(gains, axis=2)
        low, high = ranked[:, :, -_AGREE], ranked[:, :, _AGREE - 1]
        # What three quarters of a row agree on, else nothing.
        common = np.where(low > 0, low, np.where(high < 0, high, 0))
        # What turns that often goes a long way to and fro; only such rows are followed step by step.
        least_way = min(often, _EVEN_TURNS) * _SWING
        going = common[:, np.abs(common).sum(axis=0) >= least_way]
        if going.shape[1] < _ROWS:
            return False
        rows = [_turns_of(row) for row in np.cumsum(going, axis=0).T.tolist()]
        return sum(len(turns) >= often or _is_even(turns) for turns in rows) >= _ROWS


def _turns_of(levels: list[float]) -> list[int]:
    """Return where ``levels`` turned after having gone a whole swing one way."""
    turns: list[int] = []
    low, high, way = levels[0], levels[0], 0
    for place, level in enumerate(levels):
        low, high = min(low, level), max(high, level)
        if way <= 0 and level - low >= _SWING:
            turns += [place] if way < 0 else []
            way, high = 1, level
        elif way >= 0 and high - level >= _SWING:
            turns += [place] if way > 0 else []
            way, low = -1, level
    return turns


def _is_even(turns: list[int]) -> bool:
    """Return whether every second turn comes after the same time."""
    if len(turns) < _EVEN_TURNS:
        return False
    spans = np.subtract(turns[2:], turns[:-2])
    return bool(np.std(spans) < _EVENNESS * np.mean(spans))
