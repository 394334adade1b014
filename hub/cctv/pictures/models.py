"""The table of looks: who saw which kept picture, when, and for which of the declared purposes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class PictureLook(Base):
    """Somebody looked at, or took, a picture of a camera for a purpose.

    ``event`` is there when it was a picture of an event; ``digest`` when the picture was taken out
    to mark a finding on it. Who looked is never forgotten before the picture is.
    """

    __tablename__ = "picture_look"
    __table_args__ = (
        Index("ix_picture_look_camera", "device", "camera", "at"),
        Index("ix_picture_look_event", "event"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(24))  # of hub.places.purposes.Purpose
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(8))  # still, live, event
    event: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[datetime]  # of the picture, as the device says where it does
    at: Mapped[datetime] = mapped_column(index=True)
