"""Several takers of one stream."""

from edge.clips.ring import KeptPacket, StreamShape
from edge.clips.taps import Taps


class Taken:
    def __init__(self) -> None:
        self.shapes: list[StreamShape] = []
        self.packets: list[KeptPacket] = []

    def begins(self, shape: StreamShape) -> None:
        self.shapes.append(shape)

    def feed(self, packet: KeptPacket) -> None:
        self.packets.append(packet)


def test_everybody_sees_everything_and_nobody_means_no_copies() -> None:
    taps, first, second = Taps(), Taken(), Taken()
    assert taps.all is None
    taps.add(first)
    taps.add(second)
    shape = StreamShape("h264", 1 / 90_000, b"")
    packet = KeptPacket(b"x", 1.0, True)
    assert taps.all is taps
    taps.begins(shape)
    taps.feed(packet)
    assert first.shapes == second.shapes == [shape]
    assert first.packets == second.packets == [packet]
