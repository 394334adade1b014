"""The newest measure of each kind of a camera; its history is telemetry."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class CameraMeasure(Base):
    """The newest word on the zones of one view (``zones@preset``) or on one gauge (``gauge@id``)."""

    __tablename__ = "camera_measure"

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    camera: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(48), primary_key=True)
    body: Mapped[str] = mapped_column(Text)  # JSON of the SceneMeasures or GaugeReading
    at: Mapped[datetime]
