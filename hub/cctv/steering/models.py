"""The tables of who holds a turning camera, and of the rounds it makes by itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class CameraHold(Base):
    """Who turns a camera now; over when ``until`` has passed."""

    __tablename__ = "camera_hold"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    until: Mapped[datetime]
    is_first: Mapped[bool] = mapped_column(default=False)  # held by somebody with priority


class CameraTour(Base):
    """Presets that a camera goes round by itself while nobody turns it; one of a camera runs at a time."""

    __tablename__ = "camera_tour"
    __table_args__ = (UniqueConstraint("device", "camera", "name"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(40))
    stops: Mapped[str] = mapped_column(Text)  # JSON of hub.cctv.steering.tours.Stop
    is_running: Mapped[bool] = mapped_column(default=False, index=True)
    changed_at: Mapped[datetime]
