"""The main stream of one camera, live: connected with the first lease, hung up with the last.

Nothing is decoded. Must not run while nobody watches: a main stream is some 4 Mbit/s.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from edge.clips.ring import PacketTap
from edge.live.relay import LiveRelay
from edge.wire.live import LivePiece

# A camera that says nothing for so long: the hub is answered all the same.
OPENING_S = 4.0


class Running(Protocol):
    """A stream that is read by a thread of its own, such as :class:`edge.clips.main_stream.MainStream`."""

    trouble: str
    """Why it cannot be read now; empty when it can, or when that is not known yet."""

    def start(self) -> None:
        """Begin to read."""

    def stop(self, timeout_s: float) -> None:
        """End."""


@dataclass(slots=True)
class _Asked:
    """An order that waits for the word of the camera."""

    ticket: int
    lease_s: float
    known_stream: int
    until_s: float


class MainLive:
    """The main stream of one camera, while it is leased."""

    def __init__(
        self,
        relay: LiveRelay,
        *,
        open_stream: Callable[[PacketTap], Running],
        monotonic: Callable[[], float],
    ) -> None:
        """Begin unwatched, and unconnected.

        Args:
            relay: makes the pieces.
            open_stream: gives a stream that is not started yet, which feeds what it is given.
            monotonic: seconds.
        """
        self._relay = relay
        self._open_stream = open_stream
        self._monotonic = monotonic
        self._running: Running | None = None
        self._asked: list[_Asked] = []

    @property
    def is_connected(self) -> bool:
        """Whether the camera's main stream is open, or being opened."""
        return self._running is not None

    def order(self, lease_s: float, *, known_stream: int, ticket: int) -> None:
        """Lease the stream; the order with this ticket is answered by :meth:`answers`."""
        self._relay.lease(lease_s, known_stream=known_stream)
        if lease_s <= 0:
            self._close()
        elif self._running is None:
            self._running = self._open_stream(self._relay)
            self._running.start()
        if ticket:
            self._asked.append(_Asked(ticket, lease_s, known_stream, self._monotonic() + OPENING_S))

    def answers(self) -> list[tuple[int, str]]:
        """Return the tickets that can be answered now, each with why it cannot be, or an empty text."""
        answered = [(each.ticket, word) for each in self._asked if (word := self._word(each)) is not None]
        tickets = {ticket for ticket, _ in answered}
        self._asked = [each for each in self._asked if each.ticket not in tickets]
        return answered

    def take(self) -> list[LivePiece]:
        """Return the pieces that are ready; hang up when nobody watches any more."""
        if self._running is not None and not self._relay.is_leased and not self._asked:
            self._close()
        return self._relay.take()

    def _word(self, asked: _Asked) -> str | None:
        if asked.lease_s <= 0:
            return ""
        if self._relay.has_begun:
            return "" if self._relay.is_leased else self._relay.lease(asked.lease_s)
        if self._running is not None and self._running.trouble:
            return f"main stream: {self._running.trouble}"
        return "main stream: the camera does not answer" if self._monotonic() >= asked.until_s else None

    def _close(self) -> None:
        if self._running is not None:
            # Not waited for: a camera that hangs must not hold up the pictures of the other stream.
            self._running.stop(0.0)
            self._running = None
            self._relay.forget()
