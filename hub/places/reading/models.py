"""One row a door and day of what it says about its own reading."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class DoorReadingDay(Base):
    """Sums of a day in the city, the slowest minute, and the newest report as it came."""

    __tablename__ = "door_reading_day"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    door: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    frames: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[int] = mapped_column(BigInteger)
    read: Mapped[int] = mapped_column(BigInteger)
    misses: Mapped[int] = mapped_column(BigInteger)
    unreadable: Mapped[int] = mapped_column(BigInteger)
    reduced_minutes: Mapped[int]
    worst_p95_ms: Mapped[float]
    newest_at: Mapped[datetime]
    newest: Mapped[str] = mapped_column(Text)  # JSON of the DoorReading
