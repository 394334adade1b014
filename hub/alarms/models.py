"""Tables of alarms: one row a root cause, and one row for each thing that happened to it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Alarm(Base):
    """A root cause. Four states: active or cleared, acknowledged or not.

    ``open_key`` is ``key`` until the alarm is both cleared and acknowledged: so there is one open
    alarm a key, whoever raises it at the same time.
    """

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_key_id", "key", "id"), Index("ix_alarm_raised_at", "raised_at"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    open_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    severity: Mapped[str] = mapped_column(String(8))
    facts: Mapped[str] = mapped_column(Text)  # JSON, name to text, for the kind's sentence
    site: Mapped[str | None] = mapped_column(String(63))
    device: Mapped[str | None] = mapped_column(String(63))
    camera: Mapped[str | None] = mapped_column(String(32))
    link: Mapped[str] = mapped_column(String(200))  # path on this hub
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("alarm.id"), index=True)
    raised_at: Mapped[datetime]  # the first time
    active_since: Mapped[datetime]  # of the newest occurrence
    occurrences: Mapped[int] = mapped_column(default=1)
    cleared_at: Mapped[datetime | None]  # empty: active
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(String(40), default="")  # name of the account
    assigned_to: Mapped[int | None] = mapped_column(BigInteger)  # account number
    shelved_until: Mapped[datetime | None]
    shelved_by: Mapped[str] = mapped_column(String(40), default="")
    shelved_why: Mapped[str] = mapped_column(String(300), default="")
    escalations: Mapped[int] = mapped_column(default=0)  # how often people were told
    escalated_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)  # of anything that a list shows

    @property
    def is_active(self) -> bool:
        """Whether the cause is still there."""
        return self.cleared_at is None

    @property
    def is_acknowledged(self) -> bool:
        """Whether somebody said that they know."""
        return self.acknowledged_at is not None


class AlarmStep(Base):
    """One thing that happened to an alarm, by a person or by the hub itself (empty actor)."""

    __tablename__ = "alarm_step"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    alarm_id: Mapped[int] = mapped_column(ForeignKey("alarm.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(16))  # a Step of hub.alarms.steps
    note: Mapped[str] = mapped_column(String(500), default="")
