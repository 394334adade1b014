"""The table of who holds a turning camera."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class CameraHold(Base):
    """Who turns a camera now; over when ``until`` has passed."""

    __tablename__ = "camera_hold"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    until: Mapped[datetime]
    is_first: Mapped[bool] = mapped_column(default=False)  # held by somebody with priority
