"""How hard a door may try to read a frame: less when the processor is too slow or too hot. Pure.

What is given up first is what costs most and gives least: the retries, then the second opinion.
"""

from enum import IntEnum

# Raspberry Pi's firmware slows the processor down from 80 °C on (Raspberry Pi documentation, 2024).
HOT_C, TOO_HOT_C, COOL_C = 80.0, 84.0, 75.0
# Above this share of the time between two frames the door falls behind; well below, it may try more.
_BUSY_SHARE, _IDLE_SHARE = 0.9, 0.5
_SMOOTHING = 0.05
_TRY_MORE_AFTER_S = 20.0


class Effort(IntEnum):
    """What is done when the first look found nothing."""

    FIRST_LOOK = 0  # nothing more
    ONE_RETRY = 1
    FULL = 2  # all retries while the budget lasts, and the second opinion


class EffortKeeper:
    """Decides between the two ends by what frames cost and how hot it is."""

    def __init__(self, *, frame_every_s: float) -> None:
        """Begin with everything.

        Args:
            frame_every_s: Time between two frames of all cameras of the door together.
        """
        self._frame_every_s = frame_every_s
        self._cost_s = 0.0
        self._limit = Effort.FULL
        self._by_load = Effort.FULL
        self._changed_s = 0.0

    @property
    def effort(self) -> Effort:
        """What may be done now."""
        return min(self._limit, self._by_load)

    def feel(self, temperature_c: float | None) -> None:
        """Take note of the processor's temperature, if it is known."""
        if temperature_c is None or temperature_c <= COOL_C:
            self._limit = Effort.FULL
        elif temperature_c >= TOO_HOT_C:
            self._limit = Effort.FIRST_LOOK
        elif temperature_c >= HOT_C:
            self._limit = min(self._limit, Effort.ONE_RETRY)

    def spent(self, cost_s: float, now_s: float) -> None:
        """Take note of what a frame cost that was looked at (seconds; ``now_s`` is monotonic)."""
        self._cost_s += _SMOOTHING * (cost_s - self._cost_s)
        if self._cost_s > _BUSY_SHARE * self._frame_every_s:
            self._change(-1, now_s)
        elif self._cost_s < _IDLE_SHARE * self._frame_every_s and now_s - self._changed_s > _TRY_MORE_AFTER_S:
            self._change(+1, now_s)

    def _change(self, step: int, now_s: float) -> None:
        effort = Effort(max(Effort.FIRST_LOOK, min(Effort.FULL, self._by_load + step)))
        if effort is not self._by_load:
            # What the new effort costs has to show before it is judged.
            self._by_load, self._cost_s = effort, 0.7 * self._frame_every_s
            self._changed_s = now_s
