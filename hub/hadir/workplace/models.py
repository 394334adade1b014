"""Where a phone said it was when it scanned a workplace code: no coordinates, and not for long.

The law on personal data (UU 27/2022) asks for no more than is needed: what is needed is whether
many people say the very same coordinates, so a keyed digest of them is kept, and how far it was.
"""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base

# A month is reviewed and closed within this.
POSITION_LIFE = timedelta(days=45)


class ScanPosition(Base):
    """One position, of one workplace scan; deleted after ``POSITION_LIFE``.

    ``cell`` is equal for two positions that agree within a metre or so; a person's real positions
    scatter by more. ``accuracy_m`` is what the phone claimed, ``distance_m`` is from the site.
    """

    __tablename__ = "scan_position"
    __table_args__ = (Index("ix_scan_position_cell", "cell", "at"), Index("ix_scan_position_at", "at"))

    scan: Mapped[int] = mapped_column(ForeignKey("door_scan.id"), primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(BigInteger)
    site: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime]
    cell: Mapped[str] = mapped_column(String(32))
    accuracy_m: Mapped[float]
    distance_m: Mapped[int]
