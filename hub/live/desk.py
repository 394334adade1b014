"""The screens' side of everything that is live: who watches what, leases kept, orders given.

One a web process. Leases live as long as somebody watches: a device sends to nobody otherwise.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from edge.wire.messages import Command, Reply, SendLive, SendThumbs
from hub.ingest.taking.link import Publish
from hub.live.attendance import Attendance
from hub.live.calls import Calls
from hub.live.hls import HlsWindow
from hub.live.streams import CameraKey, LiveStreams, StreamKey, Viewer, Watcher
from hub.live.thumbs import Refuse, Thumb, Thumbs

logger = logging.getLogger(__name__)

LEASE_S = 30.0
RENEW_EVERY_S = 10.0
# A beginning was missed, or nothing comes: asked for anew, but not more often.
ASK_AGAIN_S = 2.0
THUMBS_LEASE_S = 60.0
# Larger pictures of single cameras: asked for every second by whoever looks.
LARGE_LEASE_S = 10.0
LARGE_EVERY_S = 4.0
# Of the single pictures of somebody who cannot be shown video.
PICTURE_WIDTH_PX = 640
# Between the word of a device and the first request for its stream.
GRACE_S = 3.0
_TURN_S = 0.5
_MOST_NAMED = 64
_CALL_TIMEOUT_S = 3.0
# The device connects to the main stream first.
_MAIN_TIMEOUT_S = 6.0


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
        is_known: Callable[[CameraKey], bool] = lambda _key: True,
        refuse: Refuse = lambda _key, _reason: None,
        chores: Sequence[Callable[[], None]] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Put the parts together; :meth:`start` begins.

        Args:
            link: To the devices; without one nobody answers.
            devices: Those that have cameras, asked when the wall is looked at.
            is_known: Tells whether the city has a camera.
            refuse: Told what devices sent that was not taken.
            chores: Done now and then by the thread that keeps leases.
            monotonic: Seconds.
        """
        self.link: LiveLink = link or NoLink()
        self.streams = LiveStreams(monotonic=monotonic)
        self.calls = Calls(self._say)
        self.thumbs = Thumbs(monotonic=monotonic, is_known=is_known, refuse=refuse)
        self._chores = tuple(chores)
        self._windows: dict[StreamKey, HlsWindow] = {}
        self._pictured: dict[CameraKey, Attendance] = {}
        self._windows_lock = threading.Lock()
        self._devices = devices
        self._monotonic = monotonic
        self._leased_at_s: dict[StreamKey, float] = {}
        self._thumbs_at_s: float | None = None
        self._large_at_s: dict[int, float] = {}
        self._look = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-leases", daemon=True)

    def _say(self, publish: Publish) -> bool:
        return self.link.say(publish)

    def add_chore(self, chore: Callable[[], None]) -> None:
        """Have something done twice a second by the thread that keeps leases; it must not wait."""
        self._chores = (*self._chores, chore)

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

    def watch(self, key: CameraKey, *, is_main: bool = False) -> Viewer:
        """Let somebody watch a camera; its device is asked at once when nobody did before."""
        viewer = self.streams.watch(key, is_main=is_main)
        self._look.set()
        return viewer

    def leave(self, viewer: Watcher) -> None:
        """Forget a viewer; the device stops when it was the last."""
        self.streams.leave(viewer)
        self._look.set()

    def window(self, key: CameraKey, *, view: int, is_main: bool = False) -> HlsWindow:
        """Return the parts and segments of a camera, made as long as somebody asks for them."""
        stream = StreamKey(key, is_main)
        with self._windows_lock:
            window = self._windows.get(stream)
            is_new = window is None or window.is_over
            if window is None or window.is_over:
                self._forget_window(stream)
                window = self._windows[stream] = HlsWindow(stream, monotonic=self._monotonic)
            window.attendance.came(view)
        if is_new:
            self.streams.attend(window)
            self._look.set()
        return window

    def picture(self, key: CameraKey, *, view: int, after_s: float, timeout_s: float) -> Thumb | None:
        """Return a picture of a camera that came after ``after_s``; None: none came in time."""
        with self._windows_lock:
            there = self._pictured.setdefault(key, Attendance(monotonic=self._monotonic))
        there.came(view)
        self.want(key, PICTURE_WIDTH_PX)
        return self.thumbs.newest(key, after_s=after_s, timeout_s=timeout_s)

    def viewers_of(self, key: CameraKey) -> int:
        """Return how many people watch a camera, in whichever way."""
        there = self._pictured.get(key)
        return self.streams.viewers_of(key) + (0 if there is None else there.count)

    def want(self, key: CameraKey, width_px: int) -> None:
        """Have a larger picture of a camera sent every second, as long as this is repeated."""
        if self.thumbs.want(key, width_px):
            self._large_at_s.pop(width_px, None)
            self._look.set()

    def begin(self, key: CameraKey, *, is_main: bool = False) -> Reply | None:
        """Ask a device for a camera's video and wait for its word; None: it does not answer."""
        stream = StreamKey(key, is_main)
        known = self.streams.watched().get(stream, 0)
        self._leased_at_s[stream] = self._monotonic()
        timeout_s = _MAIN_TIMEOUT_S if is_main else _CALL_TIMEOUT_S
        return self.calls.ask(key.device, _lease(stream, LEASE_S, known), timeout_s=timeout_s)

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
        self._close_windows()
        watched = self.streams.watched()
        for stream, known in watched.items():
            if self._is_due(stream, known, now_s):
                self._leased_at_s[stream] = now_s
                self.calls.tell(stream.camera.device, _lease(stream, LEASE_S, known))
        for stream in [stream for stream in self._leased_at_s if stream not in watched]:
            if now_s - self._leased_at_s[stream] < GRACE_S:
                continue  # the browser that asked is on its way
            del self._leased_at_s[stream]
            self.calls.tell(stream.camera.device, _lease(stream, 0, 0))
        self._renew_thumbs(now_s)
        self._renew_large(now_s)
        for chore in self._chores:
            try:
                chore()
            except Exception:  # a chore that fails must not keep the others and the leases from their turn
                logger.exception("a chore of the live desk stumbled")

    def _close_windows(self) -> None:
        with self._windows_lock:
            for stream, window in list(self._windows.items()):
                if window.is_over or window.weight == 0:
                    self._forget_window(stream)
            self._pictured = {key: there for key, there in self._pictured.items() if there.count}

    def _forget_window(self, stream: StreamKey) -> None:
        window = self._windows.pop(stream, None)
        if window is not None:
            window.end()
            self.streams.leave(window)

    def _renew_large(self, now_s: float) -> None:
        wanted = self.thumbs.wanted()
        self._large_at_s = {
            width_px: at_s for width_px, at_s in self._large_at_s.items() if width_px in wanted
        }
        for width_px, devices in wanted.items():
            if now_s - self._large_at_s.get(width_px, -LARGE_EVERY_S) < LARGE_EVERY_S:
                continue
            self._large_at_s[width_px] = now_s
            for device, cameras in devices.items():
                named = tuple(cameras[:_MOST_NAMED])
                order = SendThumbs(lease_s=LARGE_LEASE_S, width_px=width_px, cameras=named)
                self.calls.tell(device, order)

    def _is_due(self, stream: StreamKey, known: int, now_s: float) -> bool:
        leased_at_s = self._leased_at_s.get(stream)
        wait_s = ASK_AGAIN_S if known == 0 else RENEW_EVERY_S
        return leased_at_s is None or now_s - leased_at_s >= wait_s

    def _renew_thumbs(self, now_s: float) -> None:
        if not self.thumbs.is_looked_at:
            self._thumbs_at_s = None
        elif self._thumbs_at_s is None or now_s - self._thumbs_at_s >= THUMBS_LEASE_S / 3:
            self._thumbs_at_s = now_s
            for device in self._devices():
                self.calls.tell(device, SendThumbs(lease_s=THUMBS_LEASE_S))


def _lease(stream: StreamKey, lease_s: float, known_stream: int) -> SendLive:
    return SendLive(
        camera=stream.camera.camera,
        lease_s=lease_s,
        known_stream=known_stream,
        quality="main" if stream.is_main else "sub",
    )
