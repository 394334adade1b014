"""Tables of events at cameras, and of the water levels from which somebody wants to know."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class CameraEvent(Base):
    """Something began before a camera, and perhaps is over.

    ``open_key`` is there while it lasts, so that one of a kind and place lasts at a time. Pictures
    are SHA-256 of ``hub.cctv.pictures.store``; empty: there was none, or its time is over.
    """

    __tablename__ = "camera_event"
    __table_args__ = (
        Index("ix_camera_event_camera", "device", "camera", "began_at"),
        Index("ix_camera_event_began", "began_at"),
        Index("ix_camera_event_wanted", "is_still_wanted"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    camera: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))  # of hub.cctv.events.rules.EventKind
    what: Mapped[str] = mapped_column(String(32), default="")  # zone or gauge; empty: the picture
    open_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    value: Mapped[float | None]  # cover of the zone 0..1, or metres of water; the highest
    is_late: Mapped[bool] = mapped_column(default=False)  # told after a time without a link
    is_still_wanted: Mapped[bool] = mapped_column(default=True)
    before: Mapped[str] = mapped_column(String(64), default="")
    before_at: Mapped[datetime | None]
    after: Mapped[str] = mapped_column(String(64), default="")
    after_at: Mapped[datetime | None]


class WaterMark(Base):
    """From which level on a gauge is an event; set by the city, never guessed."""

    __tablename__ = "water_mark"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    gauge: Mapped[str] = mapped_column(String(32), primary_key=True)
    level_m: Mapped[float]
    set_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
