"""Where page and device meet: one wish at a time goes in, one sentence comes out. Thread safe.

Counts the tries: who sits on the access point must not make the device knock at hubs all day.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from edge.setup_by_phone.radio import HeardNetwork
from edge.setup_by_phone.wishes import Wish

MOST_TRIES, TRIES_WITHIN_S = 6, 300.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows now; holds no secret."""

    networks: tuple[HeardNetwork, ...] = ()
    is_trying: bool = False
    is_done: bool = False
    text: str = ""


class SetUpDesk:
    """The counter between the two.

    Args:
        monotonic: Seconds.
    """

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._shown = Shown()
        self._wish: Wish | None = None
        self._tries: deque[float] = deque()
        self._is_seen = False

    @property
    def shown(self) -> Shown:
        """What the page shows now."""
        with self._changed:
            return self._shown

    def take(self, wish: Wish) -> bool:
        """Take a wish; ``False`` while another is tried, or after too many."""
        with self._changed:
            now_s = self._monotonic()
            while self._tries and now_s - self._tries[0] > TRIES_WITHIN_S:
                self._tries.popleft()
            if self._shown.is_trying or self._shown.is_done or len(self._tries) >= MOST_TRIES:
                return False
            self._tries.append(now_s)
            self._wish = wish
            self._shown = Shown(self._shown.networks, is_trying=True)
            self._changed.notify_all()
            return True

    def next_wish(self, within_s: float) -> Wish | None:
        """Return the next wish, once; ``None`` when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not None, within_s)
            wish, self._wish = self._wish, None
            return wish

    def show(self, networks: tuple[HeardNetwork, ...], text: str) -> None:
        """Show the form again, with what is heard and what went wrong."""
        with self._changed:
            self._shown = Shown(networks, text=text)

    def finish(self, text: str) -> None:
        """Show that it is done."""
        with self._changed:
            self._shown = Shown(is_done=True, text=text)

    def was_read(self) -> None:
        """Hear that the end was shown to somebody."""
        with self._changed:
            self._is_seen = self._shown.is_done
            self._changed.notify_all()

    def wait_until_read(self, within_s: float) -> None:
        """Wait until the end was shown, or so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_seen, within_s)
