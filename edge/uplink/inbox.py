"""What the uplink's thread waits for: events of connections, answers to give, and a nudge to look.

Filled from any thread, emptied by one. Events carry the number of their connection, so that
those of an old one are not taken for the present.
"""

import queue
import threading

from edge.uplink.connection import Event
from edge.uplink.downlink import Answering


class _Wake:
    """Look at the outbox now."""


class Inbox:
    """A queue with a nudge that is queued once at most."""

    def __init__(self) -> None:
        """Begin empty."""
        self._items: queue.SimpleQueue[tuple[int, Event | _Wake | Answering]] = queue.SimpleQueue()
        self._is_woken = threading.Event()

    def post(self, number: int, event: Event | Answering) -> None:
        """Add an event of connection ``number``."""
        self._items.put((number, event))

    def wake(self) -> None:
        """Make the waiting thread look up; cheap however often it is called."""
        if not self._is_woken.is_set():
            self._is_woken.set()
            self._items.put((0, _Wake()))

    def next(self, *, number: int, timeout_s: float) -> Event | Answering | None:
        """Return the next event of connection ``number``; ``None`` after the time, a nudge, an old event."""
        try:
            of_number, event = self._items.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if isinstance(event, _Wake):
            self._is_woken.clear()
            return None
        return event if of_number == number else None
