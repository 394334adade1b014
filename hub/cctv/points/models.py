"""Table of the visits of technicians."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class SiteVisit(Base):
    """Somebody was at a point and did something; nothing is changed or deleted here."""

    __tablename__ = "site_visit"
    __table_args__ = (Index("ix_site_visit_site", "site", "visited_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"))
    visited_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))  # name of the account that wrote it
    done: Mapped[str] = mapped_column(String(500))
    noted_at: Mapped[datetime]
