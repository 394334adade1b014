"""Records as devices send them, and ingest on a link in memory."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.wire.messages import Online, Record, Records, decode_ack, encode
from edge.wire.records import bodies
from edge.wire.topics import DownChannel, UpChannel, down, up
from edge.wire.updates import UpdateState
from hub.db import Database
from hub.ingest.process import Ingest
from hub.ingest.saying.desired import NothingDesired
from hub.ingest.taking.link import MemoryLink, Message

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
EPOCH = "0123456789abcdef"
BOOT = "0123456789abcdef0123456789abcdef"
DEVICE = "pi-01"

SAMPLES: tuple[bodies.Body, ...] = (
    bodies.CameraCounts(
        camera="cam-1",
        period_s=60.0,
        frames=900,
        lines=(bodies.LineCount(line="utara", forward=3, backward=1, forward_total=30, backward_total=10),),
        motion_share=0.25,
        confidence=0.5,
    ),
    bodies.MotionEvent(camera="cam-1", duration_s=4.0, peak_share=0.5),
    bodies.CameraIntegrity(camera="cam-1", picture=bodies.PictureState.BLACK),
    bodies.DeviceHealth(
        uptime_s=10.0, load=0.5, memory_free_mib=900, disk_free_mib=8000, outbox_rows=3, outbox_bytes=900
    ),
    bodies.HadirScan(
        door="pintu-1",
        person=7,
        method=bodies.ScanMethod.PHONE,
        assurance=bodies.Assurance.STRONG,
        issued_at=NOW,
        token="ab" * 16,
        roster_version=1,
    ),
    bodies.ScanRefused(door="pintu-1", message="E03", count=2),
    bodies.SensorReading(sensor="air-1", quantity="water_level_m", value=1.25),
    bodies.OutboxGap(lane=bodies.Lane.TELEMETRY, reason="full", count=5),
    bodies.DeviceIncident(what="outbox-damaged", detail="salvaged 12 rows"),
    bodies.DeviceReturned(outage_s=12.0),
    bodies.SceneMeasures(
        camera="cam-1",
        period_s=60.0,
        zones=(bodies.ZoneMeasure(zone="jalan", occupancy=0.5, cover=0.25, flow=bodies.FlowLevel.SLOW),),
    ),
    bodies.GaugeReading(
        camera="cam-1", gauge="papan", state=bodies.GaugeState.READ, samples=28, level_m=1.5, spread_m=0.01
    ),
    bodies.DoorReading(
        door="masuk",
        period_s=60.0,
        frames=900,
        looked_at=120,
        read=11,
        misses=9,
        unreadable=2,
        decode_p50_ms=4.0,
        decode_p95_ms=9.0,
    ),
    bodies.ClipKept(
        camera="cam-1",
        clip="20261121t025950z-0badcafe",
        started_at=NOW,
        duration_s=20.0,
        bytes=1_000,
        reason=bodies.ClipReason.MOTION,
    ),
    bodies.UpdateReport(state=UpdateState.COMMITTED, order="1.1", number=2, running_number=2),
)


def record_of(body: bodies.Body, seq: int, *, at: datetime = NOW) -> Record:
    return Record(
        seq=seq, at=at, clock=bodies.ClockQuality.SYNCED, boot_id=BOOT, mono_ns=seq * 1000, body=body
    )


def reading(seq: int, value: float = 1.5, *, at: datetime = NOW) -> Record:
    return record_of(bodies.SensorReading(sensor="air-1", quantity="water_level_m", value=value), seq, at=at)


def batch_of(*records: Record, epoch: str = EPOCH) -> bytes:
    lane = bodies.LANE_OF_BODY[type(records[0].body)]
    return encode(Records(epoch=epoch, lane=lane, records=records))


def message_of(
    payload: bytes,
    *,
    device: str = DEVICE,
    channel: UpChannel = UpChannel.RECORDS,
    source: str | None = None,
    received_at: datetime = NOW,
) -> Message:
    return Message(
        topic=up(device, channel, source),
        payload=payload,
        received_at_s=received_at.timestamp(),
        ticket=(1, 1),
    )


def online(*, epoch: str = EPOCH, boot_id: str = BOOT, roster_version: int = 0) -> bytes:
    return encode(
        Online(
            epoch=epoch,
            boot_id=boot_id,
            at=NOW,
            clock=bodies.ClockQuality.SYNCED,
            firmware="1.0",
            hardware="rpi5",
            uptime_s=10.0,
            roster_version=roster_version,
        )
    )


class Clock:
    """The hub's clock, moved by the test."""

    def __init__(self) -> None:
        self.now = NOW

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def monotonic_s(self) -> float:
        return self.now.timestamp()


class Rig:
    """Ingest with a link in memory; ``give`` is a device that publishes."""

    def __init__(self, database: Database, folder: Path, **more: object) -> None:
        self.database = database
        self.folder = folder
        self.link = MemoryLink()
        self.clock = Clock()
        arguments = {
            "handlers": {},
            "is_known": lambda device: device != "stranger",
            "desired": NothingDesired(),
        } | more
        self.ingest = Ingest(
            database=database,
            link=self.link,
            folder=folder,
            now=lambda: self.clock.now,
            monotonic_s=self.clock.monotonic_s,
            **arguments,  # type: ignore[arg-type]  # of the test's choosing
        )

    def give(self, *messages: Message) -> None:
        self.link.inbox.extend(messages)
        self.turn()

    def turn(self) -> None:
        self.clock.advance(0.1)
        self.ingest.turn()

    def acknowledged(self, *, device: str = DEVICE, epoch: str = EPOCH) -> set[int]:
        seqs: set[int] = set()
        for publish in self.link.said:
            if publish.topic == down(device, DownChannel.ACK):
                ack = decode_ack(publish.payload)
                if ack.epoch == epoch:
                    seqs |= {seq for first, last in ack.ranges for seq in range(first, last + 1)}
        return seqs


def wait_until(is_true: Callable[[], bool], *, within_s: float = 240.0) -> None:
    """Poll; a test that waits for another process or thread never sleeps as proof."""
    deadline_s = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < deadline_s, "it did not become true in time"
        time.sleep(0.02)
