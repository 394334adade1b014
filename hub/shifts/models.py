"""Tables of shifts and of what is written in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Shift(Base):
    """One turn of duty in the control room; at most one is running.

    ``running`` is 1 while it runs and empty afterwards, and unique: two people who begin at the same
    moment do not both. Once signed it is never changed; ``seal`` is the SHA-256 of all of it.
    """

    __tablename__ = "shift"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    running: Mapped[int | None] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]  # its keeper said that it is over
    note: Mapped[str] = mapped_column(Text, default="")  # to whoever comes next
    summary: Mapped[str] = mapped_column(Text, default="[]")  # JSON of hub.shifts.summary.Part
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    seal: Mapped[str] = mapped_column(String(64), default="")


class ShiftEntry(Base):
    """One line of the log; added, never changed."""

    __tablename__ = "shift_entry"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    shift: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(String(1000))
