"""One producer, many listening browsers: bounded queues, and a slow listener is dropped.

A dropped browser comes back by itself and is given everything anew.
"""

import queue
import threading

# Two a second at most: half a minute of not reading is long enough.
MAX_WAITING = 64


class Listener:
    """One browser: a queue of messages, closed when it fell behind."""

    def __init__(self, topic: str) -> None:
        """Take the topic (a language) that is listened to."""
        self.topic = topic
        self.is_dropped = False
        self._waiting: queue.Queue[str] = queue.Queue(MAX_WAITING)

    def put(self, message: str) -> None:
        """Queue a message, or drop the listener when its queue is full."""
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            self.is_dropped = True

    def get(self, timeout_s: float) -> str | None:
        """Return the next message, or ``None`` when none came in time."""
        try:
            return self._waiting.get(timeout=timeout_s)
        except queue.Empty:
            return None


class Fanout:
    """The listeners of one stream."""

    def __init__(self) -> None:
        """Begin without listeners."""
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()

    def add(self, listener: Listener) -> None:
        """Let a browser listen."""
        with self._lock:
            self._listeners.add(listener)

    def remove(self, listener: Listener) -> None:
        """Forget a browser."""
        with self._lock:
            self._listeners.discard(listener)

    def topics(self) -> frozenset[str]:
        """Return the topics that somebody listens to."""
        with self._lock:
            return frozenset(listener.topic for listener in self._listeners)

    def __len__(self) -> int:
        """Return how many listen."""
        with self._lock:
            return len(self._listeners)

    def send(self, topic: str, message: str) -> None:
        """Give a message to everybody on a topic; drop who cannot keep up."""
        with self._lock:
            for listener in tuple(self._listeners):
                if listener.topic == topic:
                    listener.put(message)
                if listener.is_dropped:
                    self._listeners.discard(listener)
