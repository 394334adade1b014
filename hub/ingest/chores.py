"""What ingest does beside keeping records: heartbeat, sweeping, commands, documents, sealing.

Each chore has its interval; one that fails is said once and tried again, and never stops records.
Of several workers each does its own; those of the city only the one that leads. What a chore costs
grows with the fleet: those of the city stop for records when their time of a turn is over, and one that
takes long comes less often.
"""

import logging
import time
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

# A hub that is never idle does what is for idle moments all the same, a step at a time: else days
# would stay unsealed and nothing old would ever go.
LONGEST_WAIT_S = 10.0
# Of the chores of the city in one turn; the others come in the next, after what was said meanwhile.
LONGEST_TURN_S = 0.2
# Of the worker's time that a single chore may take: else a large fleet would leave none for records.
MOST_SHARE = 0.2


class Chore:
    """Something to do every so often; ``act`` returns whether there is more to do at once."""

    def __init__(
        self, name: str, *, every_s: float, act: Callable[[], bool | None], is_for_idle: bool = False
    ) -> None:
        """Make a chore, due at the first turn; ``is_for_idle``: when nothing waits, or it waited long."""
        self.name = name
        self.every_s = every_s
        self.act = act
        self.is_for_idle = is_for_idle
        self.due_at_s = float("-inf")
        self.waits_since_s: float | None = None
        self.is_failing = False
        self.took_s = 0.0  # since it began, over several turns when it has more to do


class Chores:
    """Runs what is due."""

    def __init__(
        self,
        chores: Sequence[Chore],
        *,
        leading: Sequence[Chore] = (),
        is_leading: Callable[[], bool] = lambda: True,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take chores in the order of importance.

        Args:
            chores: Of every worker.
            leading: Of the one that leads; they come after the others.
            is_leading: Asked before each of them.
            monotonic_s: Seconds; for how long a chore takes.
        """
        self._chores = chores
        self._leading = leading
        self._is_leading = is_leading
        self._monotonic_s = monotonic_s
        self._next = 0

    def turn(self, *, now_s: float, is_idle: bool) -> None:
        """Run what is due at ``now_s``, monotonic seconds."""
        for chore in self._chores:
            self._run_if_due(chore, now_s, is_idle)
        began_s = self._monotonic_s()
        first, self._next = self._next, 0
        for place in range(first, first + len(self._leading)):
            if not self._is_leading():
                return
            if self._monotonic_s() - began_s >= LONGEST_TURN_S:
                # Those that had no turn come first in the next.
                self._next = place % len(self._leading)
                return
            self._run_if_due(self._leading[place % len(self._leading)], now_s, is_idle)

    def _run_if_due(self, chore: Chore, now_s: float, is_idle: bool) -> None:
        if not _is_due(chore, now_s, is_idle):
            return
        began_s = self._monotonic_s()
        has_more = _run(chore)
        chore.took_s += self._monotonic_s() - began_s
        if has_more:
            chore.due_at_s = now_s
            return
        chore.due_at_s = now_s + max(chore.every_s, chore.took_s / MOST_SHARE)
        chore.took_s = 0.0


def _is_due(chore: Chore, now_s: float, is_idle: bool) -> bool:
    if now_s < chore.due_at_s:
        return False
    if chore.is_for_idle and not is_idle:
        if chore.waits_since_s is None:
            chore.waits_since_s = now_s
        if now_s - chore.waits_since_s < LONGEST_WAIT_S:
            return False
    chore.waits_since_s = None
    return True


def _run(chore: Chore) -> bool:
    # The outermost loop of the process as far as a chore is concerned: records go on without it.
    try:
        has_more = bool(chore.act())
    except Exception:
        if not chore.is_failing:
            log.exception("%s fails; it will be tried again", chore.name)
        chore.is_failing = True
        return False
    if chore.is_failing:
        log.warning("%s works again", chore.name)
    chore.is_failing = False
    return has_more
