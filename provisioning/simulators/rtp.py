"""H.264 in RTP packets, framed for a TCP connection. Pure: bytes in, bytes out.

RFC 6184 (2011) sections 5.6 and 5.8 for the payload, RFC 2326 (1998) section 10.12 for the frame.
"""

import struct
from collections.abc import Iterator

from provisioning.simulators.film import Unit

CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
_MAX_PAYLOAD_BYTES = 1_400
_FRAGMENT = 28  # FU-A


class Packetiser:
    """Makes the packets of one stream.

    Args:
        source: number that names the stream (SSRC).
        channel: of the TCP connection.
    """

    def __init__(self, *, source: int = 0x50544B, channel: int = 0) -> None:
        self._source = source
        self._channel = channel
        self._sequence = 0

    def packets(self, unit: Unit, timestamp: int) -> Iterator[bytes]:
        """Yield the framed packets of one coded picture; the last one carries the marker."""
        payloads = [payload for nal in unit.nals for payload in _payloads(nal)]
        for number, payload in enumerate(payloads):
            yield self.packet(payload, timestamp, is_last=number == len(payloads) - 1)

    def packet(self, payload: bytes, timestamp: int, *, is_last: bool) -> bytes:
        """Return one framed packet."""
        header = struct.pack(
            ">BBHII",
            0x80,
            PAYLOAD_TYPE | (0x80 if is_last else 0),
            self._sequence,
            timestamp % 2**32,
            self._source,
        )
        self._sequence = (self._sequence + 1) % 2**16
        return struct.pack(">cBH", b"$", self._channel, len(header) + len(payload)) + header + payload


def _payloads(nal: bytes) -> Iterator[bytes]:
    if len(nal) <= _MAX_PAYLOAD_BYTES:
        yield nal
        return
    indicator = nal[0] & 0xE0 | _FRAGMENT
    kind = nal[0] & 0x1F
    body = nal[1:]
    for start in range(0, len(body), _MAX_PAYLOAD_BYTES):
        is_first, is_last = start == 0, start + _MAX_PAYLOAD_BYTES >= len(body)
        flags = kind | (0x80 if is_first else 0) | (0x40 if is_last else 0)
        yield bytes((indicator, flags)) + body[start : start + _MAX_PAYLOAD_BYTES]
