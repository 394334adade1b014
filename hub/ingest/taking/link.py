"""The port between the writer and a broker: take messages, settle them, say something.

``MemoryLink`` is the adapter without a broker, for tests and replays of recorded traffic.
"""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

import msgspec

# What one batch may hold; measured: 500-2,000 records a commit cost least, also at FULL.
MOST_MESSAGES = 2_000
MOST_BYTES = 512 * 1024
# A commit is worth its cost when so many live records wait, or one message as large as those of a
# backlog: a device that drains has four of them under way and sends no more before they are kept.
ENOUGH_MESSAGES = 100
BACKLOG_BYTES = 4 * 1024


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One publish as it came.

    ``ticket`` is the link's own mark for settling it. ``said_at`` is the user property ``at``;
    ``correlation`` the MQTT 5 correlation data; ``labels`` are all user properties.
    """

    topic: str
    payload: bytes
    received_at_s: float  # seconds since 1970
    is_retained: bool = False
    ticket: tuple[int, int] | None = None
    said_at: str = ""
    correlation: bytes = b""
    labels: tuple[tuple[str, str], ...] = ()


class Publish(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say to a device; ``expiry_s`` whole seconds, 0: never expires."""

    topic: str
    payload: bytes
    qos: int = 0
    expiry_s: int = 0
    response_topic: str = ""
    correlation: bytes = b""


class Link(Protocol):
    """The writer's side of a broker connection."""

    def take(self, timeout_s: float) -> list[Message]:
        """Return what waits, at most one batch; wait up to ``timeout_s`` for the first."""

    def settle(self, messages: Sequence[Message]) -> None:
        """Tell the broker that these are dealt with. Never said before the commit."""

    def say(self, publish: Publish) -> bool:
        """Publish; ``False`` when there is no connection, and then nothing is queued."""

    def waiting(self) -> int:
        """How many messages wait to be taken."""

    def is_enough(self) -> bool:
        """Whether enough waits that nothing is gained by letting more come together."""

    def is_alive(self) -> bool:
        """Whether messages can still come: ``False`` is for a person or a restart."""


class MemoryLink:
    """A link whose broker is a list."""

    def __init__(self) -> None:
        """Begin with nothing waiting and the connection up."""
        self.inbox: deque[Message] = deque()
        self.settled: list[Message] = []
        self.said: list[Publish] = []
        self.is_connected = True
        self.is_running = True

    def take(self, timeout_s: float) -> list[Message]:
        """See :class:`Link`; never waits."""
        return take_batch(self.inbox)

    def settle(self, messages: Sequence[Message]) -> None:
        """See :class:`Link`."""
        self.settled.extend(messages)

    def say(self, publish: Publish) -> bool:
        """See :class:`Link`."""
        if self.is_connected:
            self.said.append(publish)
        return self.is_connected

    def waiting(self) -> int:
        """See :class:`Link`."""
        return len(self.inbox)

    def is_enough(self) -> bool:
        """See :class:`Link`."""
        return is_enough(self.inbox)

    def is_alive(self) -> bool:
        """See :class:`Link`."""
        return self.is_running


def take_batch(inbox: deque[Message]) -> list[Message]:
    """Take one batch off the left, at least one message when there is one."""
    taken: list[Message] = []
    size_bytes = 0
    while inbox and len(taken) < MOST_MESSAGES and size_bytes < MOST_BYTES:
        message = inbox.popleft()
        size_bytes += len(message.payload)
        taken.append(message)
    return taken


def is_enough(inbox: deque[Message]) -> bool:
    """Return whether a batch of what waits is worth a commit of its own."""
    return len(inbox) >= ENOUGH_MESSAGES or any(len(one.payload) >= BACKLOG_BYTES for one in inbox)
