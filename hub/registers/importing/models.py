"""What a dry run found, kept until somebody decides."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class RegisterDraft(Base):
    """One checked file of one account; a newer one of the same account replaces it."""

    __tablename__ = "register_draft"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    # JSON of hub.registers.importing.rows.RegisterTable.
    body: Mapped[str] = mapped_column(Text)
