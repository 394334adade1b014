"""A checked table, kept between the dry run and the decision. Holds digests of NIPs, no NIP.

One an account; a day later it is as good as gone, because the city has moved on.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.people.importing.models import StaffDraft
from hub.people.importing.rows import StaffTable

KEPT_FOR = timedelta(hours=24)


def keep_draft(db: Session, *, account_id: int, file_name: str, table: StaffTable, now: datetime) -> None:
    """Keep the newest table of an account; forget everybody's that are too old."""
    db.execute(delete(StaffDraft).where(StaffDraft.created_at <= now - KEPT_FOR))
    drop_draft(db, account_id)
    body = msgspec.json.encode(table).decode()
    db.add(StaffDraft(account_id=account_id, file_name=file_name[:120], created_at=now, body=body))
    db.flush()


def find_draft(db: Session, account_id: int, now: datetime) -> tuple[str, StaffTable] | None:
    """Return the file's name and the table that an account checked within the last day."""
    draft = db.scalars(select(StaffDraft).where(StaffDraft.account_id == account_id)).first()
    if draft is None or now - draft.created_at >= KEPT_FOR:
        return None
    return draft.file_name, msgspec.json.decode(draft.body, type=StaffTable)


def drop_draft(db: Session, account_id: int) -> None:
    """Forget the table of an account."""
    db.execute(delete(StaffDraft).where(StaffDraft.account_id == account_id))
