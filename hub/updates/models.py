"""Tables of updates. Bundles lie in a folder, by checksum; rings are rows."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Release(Base):
    """One signed bundle for one board; ``number`` rises, whatever the version is called."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("board", "number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    board: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(String(500), default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(64))


class UpdateRing(Base):
    """Devices that get a release together; ``place`` counts from 0, the first ones try it.

    The next ring is opened when this one was well for ``settle_minutes``.
    """

    __tablename__ = "update_ring"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    place: Mapped[int] = mapped_column(unique=True)
    settle_minutes: Mapped[int]


class RingMember(Base):
    """A device, or all devices of a site, is in a ring; the rest are in the last one."""

    __tablename__ = "ring_member"

    kind: Mapped[str] = mapped_column(String(6), primary_key=True)  # device, site
    target: Mapped[str] = mapped_column(String(63), primary_key=True)
    ring: Mapped[str] = mapped_column(ForeignKey("update_ring.code"))


class Rollout(Base):
    """One release on its way to all devices of its board."""

    __tablename__ = "rollout"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    release: Mapped[int] = mapped_column(ForeignKey("release.id"))
    board: Mapped[str] = mapped_column(String(16), index=True)
    state: Mapped[str] = mapped_column(String(10))  # a RolloutState
    place: Mapped[int] = mapped_column(default=0)  # of the last ring that is open
    place_since: Mapped[datetime]
    most_failed_percent: Mapped[int]
    quiet_from: Mapped[int]  # minutes of the UTC day; equal: always
    quiet_until: Mapped[int]
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    resumed_at: Mapped[datetime]  # failures before are known, and count no more
    reason: Mapped[str] = mapped_column(String(200), default="")


class RolloutDevice(Base):
    """A device that was asked in a rollout; another ``attempt`` is another order."""

    __tablename__ = "rollout_device"
    __table_args__ = (Index("ix_rollout_device_device", "device"),)

    rollout: Mapped[int] = mapped_column(ForeignKey("rollout.id"), primary_key=True)
    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    place: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="")  # an UpdateState; empty: not heard
    fault: Mapped[str] = mapped_column(String(16), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    at: Mapped[datetime]


class DeviceUpdate(Base):
    """The newest word of a device about its software."""

    __tablename__ = "device_update"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    board: Mapped[str] = mapped_column(String(16), default="", index=True)
    slot: Mapped[str] = mapped_column(String(64), default="")
    running_number: Mapped[int] = mapped_column(default=0)
    running_name: Mapped[str] = mapped_column(String(64), default="")
    floor: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16))
    fault: Mapped[str] = mapped_column(String(16), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    order: Mapped[str] = mapped_column(String(64), default="")
    number: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
