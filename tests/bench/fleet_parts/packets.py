"""The few MQTT 5 packets a site needs, made and taken apart; no I/O.

Light on purpose: thousands of clients in one process must cost less than the hub they load.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PUBLISH, PUBACK = 3, 4


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet as it came: its type, the flags of its first byte, and what follows the length."""

    kind: int
    flags: int
    body: bytes


def connect(client_id: str, *, keepalive_s: int, will_topic: str, will: bytes) -> bytes:
    """Return CONNECT with a clean start and a will."""
    head = _text("MQTT") + bytes([5, 0b00001110]) + struct.pack(">H", keepalive_s) + b"\0"
    return _packet(0x10, head + _text(client_id) + b"\0" + _text(will_topic) + _bytes(will))


def subscribe(packet_id: int, topic_filter: str) -> bytes:
    """Return SUBSCRIBE at QoS 1."""
    return _packet(0x82, struct.pack(">H", packet_id) + b"\0" + _text(topic_filter) + b"\x01")


def publish(topic: str, payload: bytes, *, packet_id: int | None = None) -> bytes:
    """Return PUBLISH at QoS 1 when there is a ``packet_id``, else at QoS 0."""
    if packet_id is None:
        return _packet(0x30, _text(topic) + b"\0" + payload)
    return _packet(0x32, _text(topic) + struct.pack(">H", packet_id) + b"\0" + payload)


def puback(packet_id: int) -> bytes:
    """Return PUBACK."""
    return _packet(0x40, struct.pack(">H", packet_id))


PINGREQ = b"\xc0\0"


def cut(buffer: bytearray) -> Iterator[Packet]:
    """Take all whole packets off the left of a buffer."""
    start = 0
    while (found := _length(buffer, start + 1)) is not None:
        length, place = found
        if len(buffer) < place + length:
            break
        yield Packet(buffer[start] >> 4, buffer[start] & 15, bytes(buffer[place : place + length]))
        start = place + length
    del buffer[:start]


def read_publish(packet: Packet) -> tuple[str, int | None, bytes]:
    """Return topic, packet id (``None`` at QoS 0) and payload."""
    (size,) = struct.unpack_from(">H", packet.body)
    place, packet_id = 2 + size, None
    if packet.flags & 0b0110:
        (packet_id,) = struct.unpack_from(">H", packet.body, place)
        place += 2
    found = _length(packet.body, place)
    assert found is not None
    length, place = found
    return packet.body[2 : 2 + size].decode(), packet_id, packet.body[place + length :]


def _packet(first: int, rest: bytes) -> bytes:
    return bytes([first]) + _varint(len(rest)) + rest


def _varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def _length(buffer: bytes | bytearray, place: int) -> tuple[int, int] | None:
    number, shift = 0, 0
    while place < len(buffer):
        byte = buffer[place]
        number |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if not byte & 128:
            return number, place
    return None


def _text(text: str) -> bytes:
    return _bytes(text.encode())


def _bytes(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data
