"""Hundreds of devices as raw MQTT 5 over mutual TLS: each comes, says its birth and one record, and stays."""

import asyncio
import ssl
import struct
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from edge.wire.messages import Online, Record, Records, encode
from edge.wire.records.bodies import ClockQuality, DeviceIncident, Lane
from tests.mosquitto import Mosquitto

_KEEPALIVE_S = 60
_CONNACK, _PUBACK = 0x20, 0x40
EPOCH, BOOT = "d" * 16, "0" * 32


class Herd(threading.Thread):
    """Devices that come at once, and come again at once when they are thrown out."""

    def __init__(self, mosquitto: Mosquitto, names: Sequence[str]) -> None:
        """Prepare keys; nobody comes before :meth:`start`."""
        super().__init__(name="herd", daemon=True)
        self.connections = 0
        self.answered: set[str] = set()
        self._names = list(names)
        self._port = mosquitto.port
        self._contexts = {name: mosquitto.context(name) for name in names}
        self._loop = asyncio.new_event_loop()
        self._present: set[str] = set()

    @property
    def present(self) -> int:
        """How many are connected and were answered."""
        return len(self._present)

    def run(self) -> None:
        """Let them come."""
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._all())
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()

    def end(self) -> None:
        """Let them go."""
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)])
        self.join(240)

    async def _all(self) -> None:
        await asyncio.gather(*(self._live(name) for name in self._names), return_exceptions=True)

    async def _live(self, name: str) -> None:
        seq = 0
        while True:
            seq += 1
            try:
                await self._one_connection(name, seq)
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.2)  # no jitter: the worst that can come
            finally:
                self._present.discard(name)

    async def _one_connection(self, name: str, seq: int) -> None:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            self._port,
            ssl=self._contexts[name],
            server_hostname="127.0.0.1",
            ssl_handshake_timeout=120,
        )
        try:
            writer.write(_connect(name))
            kind, body = await _packet(reader)
            if kind != _CONNACK or body[1] != 0:
                raise OSError(f"{name} is refused: {body!r}")
            self.connections += 1
            writer.write(_publish(f"pontive/1/up/{name}/state", encode(_birth()), 1))
            writer.write(_publish(f"pontive/1/up/{name}/records", encode(_records(seq)), 2))
            for _ in range(2):
                kind, _ = await _packet(reader)
            self.answered.add(name)
            self._present.add(name)
            while True:
                await asyncio.wait_for(_packet(reader), None)
        finally:
            writer.close()


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind = (await reader.readexactly(1))[0] & 0xF0
    size = shift = 0
    while True:
        (digit,) = await reader.readexactly(1)
        size |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            break
    return kind, await reader.readexactly(size)


def _length(size: int) -> bytes:
    encoded = bytearray()
    while True:
        size, digit = divmod(size, 128)
        encoded.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(encoded)


def _connect(name: str) -> bytes:
    text = name.encode()
    body = b"\x00\x04MQTT\x05\x02" + struct.pack("!HBH", _KEEPALIVE_S, 0, len(text)) + text
    return b"\x10" + _length(len(body)) + body


def _publish(topic: str, payload: bytes, message_id: int) -> bytes:
    text = topic.encode()
    body = struct.pack("!H", len(text)) + text + struct.pack("!HB", message_id, 0) + payload
    return b"\x32" + _length(len(body)) + body


def _birth() -> Online:
    return Online(
        epoch=EPOCH,
        boot_id=BOOT,
        at=datetime.now(UTC),
        clock=ClockQuality.SYNCED,
        firmware="torture",
        hardware="none",
        uptime_s=1.0,
    )


def _records(seq: int) -> Records:
    record = Record(
        seq=seq,
        at=datetime.now(UTC),
        clock=ClockQuality.SYNCED,
        boot_id=BOOT,
        mono_ns=time.monotonic_ns(),
        body=DeviceIncident(what="back"),
    )
    return Records(epoch=EPOCH, lane=Lane.EVENT, records=(record,))
