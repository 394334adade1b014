"""The agent's end of the pipe to one worker process.

A worker may be stopped in the middle of a message, or stop reading; either would block whoever
holds the other end. So one thread reads and one writes, and the agent's loop only ever touches
bounded queues. Must not decide anything: that is the supervisor's part.
"""

import logging
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from edge.supervision import pipe_codec
from edge.supervision.messages import (
    Answered,
    Beat,
    DoorScreen,
    Faulted,
    FromWorker,
    LivePart,
    Said,
    StillTaken,
    Told,
    ToWorker,
)
from edge.supervision.pipe_codec import GarbageError

logger = logging.getLogger(__name__)

# What is kept in order until the agent's loop comes to it.
Word = Said | Answered | Told | DoorScreen

# Behind a full queue the reader waits, the pipe fills, and the worker waits: nothing is lost.
_INBOX_MESSAGES = 512
_OUTBOX_MESSAGES = 512


def show_nobody(part: LivePart) -> None:
    """Take a live picture where nobody can see it."""
    logger.debug("%d bytes of live video go nowhere", len(part.payload))


class Link:
    """Messages from and to one worker process, and what is known of its progress."""

    def __init__(
        self,
        *,
        name: str,
        pipe: Connection,
        monotonic: Callable[[], float],
        wake: Callable[[], None],
        show: Callable[[LivePart], None] = show_nobody,
    ) -> None:
        """Start listening.

        Args:
            name: The worker, for log lines and thread names.
            pipe: Our end; closed by :meth:`close`.
            monotonic: Seconds of the clock by which beats are stamped.
            wake: Called from another thread whenever there is something to look at.
            show: Given live pictures at once, from that thread; must not block.
        """
        self.name = name
        self._show = show
        self.beat: Beat | None = None
        self.beat_at_s: float | None = None
        self.fault: Faulted | None = None
        self.garbage: str | None = None
        self.end_reason = ""
        self._pipe = pipe
        self._monotonic = monotonic
        self._wake = wake
        self._still: StillTaken | None = None
        self._inbox: queue.Queue[Word] = queue.Queue(_INBOX_MESSAGES)
        self._outbox: queue.Queue[ToWorker | None] = queue.Queue(_OUTBOX_MESSAGES)
        self._is_closing = threading.Event()
        self._has_dropped = False
        self._reader = threading.Thread(target=self._read, name=f"{name}-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name=f"{name}-writer", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def is_silent_for_ever(self) -> bool:
        """Whether nothing more can come: the pipe ended and all it brought was taken."""
        return not self._reader.is_alive() and self._inbox.empty()

    @property
    def is_broken(self) -> bool:
        """Whether nothing more will be read, although the process may live on."""
        return not self._reader.is_alive()

    def take(self, limit: int) -> list[Word | StillTaken]:
        """Return up to ``limit`` records and answers in order, and the newest still if there is one."""
        taken: list[Word | StillTaken] = []
        while len(taken) < limit:
            try:
                taken.append(self._inbox.get_nowait())
            except queue.Empty:
                break
        still, self._still = self._still, None
        if still is not None:
            taken.append(still)
        if not self._inbox.empty():
            self._wake()
        return taken

    def send(self, message: ToWorker) -> bool:
        """Hand a message to the writer; return whether there was room for it.

        A worker that does not read loses what it is told; it is silent too, and replaced soon.
        """
        try:
            self._outbox.put_nowait(message)
        except queue.Full:
            if not self._has_dropped:
                self._has_dropped = True
                logger.warning("%s does not read what it is told; messages to it are dropped", self.name)
            return False
        return True

    def close(self) -> None:
        """Stop both threads and let go of the pipe; the process must be dead by now."""
        self._is_closing.set()
        try:
            self._outbox.put_nowait(None)
        except queue.Full:
            logger.debug("%s: the writer ends by the broken pipe", self.name)
        for thread in (self._reader, self._writer):
            thread.join(timeout=1.0)
        self._pipe.close()

    def _read(self) -> None:
        try:
            while not self._is_closing.is_set():
                message = pipe_codec.decode(self._pipe.recv_bytes(pipe_codec.MAX_MESSAGE_BYTES))
                if isinstance(message, LivePart):
                    # Past the agent's loop, which may be waiting for a disk.
                    self._show(message)
                else:
                    self._sort(message)
                    self._wake()
        except GarbageError as error:
            self.garbage = str(error)
        except (EOFError, OSError) as error:
            # Also a message that claims to be too long, and one that was cut by a crash.
            self.end_reason = str(error) or "end of pipe"
        finally:
            self._wake()

    def _sort(self, message: FromWorker) -> None:
        match message:
            case Beat():
                self.beat = message
                self.beat_at_s = self._monotonic()
            case StillTaken():
                # Only the newest picture is worth anything: a flood of them takes no memory.
                self._still = message
            case Faulted():
                self.fault = message
            case Said() | Answered() | Told() | DoorScreen():
                self._put(message)

    def _put(self, said: Word) -> None:
        while not self._is_closing.is_set():
            try:
                self._inbox.put(said, timeout=0.5)
            except queue.Full:
                continue
            return

    def _write(self) -> None:
        try:
            while (message := self._outbox.get()) is not None:
                self._pipe.send(message)
        except (BrokenPipeError, ConnectionError, OSError) as error:
            logger.debug("%s: cannot be told anything more: %s", self.name, error)
