"""Clips on their way to the hub, one piece at a time, behind everything that is more important.

What is under way is forgotten with the connection: the hub knows what it lacks and asks again.
:meth:`OutgoingClips.add` may be called from any thread, the rest from the uplink's only.
"""

import hashlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.wire.clips import CLIP_PIECE_BYTES, MAX_CLIP_BYTES, PieceHead, piece_count

logger = logging.getLogger(__name__)

# More is a hub that asks for everything at once; it asks again.
MOST_WAITING = 4


@dataclass(frozen=True, slots=True)
class OutgoingClip:
    """A clip the hub asked for, and which pieces of it."""

    camera: str
    path: Path
    clip: str
    size_bytes: int
    sha256: str
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One message."""

    camera: str
    head: PieceHead
    payload: bytes


def outgoing_clip(camera: str, path: Path, pieces: tuple[int, ...]) -> OutgoingClip:
    """Look at a file that is to be sent.

    Args:
        camera: whose.
        path: a clip; its name is its id.
        pieces: which; none are all.

    Raises:
        OSError: it cannot be read.
        ValueError: it is empty or too large, or has no such piece.
    """
    size_bytes = path.stat().st_size
    if not 0 < size_bytes <= MAX_CLIP_BYTES:
        raise ValueError(f"the file has {size_bytes} bytes")
    count = piece_count(size_bytes)
    if any(number >= count for number in pieces):
        raise ValueError(f"the clip has {count} pieces")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    wanted = tuple(sorted(set(pieces))) or tuple(range(count))
    return OutgoingClip(camera, path, path.stem, size_bytes, sha256, wanted)


class OutgoingClips:
    """The queue of clips; one piece is under way at a time."""

    def __init__(self) -> None:
        """Begin with an empty queue."""
        self._lock = threading.Lock()
        self._waiting: deque[OutgoingClip] = deque()
        self._sent = 0
        self._under_way: int | None = None

    def add(self, clip: OutgoingClip) -> bool:
        """Queue a clip; return whether there was room. The same clip again replaces what waits."""
        with self._lock:
            same = [place for place, one in enumerate(self._waiting) if one.path == clip.path]
            if not same and len(self._waiting) >= MOST_WAITING:
                return False
            if not same:
                self._waiting.append(clip)
                return True
            self._waiting[same[0]] = clip
            self._sent = 0 if same[0] == 0 else self._sent
            return True

    def next(self) -> Piece | None:
        """Return the piece to publish now, if one may be."""
        while self._under_way is None:
            with self._lock:
                if not self._waiting:
                    return None
                clip, place = self._waiting[0], self._sent
                self._sent += 1
                if self._sent >= len(clip.pieces):
                    self._drop_first()
            payload = _read(clip, clip.pieces[place])
            if payload is not None:
                head = PieceHead(clip.clip, clip.pieces[place], clip.size_bytes, clip.sha256)
                return Piece(clip.camera, head, payload)
            self._give_up(clip)
        return None

    def publish(self, publish: Callable[[Piece], int | None]) -> None:
        """Publish a piece if one may be; ``publish`` returns its message id, ``None`` without connection."""
        piece = self.next()
        if piece is not None:
            self._under_way = publish(piece)

    def answered(self, message_id: int, *, is_taken: bool) -> bool:
        """Take the broker's answer; return whether it was about a piece."""
        if message_id != self._under_way:
            return False
        self._under_way = None
        if not is_taken:
            # Nobody listens, so the rest would be for nothing.
            self.clear()
        return True

    def clear(self) -> None:
        """Forget everything: the connection is over."""
        self._under_way = None
        with self._lock:
            self._waiting.clear()
            self._sent = 0

    def _give_up(self, clip: OutgoingClip) -> None:
        with self._lock:
            if self._waiting and self._waiting[0] is clip:
                self._drop_first()

    def _drop_first(self) -> None:
        self._waiting.popleft()
        self._sent = 0


def _read(clip: OutgoingClip, number: int) -> bytes | None:
    """Return a piece; ``None`` when the clip was deleted meanwhile, which is no fault."""
    try:
        with clip.path.open("rb") as file:
            file.seek(number * CLIP_PIECE_BYTES)
            payload = file.read(CLIP_PIECE_BYTES)
    except OSError as error:
        logger.info("clip %s is no longer sent: %s", clip.clip, error.strerror)
        return None
    return payload or None
