"""One site as the hub sees it: what its agent says a minute, and what it keeps until the hub has it.

No I/O and no clock of its own. The outbox is a dict here: nothing is lost unless the simulator ends.
Rates are the defaults of ``edge.toml`` (counts and measures a camera and minute, health twice a
minute), one sensor a minute, and one motion event a camera and minute, which is our assumption.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from edge.wire.messages import Online, Record, Records, encode
from edge.wire.records.bodies import (
    LANE_OF_BODY,
    Body,
    CameraCounts,
    ClockQuality,
    DeviceHealth,
    FlowLevel,
    LineCount,
    MotionEvent,
    SceneMeasures,
    SensorReading,
    ZoneMeasure,
)

CAMERAS = 3
RECORDS_A_MINUTE = 3 * CAMERAS + 3
# As an agent: after 2 s on a good link, and a hub that stays silent is asked ever more seldom.
SEND_AGAIN_S = 2.0
LONGEST_WAIT_S = 30.0
MOST_A_MESSAGE = 50


@dataclass(slots=True)
class Row:
    """A record that was accepted and is not acknowledged by the hub."""

    record: Record
    accepted_at_s: float
    sent_at_s: float


@dataclass(slots=True)
class Site:
    """A device with three cameras and a sensor."""

    device: str
    seq: int = 0
    rows: dict[int, Row] = field(default_factory=dict)
    sent_again: int = 0
    _wait_s: float = SEND_AGAIN_S
    _asked_at_s: float = float("-inf")

    @property
    def epoch(self) -> str:
        """Of its outbox; the same in every process."""
        return sha256(self.device.encode()).hexdigest()[:16]

    @property
    def boot_id(self) -> str:
        """Of its one start."""
        return sha256(self.device.encode()).hexdigest()[:32]

    def birth(self) -> bytes:
        """Return what it says when it comes."""
        return encode(
            Online(
                epoch=self.epoch,
                boot_id=self.boot_id,
                at=datetime.now(UTC),
                clock=ClockQuality.SYNCED,
                firmware="bench",
                hardware="rpi5",
                uptime_s=1.0,
            )
        )

    def accept(self, place: int, now_s: float) -> bytes:
        """Note what its part number ``place`` (below ``RECORDS_A_MINUTE``) saw; return the message."""
        self.seq += 1
        body = _body(place, self.seq)
        record = Record(
            seq=self.seq,
            at=datetime.now(UTC),
            clock=ClockQuality.SYNCED,
            boot_id=self.boot_id,
            mono_ns=int(now_s * 1e9),
            body=body,
        )
        self.rows[self.seq] = Row(record, now_s, now_s)
        return encode(Records(epoch=self.epoch, lane=LANE_OF_BODY[type(body)], records=(record,)))

    def acknowledged(self, ranges: tuple[tuple[int, int], ...]) -> Iterator[float]:
        """Forget rows; yield when each was accepted."""
        self._wait_s = SEND_AGAIN_S
        for first, last in ranges:
            for seq in range(first, last + 1):
                row = self.rows.pop(seq, None)
                if row is not None:
                    yield row.accepted_at_s

    def due_again(self, now_s: float) -> bytes | None:
        """Return a message of rows that were sent too long ago, oldest first, of one lane."""
        if now_s - self._asked_at_s < self._wait_s:
            return None
        due = [row for row in self.rows.values() if now_s - row.sent_at_s >= self._wait_s]
        if not due:
            return None
        self._asked_at_s, self._wait_s = now_s, min(2 * self._wait_s, LONGEST_WAIT_S)
        lane = LANE_OF_BODY[type(due[0].record.body)]
        batch = [row for row in due if LANE_OF_BODY[type(row.record.body)] is lane][:MOST_A_MESSAGE]
        for row in batch:
            row.sent_at_s = now_s
        self.sent_again += len(batch)
        return encode(Records(epoch=self.epoch, lane=lane, records=tuple(row.record for row in batch)))


def _body(place: int, seq: int) -> Body:
    if place >= 3 * CAMERAS:
        return _of_the_site(place, seq)
    camera = f"cam-{place % CAMERAS + 1}"
    kind = place // CAMERAS
    if kind == 0:
        lines = tuple(
            LineCount(line=line, forward=seq % 7, backward=seq % 5, forward_total=seq, backward_total=seq)
            for line in ("utara", "selatan")
        )
        return CameraCounts(
            camera=camera, period_s=60.0, frames=900, lines=lines, motion_share=0.3, confidence=0.9
        )
    if kind == 1:
        zone = ZoneMeasure(zone="jalan", occupancy=0.5, cover=0.25, flow=FlowLevel.SLOW)
        return SceneMeasures(camera=camera, period_s=60.0, zones=(zone,))
    return MotionEvent(camera=camera, duration_s=4.0, peak_share=0.5)


def _of_the_site(place: int, seq: int) -> Body:
    if place == 3 * CAMERAS:
        return SensorReading(sensor="air-1", quantity="water_level_m", value=1.0 + seq % 10 / 10)
    return DeviceHealth(
        uptime_s=60.0 * seq,
        load=0.5,
        memory_free_mib=900,
        disk_free_mib=8_000,
        outbox_rows=1,
        outbox_bytes=300,
    )
