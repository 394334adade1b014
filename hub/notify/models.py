"""Tables of notifications: what is to be sent, and where people want to be told."""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class NotifyAddress(Base):
    """An address of somebody, and from which severity on it is used."""

    __tablename__ = "notify_address"
    __table_args__ = (UniqueConstraint("account_id", "channel", "address"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10))  # a Channel
    address: Mapped[str] = mapped_column(String(200))
    least: Mapped[str] = mapped_column(String(8))  # the least grave Severity that is sent
    added_at: Mapped[datetime]


class QuietHours(Base):
    """When somebody wants to be told only of what cannot wait; local time of the city."""

    __tablename__ = "notify_quiet_hours"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    begins: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)


class OutboxMessage(Base):
    """One message to one address."""

    __tablename__ = "notify_outbox"
    __table_args__ = (Index("ix_notify_outbox_due", "state", "next_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    # The same thing is told once: what it is about and to whom.
    dedupe: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(200))  # path on this hub, or empty
    state: Mapped[str] = mapped_column(String(8))  # waiting, sent, dead
    tries: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
