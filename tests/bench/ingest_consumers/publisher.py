"""Messages of a city, and a publisher that costs next to nothing: raw MQTT 3.1.1 on a socket."""

import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from edge.wire.messages import Record, Records, encode
from edge.wire.records.bodies import CameraCounts, ClockQuality, DeviceIncident, Lane, LineCount
from edge.wire.topics import UpChannel, up

# The city's cameras, one a device.
DEVICES = 147
EPOCH = "00000000000000aa"
BOOT = "0123456789abcdef0123456789abcdef"


def counts_record(seq: int, at: datetime, *, mono_ns: int = 0) -> Record:
    lines = tuple(
        LineCount(line=line, forward=seq % 7, backward=seq % 5, forward_total=seq * 3, backward_total=seq * 2)
        for line in ("utara", "selatan")
    )
    body = CameraCounts(
        camera="cam-1",
        period_s=60.0,
        frames=900,
        lines=lines,
        motion_share=round(seq % 97 / 97, 3),
        confidence=0.9,
    )
    return Record(seq=seq, at=at, clock=ClockQuality.SYNCED, boot_id=BOOT, mono_ns=mono_ns, body=body)


def backlog(records: int, *, records_per_message: int) -> Iterator[tuple[str, bytes]]:
    """Yield topic and payload: devices in turn, a record a minute each, as a drained outage gives it."""
    sent, seqs = 0, dict.fromkeys(range(DEVICES), 1)
    begin = datetime.now(UTC) - timedelta(hours=72)
    while sent < records:
        for device in range(DEVICES):
            count = min(records_per_message, records - sent)
            if count == 0:
                return
            first = seqs[device]
            batch = tuple(
                counts_record(seq, begin + timedelta(minutes=seq)) for seq in range(first, first + count)
            )
            seqs[device] += count
            sent += count
            message = Records(epoch=EPOCH, lane=Lane.TELEMETRY, records=batch)
            yield up(f"pi-{device:03}", UpChannel.RECORDS), encode(message)


def probe(seq: int) -> tuple[str, bytes]:
    """Return a message that tells that a consumer hears us."""
    body = DeviceIncident(what="probe")
    record = Record(
        seq=seq, at=datetime.now(UTC), clock=ClockQuality.SYNCED, boot_id=BOOT, mono_ns=0, body=body
    )
    message = Records(epoch=EPOCH, lane=Lane.EVENT, records=(record,))
    return up("probe", UpChannel.RECORDS), encode(message)


class Publisher:
    """QoS 1 with a window; answers are counted, not looked at."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = b"bench-publisher"
        body = b"\x00\x04MQTT\x04\x02" + struct.pack("!HH", 600, len(name)) + name
        self._socket.sendall(b"\x10" + _length(len(body)) + body)
        self._read(4)
        self._mid = 0

    def publish(self, messages: list[tuple[str, bytes]]) -> None:
        """Publish all and wait until the broker has them."""
        for start in range(0, len(messages), 200):
            window = messages[start : start + 200]
            self._socket.sendall(b"".join(self._packet(*message) for message in window))
            self._read(4 * len(window))

    def _packet(self, topic: str, payload: bytes) -> bytes:
        self._mid = self._mid % 65_535 + 1
        name = topic.encode()
        body = struct.pack("!H", len(name)) + name + struct.pack("!H", self._mid) + payload
        return b"\x32" + _length(len(body)) + body

    def _read(self, size: int) -> None:
        while size:
            received = self._socket.recv(size)
            assert received, "the broker closed the connection"
            size -= len(received)

    def close(self) -> None:
        self._socket.close()


def _length(size: int) -> bytes:
    encoded = bytearray()
    while True:
        size, digit = divmod(size, 128)
        encoded.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(encoded)
