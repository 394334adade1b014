"""The table of groups of cameras that people saved for walls."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class WallGroup(Base):
    """Cameras that somebody wants together on a wall; everybody who sees walls may show it."""

    __tablename__ = "wall_group"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    cameras: Mapped[str] = mapped_column(Text)  # "device/camera", one a line
    changed_at: Mapped[datetime]
