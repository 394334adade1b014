"""Tables of bookings. That two never overlap is a primary key: each quarter hour is taken once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class Booking(Base):
    """A resource taken from one moment to another by a case; ``released_at`` None: it still is."""

    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_resource", "resource", "begins_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    resource: Mapped[str] = mapped_column(String(140))  # "pinjam-ruang:rapat_utama"
    place: Mapped[int]  # which of several equal ones: the second counter of an office
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class BookedQuarter(Base):
    """A quarter of an hour of one place that is taken; its key is what keeps two bookings apart."""

    __tablename__ = "booked_quarter"

    resource: Mapped[str] = mapped_column(String(140), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # since 1970, in UTC
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
