"""H.264 in RTP packets."""

import struct

from provisioning.simulators.film import Unit
from provisioning.simulators.rtp import Packetiser


def parts(framed: bytes) -> tuple[int, int, int, bool, bytes]:
    """Return channel, sequence, timestamp, marker and payload of a framed packet."""
    dollar, channel, length = struct.unpack(">cBH", framed[:4])
    assert dollar == b"$"
    assert length == len(framed) - 4
    version, kind, sequence, timestamp, _ = struct.unpack(">BBHII", framed[4:16])
    assert version == 0x80
    assert kind & 0x7F == 96
    return channel, sequence, timestamp, bool(kind & 0x80), framed[16:]


def test_a_small_unit_is_one_packet_a_nal_and_the_last_is_marked() -> None:
    unit = Unit((b"\x67abc", b"\x68d", b"\x65efg"), is_key=True)
    packets = [parts(each) for each in Packetiser().packets(unit, 9000)]
    assert [each[4] for each in packets] == [b"\x67abc", b"\x68d", b"\x65efg"]
    assert [each[1] for each in packets] == [0, 1, 2]
    assert [each[2] for each in packets] == [9000] * 3
    assert [each[3] for each in packets] == [False, False, True]


def test_a_large_unit_is_cut_into_fragments_that_can_be_joined() -> None:
    body = bytes(range(256)) * 20
    packets = [parts(each)[4] for each in Packetiser().packets(Unit((b"\x65" + body,), is_key=True), 0)]
    assert len(packets) == 4
    assert max(map(len, packets)) <= 1402
    assert {each[0] for each in packets} == {0x7C}
    assert [each[1] for each in packets] == [0x85, 0x05, 0x05, 0x45]
    assert b"".join(each[2:] for each in packets) == body


def test_numbers_wrap() -> None:
    packetiser = Packetiser()
    for _ in range(65_536):
        packetiser.packet(b"x", 0, is_last=True)
    _, sequence, timestamp, _, _ = parts(packetiser.packet(b"x", -1, is_last=True))
    assert (sequence, timestamp) == (0, 2**32 - 1)
