"""A device in this process: real outbox, real uplink, a clock that the scenario sets.

What it accepted is noted outside the outbox, so that it can be compared with what the hub has.
"""

import random
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from edge.clock import Clock, SystemClock
from edge.config import HubLink
from edge.errors import EdgeError
from edge.outbox import Entry, Outbox
from edge.uplink import Backoff, Schedule, Uplink
from edge.wire.messages import Desired, Online, encode
from edge.wire.records.bodies import Body, DeviceIncident, SensorReading
from tests.torture.rigs.oracle import Key

PATIENCE_S = 120.0


class Device:
    """One device; :meth:`start` connects it."""

    def __init__(
        self,
        name: str,
        *,
        link: HubLink,
        path: Path,
        chance: random.Random,
        clock: Clock | None = None,
        max_bytes: int = 64 * 2**20,
        doors: tuple[str, ...] = (),
    ) -> None:
        """Open the outbox at ``path``."""
        self.name = name
        self.clock = clock or SystemClock()
        self.outbox = Outbox.open(path, max_bytes=max_bytes, clock=self.clock)
        self.accepted: dict[Key, int] = {}
        self.accepted_at_s: dict[Key, float] = {}
        self.refused = 0
        self._doors = doors
        self.uplink = Uplink(
            device=name,
            link=link,
            boot_id=self.clock.boot_id,
            outbox=self.outbox,
            schedule=Schedule(self.outbox, chance=chance),
            # What counts is what happens after the connection is back; a real device may wait longer for it.
            backoff=Backoff(chance, cap_s=2.0),
            birth=self._birth,
            on_command=lambda command, answer: None,
            on_desired=self.heard,
        )

    def heard(self, desired: Desired) -> None:
        """Take a document of the hub; this one keeps none."""

    def start(self) -> None:
        """Connect, in a thread."""
        self.uplink.start()

    def stop(self) -> None:
        """Disconnect and close the outbox."""
        self.uplink.stop(5.0)
        self.outbox.close()

    def accept(self, *bodies: Body, at: datetime | None = None, every: timedelta = timedelta()) -> list[Key]:
        """Keep bodies in one commit, the first ``at`` a time; return who they are.

        Raises:
            EdgeError: the outbox refuses; nothing was accepted.
        """
        stamp = self.clock.now()
        first = at or stamp.at
        entries = [
            Entry(body, first + number * every, stamp.mono_ns, stamp.quality)
            for number, body in enumerate(bodies)
        ]
        try:
            seqs = self.outbox.append_many(entries)
        except EdgeError:
            self.refused += len(bodies)
            raise
        keys = [(self.name, self.outbox.epoch, seq) for seq in seqs]
        self.note(keys, bodies)
        self.uplink.wake()
        return keys

    def note(self, keys: Sequence[Key], bodies: Sequence[Body]) -> None:
        """Remember what was accepted."""
        now_s = time.time()
        for key, body in zip(keys, bodies, strict=True):
            self.accepted[key] = crc32(encode(body))
            self.accepted_at_s[key] = now_s

    @property
    def waiting(self) -> int:
        """How many rows the hub has not acknowledged."""
        return sum(lane.rows for lane in self.outbox.stats().values())

    def _birth(self) -> Online:
        stamp = self.clock.now()
        return Online(
            epoch=self.outbox.epoch,
            boot_id=self.clock.boot_id,
            at=stamp.at,
            clock=stamp.quality,
            firmware="torture",
            hardware="none",
            uptime_s=1.0,
            doors=self._doors,
        )


class LiveLane(threading.Thread):
    """Something happens at a device every so often, as long as it is told to."""

    def __init__(self, device: Device, *, every_s: float) -> None:
        """Take a device; nothing happens before :meth:`start`."""
        super().__init__(name=f"live-{device.name}", daemon=True)
        self.keys: list[Key] = []
        self._device = device
        self._every_s = every_s
        self._is_ending = threading.Event()

    def run(self) -> None:
        """Let things happen."""
        while not self._is_ending.wait(self._every_s):
            self.keys += self._device.accept(DeviceIncident(what="live", detail=str(len(self.keys))))

    def end(self) -> None:
        """Let no more happen."""
        self._is_ending.set()
        self.join()


def reading(number: float) -> SensorReading:
    """Return a measurement."""
    return SensorReading(sensor="s", quantity="q", value=float(number))
