"""Times for packets whose source's clock cannot be trusted: from 0, always rising, without jumps.

Pure. Used for files that are kept and for live video alike.
"""

TICKS_PER_S = 90_000
_DEFAULT_STEP_S = 0.04
# A longer step of a source's time is a clock that was set.
_LONGEST_STEP_S = 5.0


class Retiming:
    """Gives each packet of a stream its (pts, dts) in 1/90000 s.

    Args:
        tick_s: unit of the source's timestamps.
    """

    def __init__(self, tick_s: float) -> None:
        self._tick_s = tick_s
        self._step_s = _DEFAULT_STEP_S
        self._dts_s = 0.0
        self._told: int | None = None
        self._last_dts: int | None = None

    def place(self, *, pts: int | None, dts: int | None) -> tuple[int, int]:
        """Return pts and dts of the next packet: dts from 0 and always rising, pts not before it.

        Args:
            pts: of the source, in its ticks; None when it tells none.
            dts: likewise.
        """
        told = dts if dts is not None else pts
        if self._last_dts is not None:
            moved_s = None if told is None or self._told is None else (told - self._told) * self._tick_s
            if moved_s is not None and 0 < moved_s <= _LONGEST_STEP_S:
                self._step_s = moved_s
            self._dts_s += self._step_s
        self._told = told
        delay_s = 0.0
        if pts is not None and dts is not None:
            delay_s = min(max((pts - dts) * self._tick_s, 0.0), _LONGEST_STEP_S)
        placed = round(self._dts_s * TICKS_PER_S)
        if self._last_dts is not None and placed <= self._last_dts:
            placed = self._last_dts + 1
        self._last_dts = placed
        return placed + round(delay_s * TICKS_PER_S), placed
