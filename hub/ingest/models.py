"""Tables of ingest: presence, commands, stills, events, dead letters and its own health."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class DevicePresence(Base):
    """What a device last said of itself; one row a device that was ever heard."""

    __tablename__ = "device_presence"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    is_online: Mapped[bool]
    since: Mapped[datetime]  # of the last change of ``is_online``
    boot_id: Mapped[str] = mapped_column(String(32), default="")
    epoch: Mapped[str] = mapped_column(String(16), default="")
    firmware: Mapped[str] = mapped_column(String(64), default="")
    hardware: Mapped[str] = mapped_column(String(64), default="")
    clock: Mapped[str] = mapped_column(String(16), default="")  # ClockQuality at birth
    # Why it is offline: an OfflineReason, "silent" when nothing came for minutes, or "refused" when it
    # was put out of service; else empty, but "power" already while a device that said its last gasp
    # goes on from its battery.
    reason: Mapped[str] = mapped_column(String(16), default="")
    # When its connection broke, while it still has time to come back before it counts as offline.
    broke_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime]
    # Of the newest birth that was heard, and how long the board had been up then. ``boot_id`` follows
    # the records, among which backlog of an earlier boot may be; this one does not.
    born_at: Mapped[datetime | None]
    born_boot: Mapped[str] = mapped_column(String(32), default="")
    uptime_s: Mapped[float | None]
    roster_version: Mapped[int] = mapped_column(BigInteger, default=0)
    config_version: Mapped[int] = mapped_column(BigInteger, default=0)
    certificate: Mapped[str] = mapped_column(String(40), default="")  # serial said at its birth


class DeviceCommand(Base):
    """A command for a device: written by a screen, sent by ingest, answered by the device."""

    __tablename__ = "device_command"
    __table_args__ = (Index("ix_device_command_waiting", "sent_at", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63), index=True)
    body: Mapped[str] = mapped_column(Text)  # JSON of an edge.wire Command
    correlation: Mapped[str] = mapped_column(String(32), unique=True)
    asked_by: Mapped[int | None] = mapped_column(BigInteger)  # account number
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # not sent and not delivered after this
    sent_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    is_done: Mapped[bool | None]
    detail: Mapped[str] = mapped_column(String(500), default="")
    values_json: Mapped[str] = mapped_column(Text, default="{}")


class Still(Base):
    """The newest still of a camera; the JPEG itself is ``stills/<device>/<camera>.jpg``."""

    __tablename__ = "still"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    taken_at: Mapped[datetime]  # as the device says, else when it came
    received_at: Mapped[datetime]
    bytes: Mapped[int]


class Clip(Base):
    """A clip that a device keeps; the file, once fetched, is ``clips/<device>/<camera>/<clip>.mp4``."""

    __tablename__ = "clip"
    __table_args__ = (Index("ix_clip_state", "state"), Index("ix_clip_heard_at", "heard_at"))

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    clip: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime]
    duration_s: Mapped[float]
    bytes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(16))  # a ClipReason
    state: Mapped[str] = mapped_column(String(8))  # kept, asked, here, gone: see hub.ingest.pictures.clips
    heard_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]  # by a person
    touched_at: Mapped[datetime | None]  # the newest command or piece
    asks: Mapped[int] = mapped_column(default=0)  # commands since the newest piece
    correlation: Mapped[str] = mapped_column(String(32), default="")  # of the newest command


class Event(Base):
    """A record that is no measurement: motion, integrity, gaps, incidents, refusals.

    Also holds measurements whose time is impossible (a Pi that booted in 1970): kept, not charted.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("device", "epoch", "seq"),
        Index("ix_event_kind_at", "kind", "at"),
        Index("ix_event_device_at", "device", "at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    epoch: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(32))  # camera, door or sensor; empty: the device
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock: Mapped[str] = mapped_column(String(16))
    is_late: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)  # JSON of the edge.wire body


class DeadLetter(Base):
    """What could not be kept, with the reason; the same bytes again only raise ``times``."""

    __tablename__ = "dead_letter"
    __table_args__ = (UniqueConstraint("topic", "digest"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))  # empty: the topic names none
    topic: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(400))
    raw: Mapped[bytes] = mapped_column(LargeBinary)  # the first 64 KiB
    size_bytes: Mapped[int]
    times: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    last_at: Mapped[datetime]


class IngestHealth(Base):
    """One row a worker, renewed by a commit every few seconds, also when nothing arrives.

    Health is the age of ``last_commit_at``; a connection that is up says nothing.
    Counters are since ``started_at``.
    """

    __tablename__ = "ingest_health"

    worker: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    last_commit_at: Mapped[datetime]
    last_record_at: Mapped[datetime | None]
    records: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    dead_letters: Mapped[int] = mapped_column(BigInteger, default=0)
    refused: Mapped[int] = mapped_column(BigInteger, default=0)  # over the rate of a device
    queue_length: Mapped[int] = mapped_column(default=0)  # messages that wait


class IngestLease(Base):
    """Who of several workers does what only one may do; see hub.ingest.leading.lease."""

    __tablename__ = "ingest_lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]  # by the clock of the database


class IngestStream(Base):
    """How far one outbox of one device is in: every seq below ``watermark`` is committed."""

    __tablename__ = "ingest_stream"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(16), primary_key=True)
    watermark: Mapped[int] = mapped_column(BigInteger)


class IngestSeen(Base):
    """Which seqs at or above the watermark are committed: one bit each, a row a block of seqs."""

    __tablename__ = "ingest_seen"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(16), primary_key=True)
    block: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bits: Mapped[bytes] = mapped_column(LargeBinary)


class IngestReceipt(Base):
    """Identity and checksum of what one commit kept of one outbox, packed; for verification."""

    __tablename__ = "ingest_receipt"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    epoch: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime] = mapped_column(index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)  # see hub.ingest.keeping.receipts
