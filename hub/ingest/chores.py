"""What ingest does beside keeping records: heartbeat, sweeping, commands, documents, sealing.

Each chore has its interval; one that fails is said once and tried again, and never stops records.
"""

import logging
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)


class Chore:
    """Something to do every so often; ``act`` returns whether there is more to do at once."""

    def __init__(
        self, name: str, *, every_s: float, act: Callable[[], bool | None], is_for_idle: bool = False
    ) -> None:
        """Make a chore that is due at the first turn; ``is_for_idle``: only when nothing waits."""
        self.name = name
        self.every_s = every_s
        self.act = act
        self.is_for_idle = is_for_idle
        self.due_at_s = float("-inf")
        self.is_failing = False


class Chores:
    """Runs what is due."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        """Take chores in the order of importance."""
        self._chores = chores

    def turn(self, *, now_s: float, is_idle: bool) -> None:
        """Run what is due at ``now_s``, monotonic seconds."""
        for chore in self._chores:
            if now_s >= chore.due_at_s and (is_idle or not chore.is_for_idle):
                has_more = _run(chore)
                chore.due_at_s = now_s if has_more else now_s + chore.every_s


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
