"""Keeps a clip when something happens: what was in memory before it, and what comes after it.

Packets come from the camera's thread, which never waits here; files are made and written in a
thread of the recorder. Of a camera nothing worse can come of it than a clip that is missing.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from edge.clips.ring import KeptPacket, PacketRing, StreamShape
from edge.config import ClipLengths
from edge.errors import EdgeError
from edge.wire.records.bodies import ClipKept, ClipReason

logger = logging.getLogger(__name__)

# A clip is taken out a little after it is over.
_SLACK_S = 1.0
_LOOK_EVERY_S = 0.25
# The packets of a file, and what the container adds to them.
_SHARE_OF_FILE = 0.95
_MIB = 1024 * 1024


class Keeper(Protocol):
    """Where clips are put."""

    def keep(self, camera: str, clip: str, data: bytes) -> None:
        """Put a clip there; raises an ``EdgeError`` that says why not."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    reason: ClipReason
    at_s: float


class ClipRecorder:
    """The recorder of one camera; a :class:`edge.clips.ring.PacketTap`."""

    def __init__(
        self,
        *,
        camera: str,
        lengths: ClipLengths,
        keeper: Keeper,
        file_of: Callable[[StreamShape, Sequence[KeptPacket]], bytes],
        playable: frozenset[str],
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
        token: Callable[[], str],
    ) -> None:
        """Begin with nothing in memory; :meth:`start` starts the thread.

        Args:
            camera: its id.
            lengths: how long before and after, and how much memory.
            keeper: where clips are put.
            file_of: makes the file; may raise an ``EdgeError``.
            playable: codecs that are worth keeping.
            monotonic: seconds, of the same clock as the packets' ``at_s``.
            now: UTC.
            token: eight hexadecimal digits, new for each clip.
        """
        self._camera = camera
        self._lengths = lengths
        self._keeper = keeper
        self._file_of = file_of
        self._playable = playable
        self._monotonic = monotonic
        self._now = now
        self._token = token
        self._ring = PacketRing(
            keep_s=lengths.pre_roll_s + lengths.post_roll_s + _SLACK_S,
            max_bytes=int(lengths.ram_mib * _MIB * _SHARE_OF_FILE),
        )
        self._changed = threading.Condition()
        self._shape: StreamShape | None = None
        self._wanted: _Wanted | None = None
        self._kept: deque[ClipKept] = deque()
        self._is_closing = False
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name=f"{camera}-clips", daemon=True)

    def start(self) -> None:
        """Start the thread that writes."""
        self._thread.start()

    def begins(self, shape: StreamShape) -> None:
        """Take the shape of the stream; another one than before makes its packets useless."""
        if shape.codec not in self._playable:
            self._say(f"the stream is {shape.codec}, clips need one of {', '.join(sorted(self._playable))}")
        with self._changed:
            if self._shape != shape:
                self._shape = shape
                self._ring.clear()

    def feed(self, packet: KeptPacket) -> None:
        """Take a packet."""
        with self._changed:
            if self._shape is not None and self._shape.codec in self._playable:
                self._ring.add(packet)

    def want(self, reason: ClipReason) -> str:
        """Ask for a clip around now; return why there will be none, or an empty text.

        Within a clip that is not over yet nothing new is begun: what happened is in it.
        """
        with self._changed:
            if self._ring.size_bytes == 0:
                return self._trouble or "no packets have come yet"
            if self._wanted is None:
                self._wanted = _Wanted(reason, self._monotonic())
                self._changed.notify_all()
            return ""

    def kept(self) -> list[ClipKept]:
        """Return what was put on the disk since the last call."""
        return [self._kept.popleft() for _ in range(len(self._kept))]

    def close(self, timeout_s: float) -> list[ClipKept]:
        """End; a clip that was begun is kept as far as it came. Returns the last ones."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return self.kept()

    # --- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closing or self._wanted is not None)
                wanted, shape = self._wanted, self._shape
                if wanted is None or shape is None:
                    return
                while not self._is_closing and not self._is_over(wanted):
                    self._changed.wait(_LOOK_EVERY_S)
                packets = self._ring.since(wanted.at_s - self._lengths.pre_roll_s)
                # The stream may have begun anew meanwhile; its packets need its own shape.
                shape = self._shape or shape
                taken_at_s, self._wanted = self._monotonic(), None
            self._keep(wanted, shape, packets, taken_at_s)

    def _is_over(self, wanted: _Wanted) -> bool:
        if self._monotonic() >= wanted.at_s + self._lengths.post_roll_s:
            return True
        # Too many bytes for the time: better a short clip with the event than a long one without.
        safe_until_s = self._ring.safe_until_s
        return self._ring.is_nearly_full and safe_until_s is not None and safe_until_s > wanted.at_s

    def _keep(
        self, wanted: _Wanted, shape: StreamShape, packets: list[KeptPacket], taken_at_s: float
    ) -> None:
        if not packets:
            self._say("nothing of the stream was in memory when the clip was due")
            return
        began_s, duration_s = packets[0].at_s, packets[-1].at_s - packets[0].at_s
        started_at = self._now() - timedelta(seconds=max(taken_at_s - began_s, 0.0))
        clip = f"{started_at:%Y%m%dt%H%M%Sz}-{self._token()}"
        try:
            data = self._file_of(shape, packets)
            self._keeper.keep(self._camera, clip, data)
        except EdgeError as error:
            self._say(str(error))
            return
        self._trouble = ""
        self._kept.append(
            ClipKept(
                camera=self._camera,
                clip=clip,
                started_at=started_at,
                duration_s=duration_s,
                bytes=len(data),
                reason=wanted.reason,
            )
        )

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            logger.warning("%s: no clip: %s", self._camera, trouble)
