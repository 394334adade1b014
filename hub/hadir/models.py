"""Tables of attendance. Scans are appended to, never changed."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class DoorScan(Base):
    """One accepted scan, as the door said it; a person is a number."""

    __tablename__ = "door_scan"
    __table_args__ = (
        UniqueConstraint("device", "epoch", "seq"),
        Index("ix_door_scan_device_door_at", "device", "door", "at"),
        Index("ix_door_scan_at", "at"),
        Index("ix_door_scan_token", "token"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    epoch: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    door: Mapped[str] = mapped_column(String(32))
    person: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(10))
    assurance: Mapped[str] = mapped_column(String(8))
    token: Mapped[str] = mapped_column(String(32))
    flags: Mapped[str] = mapped_column(String(600))  # joined by commas
    roster_version: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    at: Mapped[datetime]
    clock: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[datetime]
    is_late: Mapped[bool]
    # The same code was accepted before, at this door or another: kept, never counted.
    is_repeated: Mapped[bool]
