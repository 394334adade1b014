"""The screens' side of everything that is live: who watches what, leases kept, orders given.

One a web process. Leases live as long as somebody watches: a device sends to nobody otherwise.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from edge.wire.messages import Command, Reply, SendLive, SendThumbs
from hub.ingest.link import Publish
from hub.live.calls import Calls
from hub.live.streams import CameraKey, LiveStreams, Viewer
from hub.live.thumbs import Thumbs

logger = logging.getLogger(__name__)

LEASE_S = 30.0
RENEW_EVERY_S = 10.0
# A beginning was missed, or nothing comes: asked for anew, but not more often.
ASK_AGAIN_S = 2.0
THUMBS_LEASE_S = 60.0
# Between the word of a device and the first request for its stream.
GRACE_S = 3.0
_TURN_S = 0.5
_CALL_TIMEOUT_S = 3.0


class LiveLink(Protocol):
    """The connection to the devices."""

    def start(self) -> None:
        """Connect, and connect again for ever."""

    def say(self, publish: Publish) -> bool:
        """Publish; ``False`` when there is no connection."""

    def stop(self) -> None:
        """End."""


class NoLink:
    """Stands in where there is no broker: everything says that nobody answers."""

    def start(self) -> None:
        """Nothing to connect."""

    def say(self, publish: Publish) -> bool:
        """Refuse."""
        return False

    def stop(self) -> None:
        """Nothing to end."""


class LiveDesk:
    """Watching, the wall's small pictures, and orders that are answered at once."""

    def __init__(
        self,
        link: LiveLink | None = None,
        *,
        devices: Callable[[], Iterable[str]] = tuple,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Put the parts together; :meth:`start` begins.

        Args:
            link: To the devices; without one nobody answers.
            devices: Those that have cameras, asked when the wall is looked at.
            monotonic: Seconds.
        """
        self.link: LiveLink = link or NoLink()
        self.streams = LiveStreams(monotonic=monotonic)
        self.calls = Calls(self._say)
        self.thumbs = Thumbs(monotonic=monotonic)
        self._devices = devices
        self._monotonic = monotonic
        self._leased_at_s: dict[CameraKey, float] = {}
        self._thumbs_at_s: float | None = None
        self._look = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-leases", daemon=True)

    def _say(self, publish: Publish) -> bool:
        return self.link.say(publish)

    def start(self) -> None:
        """Connect and keep leases."""
        self.link.start()
        self._thread.start()

    def stop(self) -> None:
        """End; devices stop by themselves when their leases are over."""
        self._is_stopping.set()
        self._look.set()
        self._thread.join(2.0)
        self.link.stop()

    def watch(self, key: CameraKey) -> Viewer:
        """Let somebody watch a camera; its device is asked at once when nobody did before."""
        viewer = self.streams.watch(key)
        self._look.set()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer; the device stops when it was the last."""
        self.streams.leave(viewer)
        self._look.set()

    def begin(self, key: CameraKey) -> Reply | None:
        """Ask a device for a camera's video and wait for its word; None: it does not answer."""
        known = self.streams.watched().get(key, 0)
        self._leased_at_s[key] = self._monotonic()
        command = SendLive(camera=key.camera, lease_s=LEASE_S, known_stream=known)
        return self.calls.ask(key.device, command, timeout_s=_CALL_TIMEOUT_S)

    def ask(self, device: str, command: Command, *, timeout_s: float = _CALL_TIMEOUT_S) -> Reply | None:
        """Give an order and wait for the answer; None: the device does not answer."""
        return self.calls.ask(device, command, timeout_s=timeout_s)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self.turn()
            except Exception:  # the outermost loop of this thread: it must never die silently
                logger.exception("live leases stumbled and go on")
            self._look.wait(_TURN_S)
            self._look.clear()

    def turn(self) -> None:
        """Renew what is due, and end what nobody watches."""
        now_s = self._monotonic()
        watched = self.streams.watched()
        for key, known in watched.items():
            if self._is_due(key, known, now_s):
                self._leased_at_s[key] = now_s
                self.calls.tell(key.device, SendLive(camera=key.camera, lease_s=LEASE_S, known_stream=known))
        for key in [key for key in self._leased_at_s if key not in watched]:
            if now_s - self._leased_at_s[key] < GRACE_S:
                continue  # the browser that asked is on its way
            del self._leased_at_s[key]
            self.calls.tell(key.device, SendLive(camera=key.camera, lease_s=0))
        self._renew_thumbs(now_s)

    def _is_due(self, key: CameraKey, known: int, now_s: float) -> bool:
        leased_at_s = self._leased_at_s.get(key)
        wait_s = ASK_AGAIN_S if known == 0 else RENEW_EVERY_S
        return leased_at_s is None or now_s - leased_at_s >= wait_s

    def _renew_thumbs(self, now_s: float) -> None:
        if not self.thumbs.is_looked_at:
            self._thumbs_at_s = None
        elif self._thumbs_at_s is None or now_s - self._thumbs_at_s >= THUMBS_LEASE_S / 3:
            self._thumbs_at_s = now_s
            for device in self._devices():
                self.calls.tell(device, SendThumbs(lease_s=THUMBS_LEASE_S))
