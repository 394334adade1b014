"""The audit chain: who did what when, each entry sealed to the one before.

Must not hold a password, token, NIK, NIP or person's name.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hub.people.models import AuditEntry

FIRST_HASH = "0" * 64
# Any number; it only has to be the same for all writers of this chain.
_CHAIN_LOCK = 0x504F4E54


def append(db: Session, *, at: datetime, actor: str, action: str, target: str, detail: str = "") -> None:
    """Add one act to the chain.

    Args:
        db: A writing session; the entry stands or falls with its transaction.
        at: When it happened.
        actor: The account's name, or ``system``.
        action: What was done, as ``session.begin``.
        target: What it was done to.
        detail: What else an auditor must know.
    """
    if db.get_bind().dialect.name == "postgresql":
        # Two writers must not both seal to the same last entry; SQLite has one writer anyway.
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    entry = AuditEntry(
        # As the database gives it back: the seal is over these words.
        at=at.astimezone(UTC),
        actor=actor,
        action=action,
        object=target,
        detail=detail,
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = _hash_of(entry)
    db.add(entry)
    db.flush()


def first_broken(db: Session) -> int | None:
    """Return the seq of the first entry that was changed or whose predecessor is gone, or ``None``."""
    return first_broken_of(db.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def first_broken_of(entries: Iterable[AuditEntry]) -> int | None:
    """Return the same of entries from wherever, in the order of their seq."""
    previous = FIRST_HASH
    for entry in entries:
        if entry.previous_hash != previous or entry.hash != _hash_of(entry):
            return entry.seq
        previous = entry.hash
    return None


def _hash_of(entry: AuditEntry) -> str:
    fields = [
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.object,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
