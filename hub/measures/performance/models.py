"""The table of what money is planned for; its months are measures."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class BudgetLine(Base):
    """A sub kegiatan of an OPD in one year, with its ceiling (pagu) in Rp."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("year", "opd", "code"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    year: Mapped[int]
    opd: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))  # "2.16.02.2.01.0001"
    name: Mapped[str] = mapped_column(String(200))
    ceiling: Mapped[int] = mapped_column(BigInteger)
