"""Live video of the city's cameras: pieces come in from devices, and go out to everybody who watches.

Each camera's newest group of pictures is kept, so that a new viewer sees something at once. A
viewer that does not read loses pictures, and delays nobody. Must not know MQTT or HTTP.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from edge.wire.live import LiveError, LiveKind, LivePiece, unpack_live

# Ten seconds at 15 pictures a second.
MOST_WAITING = 150
# A camera that sends no key frame: what is kept of it stays bounded.
MOST_GROUP_BYTES = 4 * 1024 * 1024


class CameraKey(NamedTuple):
    """One camera of one device."""

    device: str
    camera: str


class StreamKey(NamedTuple):
    """One video of a camera: the one that is looked at, or its main stream."""

    camera: CameraKey
    is_main: bool = False


class Watcher(Protocol):
    """Whoever is given the pieces of one stream; must not block."""

    @property
    def stream(self) -> StreamKey:
        """What is watched."""

    @property
    def weight(self) -> int:
        """How many people it stands for."""

    def put(self, piece: LivePiece) -> None:
        """Take a piece."""

    def end(self) -> None:
        """Take note that the stream is over."""


class Viewer:
    """One browser that watches a camera."""

    weight = 1

    def __init__(self, stream: StreamKey) -> None:
        """Begin with nothing waiting."""
        self.stream = stream
        self._pieces: deque[LivePiece] = deque()
        self._changed = threading.Condition()
        self._is_over = False
        self._skips = False
        self.dropped = 0

    def put(self, piece: LivePiece) -> None:
        """Queue a piece; when too many wait, all are dropped up to the next key frame."""
        with self._changed:
            if len(self._pieces) >= MOST_WAITING:
                self.dropped += len(self._pieces)
                self._pieces.clear()
                self._skips = True
            if self._skips and piece.kind is LiveKind.DELTA:
                self.dropped += 1
                return
            self._skips = False
            self._pieces.append(piece)
            self._changed.notify()

    def end(self) -> None:
        """Tell the viewer that the stream is over: it asks again and is given a new one."""
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def take(self, timeout_s: float) -> bytes | None:
        """Return all that waits as one text of bytes; empty when nothing came in time, None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._pieces or self._is_over, timeout_s)
            data = b"".join(piece.data for piece in self._pieces)
            self._pieces.clear()
            return None if self._is_over and not data else data


@dataclass(slots=True)
class _Stream:
    """What is known of one camera's video."""

    number: int = 0  # 0: no beginning was heard yet
    init: LivePiece | None = None
    group: list[LivePiece] = field(default_factory=list)
    group_bytes: int = 0
    viewers: set[Watcher] = field(default_factory=set)
    heard_at_s: float = 0.0
    is_strange: bool = False  # pieces come whose beginning we missed


class LiveStreams:
    """All cameras that somebody watches. Thread safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._streams: dict[StreamKey, _Stream] = {}

    def watch(self, key: CameraKey, *, is_main: bool = False) -> Viewer:
        """Let somebody watch; what is known of the picture waits for him already."""
        viewer = Viewer(StreamKey(key, is_main))
        self.attend(viewer)
        return viewer

    def attend(self, watcher: Watcher) -> None:
        """Give somebody the pieces of his stream, beginning with what is known of the picture."""
        with self._lock:
            stream = self._streams.setdefault(watcher.stream, _Stream())
            stream.viewers.add(watcher)
            if stream.init is not None and stream.group:
                for piece in (stream.init, *stream.group):
                    watcher.put(piece)

    def leave(self, watcher: Watcher) -> None:
        """Forget a viewer, and the video with the last one."""
        with self._lock:
            stream = self._streams.get(watcher.stream)
            if stream is None:
                return
            stream.viewers.discard(watcher)
            if not stream.viewers:
                del self._streams[watcher.stream]

    def watched(self) -> dict[StreamKey, int]:
        """Return the streams somebody watches, with the number of the beginning that is known of each."""
        with self._lock:
            return {
                key: 0 if stream.is_strange else stream.number
                for key, stream in self._streams.items()
                if stream.viewers
            }

    def viewers_of(self, key: CameraKey) -> int:
        """Return how many watch a camera, in whichever quality."""
        with self._lock:
            both = [self._streams.get(StreamKey(key, is_main)) for is_main in (False, True)]
            return sum(viewer.weight for stream in both if stream for viewer in stream.viewers)

    def silence_s(self, key: CameraKey) -> float | None:
        """Return seconds since the last piece of a camera that is watched; None: none came yet."""
        with self._lock:
            stream = self._streams.get(StreamKey(key))
            return self._monotonic() - stream.heard_at_s if stream and stream.heard_at_s else None

    def arrived(self, key: CameraKey, payload: bytes) -> None:
        """Take a piece of a device; rubbish and what nobody watches is dropped."""
        try:
            piece = unpack_live(payload)
        except LiveError:
            return
        with self._lock:
            stream = self._streams.get(StreamKey(key, piece.is_main))
            if stream is None:
                return
            stream.heard_at_s = self._monotonic()
            if piece.kind is LiveKind.INIT:
                self._begin(stream, piece)
            elif stream.init is None or piece.stream != stream.number:
                stream.is_strange = True
                return
            else:
                self._keep(stream, piece)
            for viewer in stream.viewers:
                viewer.put(piece)

    def _begin(self, stream: _Stream, piece: LivePiece) -> None:
        # A player cannot change over in one stream: it comes again, and begins with the new one.
        if stream.number:
            for viewer in stream.viewers:
                viewer.end()
            stream.viewers = set()
        stream.number, stream.init, stream.is_strange = piece.stream, piece, False
        stream.group, stream.group_bytes = [], 0

    def _keep(self, stream: _Stream, piece: LivePiece) -> None:
        if piece.kind is LiveKind.KEY:
            stream.group, stream.group_bytes = [], 0
        elif not stream.group:
            return
        stream.group.append(piece)
        stream.group_bytes += len(piece.data)
        if stream.group_bytes > MOST_GROUP_BYTES:
            stream.group, stream.group_bytes = [], 0
