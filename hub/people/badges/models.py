"""The table of badges; what is printed on one is made anew from its row, never kept."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base


class Badge(Base):
    """One printed badge; ``serial`` counts the badges of one person, 1 to 65535."""

    __tablename__ = "badge"
    __table_args__ = (Index("ix_badge_revoked_at", "revoked_at"),)

    person_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("person.number"), primary_key=True, autoincrement=False
    )
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The number that doors know the key by that its newest card was signed with.
    hub_key: Mapped[int]
    valid_until: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(40))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(120), default="")
