"""What a dry run of an inventory found, kept until somebody decides."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, RowId


class InventoryDraft(Base):
    """The checked files of one account; newer ones of the same account replace them."""

    __tablename__ = "inventory_draft"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    file_name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    # JSON of hub.places.importing.tables.InventoryTables.
    body: Mapped[str] = mapped_column(Text)
