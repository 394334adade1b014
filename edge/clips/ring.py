"""The newest seconds of a camera's coded pictures, in memory. Pure.

Whole groups of pictures only: what is taken out begins with a key frame, or a player shows rubbish.
Bounded by seconds and by bytes, whatever the camera sends. Must not know files, clocks or PyAV.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StreamShape:
    """What a player has to know of a stream before its first packet.

    ``header`` is made and read by :mod:`edge.clips.remux`; ``tick_s`` is the unit of timestamps.
    """

    codec: str
    tick_s: float
    header: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptPacket:
    """One coded picture. ``pts`` and ``dts`` count ticks; ``at_s`` is monotonic, of its arrival."""

    data: bytes = field(repr=False)
    at_s: float
    is_key: bool
    pts: int | None = None
    dts: int | None = None


class PacketTap(Protocol):
    """Is shown every packet of a stream, in the order of arrival; must not block and not raise."""

    def begins(self, shape: StreamShape) -> None:
        """A stream was opened."""

    def feed(self, packet: KeptPacket) -> None:
        """One packet came."""


@dataclass(slots=True)
class _Group:
    """A key frame and what follows it up to the next."""

    packets: list[KeptPacket]
    size_bytes: int

    @property
    def began_s(self) -> float:
        return self.packets[0].at_s


class PacketRing:
    """Keeps what came in the last ``keep_s`` seconds, or less of it if that is over ``max_bytes``."""

    def __init__(self, *, keep_s: float, max_bytes: int) -> None:
        """Begin empty.

        Args:
            keep_s: how far back the oldest picture lies at least, once so much has come.
            max_bytes: of all packets together.
        """
        self._keep_s = keep_s
        self._max_bytes = max_bytes
        self._groups: deque[_Group] = deque()
        self.size_bytes = 0

    @property
    def safe_until_s(self) -> float | None:
        """Up to when pictures would be lost with the oldest group; ``None`` when there is one group."""
        return self._groups[1].began_s if len(self._groups) > 1 else None

    @property
    def is_nearly_full(self) -> bool:
        """Whether bytes, not seconds, are about to decide what is forgotten."""
        return self.size_bytes > self._max_bytes * 3 // 4

    def clear(self) -> None:
        """Forget everything."""
        self._groups.clear()
        self.size_bytes = 0

    def add(self, packet: KeptPacket) -> None:
        """Take the newest packet; before the first key frame there is nothing to keep."""
        if packet.is_key:
            self._groups.append(_Group([], 0))
        if not self._groups:
            return
        newest = self._groups[-1]
        newest.packets.append(packet)
        newest.size_bytes += len(packet.data)
        self.size_bytes += len(packet.data)
        self._forget(packet.at_s)

    def since(self, from_s: float) -> list[KeptPacket]:
        """Return the packets from the last key frame at or before ``from_s``, or from the oldest."""
        first = 0
        for place, group in enumerate(self._groups):
            if group.began_s <= from_s:
                first = place
        return [packet for group in list(self._groups)[first:] for packet in group.packets]

    def _forget(self, now_s: float) -> None:
        while len(self._groups) > 1 and now_s - self._groups[1].began_s >= self._keep_s:
            self._drop_oldest()
        # A stream without further key frames is one endless group: it goes whole, and a new one begins.
        while self.size_bytes > self._max_bytes:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        self.size_bytes -= self._groups.popleft().size_bytes
