"""Tables of who watched what live, and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class CameraView(Base):
    """Somebody watched a camera live; ``ended_at`` is empty while it lasts, or when the hub was killed."""

    __tablename__ = "camera_view"
    __table_args__ = (Index("ix_camera_view_camera", "device", "camera", "began_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(24))  # of hub.places.purposes.Purpose
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
