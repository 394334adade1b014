"""Several takers of one stream of packets: clips keep them, live video passes them on."""

from edge.clips.ring import KeptPacket, PacketTap, StreamShape


class Taps:
    """A :class:`edge.clips.ring.PacketTap` that shows everything to each of its own."""

    def __init__(self) -> None:
        self._taps: list[PacketTap] = []

    def add(self, tap: PacketTap) -> None:
        """Show everything to ``tap``, too."""
        self._taps.append(tap)

    @property
    def all(self) -> PacketTap | None:
        """Itself, or nothing when nobody takes packets: then none need be copied."""
        return self if self._taps else None

    def begins(self, shape: StreamShape) -> None:
        """A stream was opened."""
        for tap in self._taps:
            tap.begins(shape)

    def feed(self, packet: KeptPacket) -> None:
        """One packet came."""
        for tap in self._taps:
            tap.feed(packet)
