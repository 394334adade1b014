"""What devices send that the screens cannot use: counted a device and reason, written down now and then.

A device that floods us costs one row, not one row a message.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from edge.wire.topics import UpChannel, up
from hub.ingest.keeping.deadletter import Letter
from hub.live.streams import CameraKey

# Invented ids must not fill the memory before they are written down.
MOST_REASONS = 200


class Refusals:
    """Counts. Thread safe."""

    def __init__(self, *, keep: Callable[[Sequence[Letter]], None], now: Callable[[], datetime]) -> None:
        """Take what writes letters down.

        Args:
            keep: Called with one letter a reason.
            now: Aware UTC.
        """
        self._keep = keep
        self._now = now
        self._lock = threading.Lock()
        self._counts: Counter[tuple[CameraKey, str]] = Counter()
        self.total = 0

    def refuse(self, key: CameraKey, reason: str) -> None:
        """Count something that was not taken."""
        with self._lock:
            self.total += 1
            if (key, reason) in self._counts or len(self._counts) < MOST_REASONS:
                self._counts[key, reason] += 1

    def write(self) -> None:
        """Write down what was counted since the last time."""
        with self._lock:
            counted, self._counts = self._counts, Counter()
        if not counted:
            return
        now = self._now()
        self._keep(
            [
                Letter(
                    device=key.device,
                    topic=up(key.device, UpChannel.THUMB, key.camera),
                    # The same reason again raises the count of its row, whatever the bytes were.
                    raw=reason.encode(),
                    reason=f"{reason} ({times}x)" if times > 1 else reason,
                    received_at=now,
                )
                for (key, reason), times in counted.items()
            ]
        )
