"""What one camera sends live, and for how long: packets in, pieces out, only while it is leased.

The newest group of pictures is always kept, so that who asks sees a picture at once and not
after the next key frame. Must not know pipes, MQTT or cameras.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from edge.clips.remux import RemuxError
from edge.clips.ring import KeptPacket, PacketRing, StreamShape
from edge.live.fragmenting import Fragmenter
from edge.wire.live import MAX_LIVE_BYTES, LiveKind, LivePiece

logger = logging.getLogger(__name__)

# One group of pictures: a sub-stream's is some 100 kB, a main stream's 2 MB.
_MOST_GROUP_BYTES = 4 * 1024 * 1024
# Pieces that nobody fetched: the worker is held up, and late video helps nobody.
_MOST_WAITING = 300
# Nobody waits so long for a picture: it is said instead what the camera should be set to.
NO_KEY_AFTER_S = 15.0


class LiveRelay:
    """The live video of one camera; a :class:`edge.clips.ring.PacketTap`. Thread safe."""

    def __init__(
        self,
        *,
        camera: str,
        monotonic: Callable[[], float],
        new_stream: Callable[[], int],
        is_main: bool = False,
    ) -> None:
        """Begin unwatched.

        Args:
            camera: its id, for messages.
            monotonic: seconds, of the same clock as the packets' ``at_s``.
            new_stream: gives numbers of streams, 1 to 2^32 - 1, hardly ever the same again.
            is_main: the packets are of the camera's main stream.
        """
        self._camera = camera
        self._is_main = is_main
        self._monotonic = monotonic
        self._new_stream = new_stream
        self._lock = threading.Lock()
        self._shape: StreamShape | None = None
        self._group = PacketRing(keep_s=0.0, max_bytes=_MOST_GROUP_BYTES)
        self._until_s: float | None = None
        self._fragmenter: Fragmenter | None = None
        self._stream = 0
        self._waiting: deque[LivePiece] = deque()
        self._skips_to_key = False
        # Since when packets come without a key frame; None: no packet came yet.
        self._keyless_since_s: float | None = None

    def begins(self, shape: StreamShape) -> None:
        """Take the shape of a stream; who watches is given a new one."""
        with self._lock:
            self._shape = shape
            self._keyless_since_s = None
            self._group.clear()
            self._end_stream()

    def forget(self) -> None:
        """Forget the stream: its connection was closed, and what comes next is another one."""
        with self._lock:
            self._shape, self._keyless_since_s, self._until_s = None, None, None
            self._group.clear()
            self._end_stream()

    def feed(self, packet: KeptPacket) -> None:
        """Take a packet."""
        with self._lock:
            if packet.is_key or self._keyless_since_s is None:
                self._keyless_since_s = packet.at_s
            self._group.add(packet)
            if self._is_leased():
                self._pass_on(packet)

    def lease(self, lease_s: float, *, known_stream: int = 0) -> str:
        """Send live for ``lease_s`` from now; 0 ends it. Return why that cannot be, or an empty text.

        Args:
            lease_s: seconds.
            known_stream: the stream whose beginning the asker has; another one is begun if it is not ours.
        """
        with self._lock:
            if lease_s <= 0:
                self._until_s = None
                self._end_stream()
                return ""
            self._until_s = self._monotonic() + lease_s
            if self._fragmenter is not None and known_stream == self._stream:
                return ""
            self._end_stream()
            return self._begin_stream()

    @property
    def has_begun(self) -> bool:
        """Whether the stream was opened: from then on it is known whether it can be watched."""
        with self._lock:
            return self._shape is not None

    @property
    def is_leased(self) -> bool:
        """Whether somebody watches."""
        with self._lock:
            return self._is_leased()

    def take(self) -> list[LivePiece]:
        """Return the pieces that are ready, in order."""
        with self._lock:
            pieces = list(self._waiting)
            self._waiting.clear()
            return pieces

    def _is_leased(self) -> bool:
        if self._until_s is not None and self._monotonic() >= self._until_s:
            self._until_s = None
            self._end_stream()
        return self._until_s is not None

    def _begin_stream(self) -> str:
        """Begin with the pictures since the last key frame."""
        if self._shape is None:
            return ""  # the camera is being opened: it begins with its first key frame
        if self._is_keyless():
            self._until_s = None
            return (
                f"the camera sends no key frame for more than {NO_KEY_AFTER_S:.0f} s; set its key-frame"
                " interval (GOP) to one second"
            )
        try:
            self._stream = self._new_stream()
            self._fragmenter = Fragmenter(self._shape, stream=self._stream)
        except RemuxError as error:
            self._until_s = None
            return str(error)
        for packet in self._group.since(self._monotonic()):
            self._fragment(packet)
        return ""

    def _is_keyless(self) -> bool:
        since_s = self._keyless_since_s
        return since_s is not None and self._monotonic() - since_s > NO_KEY_AFTER_S

    def _pass_on(self, packet: KeptPacket) -> None:
        if self._fragmenter is not None:
            self._fragment(packet)
        elif packet.is_key and (refusal := self._begin_stream()):
            logger.warning("%s cannot be watched live: %s", self._camera, refusal)

    def _fragment(self, packet: KeptPacket) -> None:
        assert self._fragmenter is not None, "a stream was begun"
        try:
            pieces = self._fragmenter.feed(packet)
        except RemuxError as error:
            logger.warning("%s: live video begins anew: %s", self._camera, error)
            self._end_stream()
            return
        for piece in pieces:
            self._queue(replace(piece, is_main=self._is_main))

    def _queue(self, piece: LivePiece) -> None:
        if len(piece.data) > MAX_LIVE_BYTES // 2 or len(self._waiting) >= _MOST_WAITING:
            self._waiting.clear()
            self._skips_to_key = True
            return
        if self._skips_to_key and piece.kind is LiveKind.DELTA:
            return
        self._skips_to_key = False
        self._waiting.append(piece)

    def _end_stream(self) -> None:
        if self._fragmenter is not None:
            self._fragmenter.close()
        self._fragmenter = None
        self._waiting.clear()
        self._skips_to_key = False
