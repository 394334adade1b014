"""Checked tables, kept between the dry run and the decision.

One an account; a day later they are as good as gone, because the city has moved on.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.places.importing.models import InventoryDraft
from hub.places.importing.tables import InventoryTables

KEPT_FOR = timedelta(hours=24)


def keep_draft(
    db: Session, *, account_id: int, file_name: str, tables: InventoryTables, now: datetime
) -> None:
    """Keep the newest tables of an account; forget everybody's that are too old."""
    db.execute(delete(InventoryDraft).where(InventoryDraft.created_at <= now - KEPT_FOR))
    drop_draft(db, account_id)
    body = msgspec.json.encode(tables).decode()
    db.add(InventoryDraft(account_id=account_id, file_name=file_name[:120], created_at=now, body=body))
    db.flush()


def find_draft(db: Session, account_id: int, now: datetime) -> tuple[str, InventoryTables] | None:
    """Return the file's name and the tables that an account checked within the last day."""
    draft = db.scalars(select(InventoryDraft).where(InventoryDraft.account_id == account_id)).first()
    if draft is None or now - draft.created_at >= KEPT_FOR:
        return None
    return draft.file_name, msgspec.json.decode(draft.body, type=InventoryTables)


def drop_draft(db: Session, account_id: int) -> None:
    """Forget the tables of an account."""
    db.execute(delete(InventoryDraft).where(InventoryDraft.account_id == account_id))
