"""The newest small picture of each camera, kept only while somebody looks at the wall.

What the wall's sheet is pasted together from. Must not decode pictures.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from edge.wire.live import MAX_THUMB_BYTES
from hub.live.streams import CameraKey

# A wall that asked within this time is still looked at.
LOOKED_AT_S = 60.0
# 147 cameras, and room for a city that grows; a flood of invented ids ends here.
MOST_THUMBS = 1_000


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small JPEG, and when it came (monotonic seconds)."""

    jpeg: bytes = field(repr=False)
    came_s: float


class Thumbs:
    """The small pictures of the city. Thread safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with none, and nobody looking."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._thumbs: dict[CameraKey, Thumb] = {}
        self._looked_at_s: float | None = None

    def look(self) -> dict[CameraKey, Thumb]:
        """Return the pictures; who asks is taken to go on looking for a while."""
        with self._lock:
            self._looked_at_s = self._monotonic()
            return dict(self._thumbs)

    @property
    def is_looked_at(self) -> bool:
        """Whether a wall is open."""
        with self._lock:
            return self._looked_at_s is not None and self._monotonic() - self._looked_at_s < LOOKED_AT_S

    def arrived(self, key: CameraKey, jpeg: bytes) -> None:
        """Take a picture of a device; what is too large, or nobody looks at, is dropped."""
        if not 0 < len(jpeg) <= MAX_THUMB_BYTES:
            return
        with self._lock:
            if self._looked_at_s is not None and (key in self._thumbs or len(self._thumbs) < MOST_THUMBS):
                self._thumbs[key] = Thumb(jpeg, self._monotonic())
