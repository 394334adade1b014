"""Tables of registers. Values are JSON by field id; what is searched by has a column of its own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class RegisterRow(Base):
    """One row of one kind as it is now; ``version`` counts its changes."""

    __tablename__ = "register_row"
    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_register_row_kind_title", "kind", "title"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    # All words of the row in small letters, for the search.
    words: Mapped[str] = mapped_column(Text)
    # Code of the kelurahan that the row lies in; empty: none.
    kelurahan: Mapped[str] = mapped_column(String(13), default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200), default="")
    quality: Mapped[str] = mapped_column(String(12))
    is_retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))


class RegisterOwner(Base):
    """Whose a row is between two days: from the first on, until before the second."""

    __tablename__ = "register_owner"
    __table_args__ = (
        UniqueConstraint("row_id", "valid_from"),
        Index("ix_register_owner_opd", "opd", "row_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("register_row.id"))
    opd: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    decree: Mapped[str] = mapped_column(String(120), default="")


class RegisterChange(Base):
    """What a row was after one change; appended to, never changed."""

    __tablename__ = "register_change"

    row_id: Mapped[int] = mapped_column(ForeignKey("register_row.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    # new, edit, import, bulk, hand-over, retire, restore
    act: Mapped[str] = mapped_column(String(12))
    # The values with the standard columns beside them, by the names that files use.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(200), default="")
