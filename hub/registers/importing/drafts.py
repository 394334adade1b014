"""A checked table, kept between the dry run and the decision.

One an account; a day later it is as good as gone, because the city has moved on.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.registers.importing.models import RegisterDraft
from hub.registers.importing.rows import RegisterTable

KEPT_FOR = timedelta(hours=24)


def keep_draft(
    db: Session, *, account_id: int, kind: str, file_name: str, table: RegisterTable, now: datetime
) -> None:
    """Keep the newest table of an account; forget everybody's that are too old."""
    db.execute(delete(RegisterDraft).where(RegisterDraft.created_at <= now - KEPT_FOR))
    drop_draft(db, account_id)
    body = msgspec.json.encode(table).decode()
    db.add(
        RegisterDraft(account_id=account_id, kind=kind, file_name=file_name[:120], created_at=now, body=body)
    )
    db.flush()


def find_draft(db: Session, account_id: int, kind: str, now: datetime) -> tuple[str, RegisterTable] | None:
    """Return the file's name and the table of a kind that an account checked within the last day."""
    query = select(RegisterDraft).where(RegisterDraft.account_id == account_id, RegisterDraft.kind == kind)
    draft = db.scalars(query).first()
    if draft is None or now - draft.created_at >= KEPT_FOR:
        return None
    return draft.file_name, msgspec.json.decode(draft.body, type=RegisterTable)


def drop_draft(db: Session, account_id: int) -> None:
    """Forget the table of an account."""
    db.execute(delete(RegisterDraft).where(RegisterDraft.account_id == account_id))
