"""What the last look at an address found."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class RegisterProbe(Base):
    """The last look at the address of a row; ``since`` is when it began to be so."""

    __tablename__ = "register_probe"

    row_id: Mapped[int] = mapped_column(ForeignKey("register_row.id"), primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(index=True)
    at: Mapped[datetime | None]
    since: Mapped[datetime | None]
    url: Mapped[str] = mapped_column(String(200), default="")
    # A word of hub.outside.looking.Standing; empty: never looked at.
    standing: Mapped[str] = mapped_column(String(16), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[int | None]
    took_ms: Mapped[int | None]
    certificate_until: Mapped[date | None] = mapped_column(Date)
    changed_on: Mapped[date | None] = mapped_column(Date)
