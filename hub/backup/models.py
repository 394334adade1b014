"""What was backed up and tried out, and when; the files themselves are elsewhere."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class BackupRun(Base):
    """One backup that was made, drilled or restored, after it ended well, or a drill that did not."""

    __tablename__ = "backup_run"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # of hub.backup.noting.RunKind
    at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(200))  # its name, without the folder
    bytes: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float]
    why: Mapped[str] = mapped_column(String(300), default="")  # it did not work; empty: it did
