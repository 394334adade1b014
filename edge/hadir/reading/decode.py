"""Frames to texts within a budget of time: idle gate, first pass, retries, second opinion.

Reads QR codes and nothing else, and keeps no picture beyond the one at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edge import opencv
from edge.hadir.reading.effort import Effort
from edge.hadir.reading.passes import FIRST, RETRIES, SECOND_LOOKS, Luma, look
from edge.hadir.reading.second_opinion import SecondOpinion

# 15 frames a second on one core of a Pi 4 (reference, section 4).
BUDGET_S = 0.060
IDLE_EVERY = 8
SECOND_OPINION_EVERY = 4
_THUMB_WIDTH_PX, _THUMB_HEIGHT_PX = 80, 60
# Sensor noise moves a thumbnail pixel by 1-3 levels, a hand by tens.
_MOVED_LEVELS, _MOVED_PIXELS = 10, 4
# A hand that just stopped is about to hold still: that is the moment to look hardest.
_AWAKE_FRAMES = 30
_MOST_RETRIES = {Effort.FIRST_LOOK: 0, Effort.ONE_RETRY: 1, Effort.FULL: len(RETRIES)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a frame gave. ``stage`` names the pass that read it, or is empty.

    ``unreadable_share`` is the side of a code that was found but not read, as a share of the
    frame's height. ``is_skipped``: nothing moved, so the frame was not looked at.
    """

    texts: tuple[str, ...]
    stage: str = ""
    unreadable_share: float | None = None
    is_moving: bool = True
    is_skipped: bool = False
    has_oversized: bool = False


class IdleGate:
    """Notices that nothing moves, for a fraction of the cost of looking."""

    def __init__(self) -> None:
        self._last: Luma | None = None
        self._still_frames = _AWAKE_FRAMES

    def is_idle(self, luma: Luma) -> bool:
        """Take note of a frame, and tell whether nothing moved for some time."""
        thumb = opencv.resize(luma, _THUMB_WIDTH_PX, _THUMB_HEIGHT_PX)
        if self._last is None or self._has_moved(self._last, thumb):
            self._still_frames = 0
        else:
            self._still_frames += 1
        self._last = thumb
        return self._still_frames >= _AWAKE_FRAMES

    @staticmethod
    def _has_moved(last: Luma, thumb: Luma) -> bool:
        difference = np.abs(thumb.astype(np.int16) - last)
        return int(np.count_nonzero(difference > _MOVED_LEVELS)) >= _MOVED_PIXELS


class Decoder:
    """Reads the frames of one camera; one decoder a camera."""

    def __init__(
        self, *, second_opinion: SecondOpinion, elapsed_s: Callable[[], float], budget_s: float = BUDGET_S
    ) -> None:
        """Set up.

        Args:
            second_opinion: Asked on every fourth miss in a row.
            elapsed_s: A clock for the budget, any origin.
            budget_s: What one frame may cost.
        """
        self._second_opinion = second_opinion
        self._elapsed_s = elapsed_s
        self._budget_s = budget_s
        self.effort = Effort.FULL
        self._gate = IdleGate()
        self._frames = 0
        self._misses = 0
        self._next_retry = 0
        self._slowest_retry_s = 0.0

    def read(self, luma: Luma, now_s: float) -> Reading:
        """Return the texts in a frame.

        Args:
            luma: (H, W) uint8.
            now_s: When the frame was taken, monotonic seconds.
        """
        began_s = self._elapsed_s()
        self._frames += 1
        if late := self._second_opinion.poll(now_s):
            return self._hit(Reading(late, "second"))
        is_idle = self._gate.is_idle(luma)
        if is_idle and self._frames % IDLE_EVERY:
            return Reading((), is_moving=False, is_skipped=True)
        sight = look(FIRST, luma, with_unreadable=True)
        if sight.texts or sight.has_oversized:
            return self._hit(Reading(sight.texts, FIRST.name, has_oversized=sight.has_oversized))
        reading = self._retry(luma, began_s)
        if reading.texts:
            return self._hit(reading)
        self._misses += 1
        if self._misses % SECOND_OPINION_EVERY == 0 and self.effort is Effort.FULL:
            prepare = SECOND_LOOKS[self._misses // SECOND_OPINION_EVERY % len(SECOND_LOOKS)]
            self._second_opinion.submit(prepare(luma), now_s)
        return Reading((), unreadable_share=sight.unreadable_share, is_moving=not is_idle)

    def close(self) -> None:
        """End the second opinion."""
        self._second_opinion.close()

    def _hit(self, reading: Reading) -> Reading:
        self._misses = 0
        return reading

    def _retry(self, luma: Luma, began_s: float) -> Reading:
        """Try the other passes in turn: all of them while the budget lasts, as far as effort allows."""
        for _ in RETRIES[: _MOST_RETRIES[self.effort]]:
            started_s = self._elapsed_s()
            how = RETRIES[self._next_retry % len(RETRIES)]
            self._next_retry += 1
            texts = look(how, luma).texts
            if texts:
                return Reading(texts, how.name)
            now_s = self._elapsed_s()
            self._slowest_retry_s = max(now_s - started_s, 0.9 * self._slowest_retry_s)
            if now_s + self._slowest_retry_s - began_s > self._budget_s:
                break
        return Reading(())


def read_thoroughly(luma: Luma, ask_zbar: Callable[[Luma], tuple[str, ...]]) -> tuple[str, ...]:
    """Return the texts in a single picture, trying everything a door would try over several frames.

    Args:
        luma: (H, W) uint8.
        ask_zbar: The second decoder; only asked when all passes of the first found nothing.
    """
    for how in (FIRST, *RETRIES):
        if texts := look(how, luma).texts:
            return texts
    for prepare in SECOND_LOOKS:
        if texts := ask_zbar(prepare(luma)):
            return texts
    return ()
