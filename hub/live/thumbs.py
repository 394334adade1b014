"""The newest small picture of each camera, kept only while somebody looks.

What the wall's sheets are pasted together from, and the last rung of live video. Must not decode
pictures.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from edge.wire.live import MAX_LARGE_THUMB_BYTES, MAX_THUMB_BYTES
from hub.live.streams import CameraKey

# A wall that asked within this time is still looked at.
LOOKED_AT_S = 60.0
# Somebody who wants a larger picture asks for it every second.
WANTED_S = 6.0
# 147 cameras, and room for a city that grows; a flood of invented ids ends here.
MOST_THUMBS = 1_000

Refuse = Callable[[CameraKey, str], None]


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small JPEG, and when it came (monotonic seconds)."""

    jpeg: bytes = field(repr=False)
    came_s: float


def _nobody_minds(_key: CameraKey, _reason: str) -> None:
    """Refuse silently."""


class Thumbs:
    """The small pictures of the city. Thread safe."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        is_known: Callable[[CameraKey], bool] = lambda _key: True,
        refuse: Refuse = _nobody_minds,
    ) -> None:
        """Begin with none, and nobody looking.

        Args:
            monotonic: Seconds.
            is_known: Tells whether the city has such a camera.
            refuse: Told what was not taken, and why.
        """
        self._monotonic = monotonic
        self._is_known = is_known
        self._refuse = refuse
        self._changed = threading.Condition()
        self._thumbs: dict[CameraKey, Thumb] = {}
        self._looked_at_s: float | None = None
        # Until when somebody wants a camera so wide (px).
        self._wanted: dict[tuple[CameraKey, int], float] = {}

    def look(self) -> dict[CameraKey, Thumb]:
        """Return the pictures; who asks is taken to go on looking for a while."""
        with self._changed:
            self._looked_at_s = self._monotonic()
            return dict(self._thumbs)

    def want(self, key: CameraKey, width_px: int) -> bool:
        """Wish a camera larger for the next seconds; return whether nobody did before."""
        with self._changed:
            is_new = self._wanted.get((key, width_px), 0.0) <= self._monotonic()
            self._wanted[key, width_px] = self._monotonic() + WANTED_S
            return is_new

    def wanted(self) -> dict[int, dict[str, list[str]]]:
        """Return width (px) -> device -> cameras that somebody wants so wide."""
        with self._changed:
            now_s = self._monotonic()
            self._wanted = {one: until_s for one, until_s in self._wanted.items() if now_s < until_s}
            found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
            for key, width_px in self._wanted:
                found[width_px][key.device].append(key.camera)
            return found

    def newest(self, key: CameraKey, *, after_s: float, timeout_s: float) -> Thumb | None:
        """Wait for a picture of a camera that came after ``after_s``; None: none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_newer(key, after_s), timeout_s)
            return self._thumbs.get(key) if self._is_newer(key, after_s) else None

    @property
    def is_looked_at(self) -> bool:
        """Whether a wall is open."""
        with self._changed:
            return self._looked_at_s is not None and self._monotonic() - self._looked_at_s < LOOKED_AT_S

    def arrived(self, key: CameraKey, jpeg: bytes) -> None:
        """Take a picture of a device; what is too large, of no camera of ours, or unseen is dropped."""
        with self._changed:
            is_large = any(one == key for one, _ in self._wanted)
            most_bytes = MAX_LARGE_THUMB_BYTES if is_large else MAX_THUMB_BYTES
            is_seen = self._looked_at_s is not None or is_large
            is_new = key not in self._thumbs
        if not 0 < len(jpeg) <= most_bytes:
            self._refuse(key, f"thumb of more than {most_bytes} bytes" if jpeg else "thumb of no bytes")
        elif is_new and not self._is_known(key):
            self._refuse(key, "thumb of a camera that this device does not have")
        elif is_seen:
            self._keep(key, jpeg)

    def _keep(self, key: CameraKey, jpeg: bytes) -> None:
        with self._changed:
            if key in self._thumbs or len(self._thumbs) < MOST_THUMBS:
                self._thumbs[key] = Thumb(jpeg, self._monotonic())
                self._changed.notify_all()

    def _is_newer(self, key: CameraKey, after_s: float) -> bool:
        thumb = self._thumbs.get(key)
        return thumb is not None and thumb.came_s > after_s
