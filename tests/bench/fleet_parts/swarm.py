"""Many sites in one process: a connection each, one loop, one pace.

Plain TCP: what TLS costs is measured where it matters, at a reconnect of everybody (torture).
"""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edge.wire.messages import Offline, OfflineReason, decode_ack, encode
from edge.wire.topics import DownChannel, UpChannel, down, down_filter, up
from tests.bench.fleet_parts import packets
from tests.bench.fleet_parts.site import CAMERAS, RECORDS_A_MINUTE, Site

KEEPALIVE_S = 600
LOOK_EVERY_S = 0.5
CONNECTS_AT_ONCE = 100


@dataclass(slots=True)
class Tally:
    """What happened since it was last cleared."""

    accepted: int = 0
    stills: int = 0
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """How many records the hub acknowledged."""
        return len(self.latencies_ms)


class SiteLink(asyncio.Protocol):
    """The connection of one site; comes back by itself when the broker ends it."""

    def __init__(self, site: Site, tally: Tally) -> None:
        """Not connected yet."""
        self.site = site
        self.tally = tally
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._packet_id = 1
        self.is_ready = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are, and what to say when we are gone."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer = transport, bytearray()
        device = self.site.device
        will = encode(Offline(boot_id=self.site.boot_id, reason=OfflineReason.WILL))
        transport.write(
            packets.connect(
                device, keepalive_s=KEEPALIVE_S, will_topic=up(device, UpChannel.STATE), will=will
            )
        )
        transport.write(packets.subscribe(1, down_filter(device)))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for whoever connects us again."""
        self._transport = None
        self.is_ready.clear()

    def data_received(self, data: bytes) -> None:
        """Take packets off."""
        self._buffer += data
        for packet in packets.cut(self._buffer):
            if packet.kind == packets.PUBLISH:
                self._heard(packet)
            elif packet.kind == 9:  # SUBACK
                self.is_ready.set()
                self._publish(UpChannel.STATE, self.site.birth())

    def say_record(self, place: int) -> None:
        """Accept a record and send it; without a connection it waits."""
        self.tally.accepted += 1
        message = self.site.accept(place, time.monotonic())
        self._publish(UpChannel.RECORDS, message)

    def say_still(self, camera: int, jpeg: bytes) -> None:
        """Send a picture, which is never kept."""
        self.tally.stills += 1
        topic = up(self.site.device, UpChannel.STILL, f"cam-{camera + 1}")
        if self._transport is not None and self.is_ready.is_set():
            self._transport.write(packets.publish(topic, jpeg))

    def say_again(self, now_s: float) -> None:
        """Send again what the hub owes an acknowledgement for."""
        if self.is_ready.is_set() and (message := self.site.due_again(now_s)) is not None:
            self._publish(UpChannel.RECORDS, message)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection."""
        return self._transport is not None

    def _publish(self, channel: UpChannel, payload: bytes) -> None:
        if self._transport is None or not self.is_ready.is_set():
            return
        self._packet_id = self._packet_id % 65_535 + 1
        topic = up(self.site.device, channel)
        self._transport.write(packets.publish(topic, payload, packet_id=self._packet_id))

    def _heard(self, packet: packets.Packet) -> None:
        topic, packet_id, payload = packets.read_publish(packet)
        if packet_id is not None and self._transport is not None:
            self._transport.write(packets.puback(packet_id))
        if topic != down(self.site.device, DownChannel.ACK):
            return
        ack, now_s = decode_ack(payload), time.monotonic()
        if ack.epoch == self.site.epoch:
            ages_ms = [(now_s - at_s) * 1000 for at_s in self.site.acknowledged(ack.ranges)]
            self.tally.latencies_ms += ages_ms


class Swarm:
    """Sites at one broker."""

    def __init__(self, devices: Sequence[str], port: int, *, chance: random.Random) -> None:
        """Make the sites; nothing is connected yet."""
        self.tally = Tally()
        self._port = port
        self._chance = chance
        self.links = [SiteLink(Site(device), self.tally) for device in devices]

    async def connect(self) -> None:
        """Connect all, some at a time, and wait until each is subscribed."""
        gate = asyncio.Semaphore(CONNECTS_AT_ONCE)

        async def one(link: SiteLink) -> None:
            async with gate:
                await self._connect(link)
                await link.is_ready.wait()

        await asyncio.gather(*(one(link) for link in self.links))

    async def run(self, seconds: float, *, still_every_s: float = 0.0, jpeg: bytes = b"") -> None:
        """Let every site say what it says, at its own pace, for some time."""
        begin_s = time.monotonic()
        looked_at_s = begin_s
        for at_s, link, place in self._events(seconds, still_every_s):
            while (wait_s := begin_s + at_s - time.monotonic()) > 0:
                await asyncio.sleep(min(wait_s, 0.02))
            if place >= RECORDS_A_MINUTE:
                link.say_still(place - RECORDS_A_MINUTE, jpeg)
            else:
                link.say_record(place)
            if time.monotonic() - looked_at_s >= LOOK_EVERY_S:
                looked_at_s = time.monotonic()
                await self.look()
            elif self._chance.random() < 0.05:
                await asyncio.sleep(0)  # whoever is behind its pace must hear acknowledgements all the same

    async def settle(self, patience_s: float) -> int:
        """Send again until the hub has everything; return how many records it has not.

        However long it takes: it ends when for ``patience_s`` nothing at all was acknowledged.
        """
        least = left = self.unacknowledged()
        deadline_s = time.monotonic() + patience_s
        while left and time.monotonic() < deadline_s:
            await self.look()
            await asyncio.sleep(0.05)
            left = self.unacknowledged()
            if left < least:
                least, deadline_s = left, time.monotonic() + patience_s
        return left

    def unacknowledged(self) -> int:
        """Return how many accepted records the hub has not acknowledged."""
        return sum(len(link.site.rows) for link in self.links)

    def sent_again(self) -> int:
        """Return how many records were sent more than once."""
        return sum(link.site.sent_again for link in self.links)

    def close(self) -> None:
        """End all connections."""
        for link in self.links:
            link.close()

    async def _connect(self, link: SiteLink) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: link, "127.0.0.1", self._port)

    async def look(self) -> None:
        """Connect again whoever was cut off, and send again what is owed."""
        now_s = time.monotonic()
        for link in self.links:
            if not link.is_connected:
                try:
                    await self._connect(link)
                except OSError:
                    continue  # the broker is away; the next look tries again
            link.say_again(now_s)

    def _events(self, seconds: float, still_every_s: float) -> Iterator[tuple[float, SiteLink, int]]:
        """Yield who says what when: every part of a site once a minute, at a moment of its own."""
        found: list[tuple[float, int, int]] = []
        for number in range(len(self.links)):
            for place in range(RECORDS_A_MINUTE):
                at_s = self._chance.uniform(0, 60.0)
                while at_s < seconds:
                    found.append((at_s, number, place))
                    at_s += 60.0
            for camera in range(CAMERAS if still_every_s else 0):
                at_s = self._chance.uniform(0, still_every_s)
                while at_s < seconds:
                    found.append((at_s, number, RECORDS_A_MINUTE + camera))
                    at_s += still_every_s
        found.sort()
        return ((at_s, self.links[number], place) for at_s, number, place in found)
