"""Work that would stop records for too long is done a slice at a time, over several turns of ingest."""

import time
from collections.abc import Callable, Iterator

SLICE_S = 0.1
# Work that nobody went on with, as this worker led no more: what it saw then says nothing of now.
LONGEST_PAUSE_S = 60.0


class Sliced:
    """The act of a :class:`hub.ingest.chores.Chore` that goes on where it stopped.

    The work is an iterator whose steps are short; it must hold no transaction open between two of them.
    """

    def __init__(
        self, begin: Callable[[], Iterator[None]], *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what begins the work anew each time."""
        self._begin = begin
        self._monotonic_s = monotonic_s
        self._steps: Iterator[None] | None = None
        self._paused_at_s = 0.0

    def __call__(self) -> bool:
        """Do steps for ``SLICE_S``; return whether more are left."""
        began_s = self._monotonic_s()
        steps = self._steps
        if steps is None or began_s - self._paused_at_s > LONGEST_PAUSE_S:
            steps = self._begin()
        # An error ends the work: the next call begins it anew.
        self._steps = None
        for _ in steps:
            now_s = self._monotonic_s()
            if now_s - began_s >= SLICE_S:
                self._steps, self._paused_at_s = steps, now_s
                return True
        return False
