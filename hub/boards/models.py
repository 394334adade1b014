"""Tables of boards: every saved version, and the screens that show one without anybody signing in."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class BoardVersion(Base):
    """A board as it was saved; never changed. The newest one counts."""

    __tablename__ = "board_version"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)  # JSON of a BoardPlan
    author: Mapped[str] = mapped_column(String(64))  # name of the account
    saved_at: Mapped[datetime]
    is_gone: Mapped[bool] = mapped_column(default=False)  # taken off the list with this version


class BoardScreen(Base):
    """A screen that shows a board to whoever stands before it; its address is kept as a digest only."""

    __tablename__ = "board_screen"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    board: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(60), default="")  # as "pasar:flamboyan"
    network: Mapped[str] = mapped_column(String(49), default="")  # narrower than the configured ranges
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
