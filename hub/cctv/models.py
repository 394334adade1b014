"""Tables of the cameras' own state; where they stand is in the inventory."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class CameraPicture(Base):
    """The newest report about a camera's picture, with the best word on why it is bad."""

    __tablename__ = "camera_picture"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    picture: Mapped[str] = mapped_column(String(16))
    fault: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(500))
    cause: Mapped[str] = mapped_column(String(16), default="unknown")
    confidence: Mapped[float] = mapped_column(default=0.0)
    evidence: Mapped[str] = mapped_column(Text, default="")  # names of facts, separated by spaces
    since: Mapped[datetime]  # of the last change of ``picture``: a better verdict begins no new outage
    at: Mapped[datetime]
    epoch: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)


class CameraRates(Base):
    """The newest counts of a camera, whole, so that a board of 147 needs one query."""

    __tablename__ = "camera_rates"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[str] = mapped_column(Text)  # JSON of the CameraCounts
    at: Mapped[datetime]  # as the device says
    received_at: Mapped[datetime]  # whether it lives is judged by the hub's own clock
