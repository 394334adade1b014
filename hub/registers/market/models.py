"""Questions of citizens about what somebody sells."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class MarketEnquiry(Base):
    """One question; forgotten after some months, answered or not."""

    __tablename__ = "market_enquiry"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    product: Mapped[int] = mapped_column(ForeignKey("register_row.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    contact: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    passed_on_at: Mapped[datetime | None]
    passed_on_by: Mapped[str] = mapped_column(String(64), default="")
