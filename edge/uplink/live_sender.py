"""The device's second connection to the broker: pictures of now, so that records never wait for video.

Connects when there is something to show and lets go when there was nothing for a while. A link
that cannot carry the video loses video, and memory stays bounded. Runs in a thread of its own.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from edge.errors import EdgeError
from edge.uplink.connection import ConnectionFailedError
from edge.wire.live import LiveError, LiveKind, unpack_live
from edge.wire.topics import UpChannel

logger = logging.getLogger(__name__)

# Two seconds of four cameras: what waits longer is not live.
_MOST_WAITING = 120
_IDLE_S = 60.0
_RETRY_S = 2.0


class ShowConnection(Protocol):
    """What is needed of :class:`edge.uplink.show_connection.ShowConnection`."""

    @property
    def is_open(self) -> bool:
        """Whether the broker let us in and has not gone."""

    def open(self) -> None:
        """Connect; raises ``ConnectionFailedError``."""

    def show(self, channel: UpChannel, camera: str, payload: bytes) -> bool:
        """Hand a picture over; ``False`` when the link does not carry so much, or is gone."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class _Picture:
    channel: UpChannel
    camera: str
    payload: bytes = field(repr=False)


class LiveSender:
    """Sends live pictures of all cameras of a device."""

    def __init__(
        self,
        connect: Callable[[], ShowConnection],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        idle_s: float = _IDLE_S,
        retry_s: float = _RETRY_S,
    ) -> None:
        """Prepare; the thread starts with :meth:`start`.

        Args:
            connect: Makes a connection, not yet open.
            monotonic: Seconds that never go back.
            idle_s: With nothing to show for so long the connection is closed.
            retry_s: After a failure pictures are dropped for so long.
        """
        self._connect = connect
        self._monotonic = monotonic
        self._idle_s = idle_s
        self._retry_s = retry_s
        self._waiting: queue.Queue[_Picture | None] = queue.Queue(_MOST_WAITING)
        self._skips: set[str] = set()
        self._broken_until_s = 0.0
        self._said = ""
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="live-uplink", daemon=True)

    def start(self) -> None:
        """Begin to wait for pictures."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End; what waits is dropped."""
        while True:
            try:
                self._waiting.put_nowait(None)
                break
            except queue.Full:
                self._waiting.get_nowait()
        self._thread.join(timeout_s)

    def show(self, camera: str, channel: UpChannel, payload: bytes) -> None:
        """Queue a picture or drop it; never waits. From any thread.

        After a loss the pieces of a video up to its next key frame are dropped too: they would
        show rubbish.
        """
        if channel is UpChannel.LIVE and camera in self._skips and not _can_be_played_from(payload):
            self.dropped += 1
            return
        try:
            self._waiting.put_nowait(_Picture(channel, camera, payload))
        except queue.Full:
            self.dropped += 1
            if channel is UpChannel.LIVE:
                self._skips.add(camera)
        else:
            self._skips.discard(camera)

    # --- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while (picture := self._waiting.get()) is not None:
            if self._monotonic() < self._broken_until_s:
                self._drop(picture)
            elif not self._serve(picture):
                return

    def _serve(self, first: _Picture) -> bool:
        """Send until nobody looks any more or the link is gone; return whether to go on living."""
        connection = self._connect()
        try:
            connection.open()
            self._said = ""
            return self._send_all(connection, first)
        except (ConnectionFailedError, EdgeError) as error:
            self._fail(first, str(error))
            return True
        except Exception:  # the outermost loop of this thread: it must never die silently
            logger.exception("live video stumbled and begins anew")
            self._fail(first, "an error of our own, see above")
            return True
        finally:
            connection.close()

    def _send_all(self, connection: ShowConnection, first: _Picture) -> bool:
        picture: _Picture | None = first
        while picture is not None:
            if not connection.show(picture.channel, picture.camera, picture.payload):
                if not connection.is_open:
                    self._fail(picture, "the connection is gone")
                    return True
                self._drop(picture)
            try:
                picture = self._waiting.get(timeout=self._idle_s)
            except queue.Empty:
                return True
        return False

    def _fail(self, picture: _Picture, trouble: str) -> None:
        self._drop(picture)
        self._broken_until_s = self._monotonic() + self._retry_s
        if trouble != self._said:
            self._said = trouble
            logger.warning("live video: %s; tried again in %g s", trouble, self._retry_s)

    def _drop(self, picture: _Picture) -> None:
        self.dropped += 1
        if picture.channel is UpChannel.LIVE:
            self._skips.add(picture.camera)


def _can_be_played_from(payload: bytes) -> bool:
    try:
        return unpack_live(payload).kind is not LiveKind.DELTA
    except LiveError:
        return False
