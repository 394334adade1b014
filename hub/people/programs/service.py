"""Tokens of programs: issued, found, used, revoked. Takes a session, never commits."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.models import Opd
from hub.people.permissions import Permission, ScopeKind
from hub.people.programs.models import ProgramToken
from hub.people.reach import Reach

# What a program may be given: reading, sending complaints, and nothing that a person should decide.
GRANTABLE = (Permission.HADIR_PAYROLL, Permission.COMPLAINT_FILE)
PREFIX = "ptk_"
MAX_LIFE = timedelta(days=366)
# A request a second must not become a write a second.
USED_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; ``secret`` is shown once and kept nowhere."""

    row: ProgramToken
    secret: str


def issue(
    db: Session,
    *,
    name: str,
    opd: int | None,
    life: timedelta,
    actor: str,
    now: datetime,
    permission: Permission = Permission.HADIR_PAYROLL,
) -> Issued:
    """Make a token.

    Args:
        db: A writing session.
        name: What program it is for, as "SIMPEG".
        opd: For the people of which OPD; ``None``: the whole city.
        life: How long it is good.
        actor: Who issues it.
        now: Aware.
        permission: What it may do, one of :data:`GRANTABLE`.

    Raises:
        InputError: no name, an unknown OPD, a life that is too long, or another permission.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise InputError("Isi nama program yang memakai token, paling banyak 60 huruf.")
    if not timedelta(days=1) <= life <= MAX_LIFE:
        raise InputError(f"Masa berlaku 1 sampai {MAX_LIFE.days} hari.")
    if permission not in GRANTABLE:
        raise InputError(f"Izin {permission} tidak dapat diberikan kepada program.")
    if opd is not None and db.get(Opd, opd) is None:
        raise InputError(f"OPD {opd} tidak ada.")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ProgramToken(
        name=name,
        digest=_digest(secret),
        permission=permission,
        scope_kind=ScopeKind.CITY if opd is None else ScopeKind.OPD,
        scope_id="" if opd is None else str(opd),
        created_by=actor,
        created_at=now,
        expires_at=now + life,
    )
    db.add(row)
    db.flush()
    audit.append(db, at=now, actor=actor, action="token.issue", target=f"token:{row.id}", detail=name)
    return Issued(row, secret)


def find_token(db: Session, secret: str, now: datetime) -> ProgramToken | None:
    """Return the token, if it is known, not revoked and not over."""
    row = db.scalars(select(ProgramToken).where(ProgramToken.digest == _digest(secret))).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    return row


def is_use_due(row: ProgramToken, now: datetime) -> bool:
    """Return whether it is time to note that the token is in use."""
    return row.used_at is None or now - row.used_at >= USED_EVERY


def note_use(db: Session, token_id: int, now: datetime) -> None:
    """Note that a token is in use."""
    db.execute(update(ProgramToken).where(ProgramToken.id == token_id).values(used_at=now))


def revoke(db: Session, *, token_id: int, actor: str, now: datetime) -> None:
    """End a token at once; ending it again changes nothing.

    Raises:
        NotFoundError: no such token.
    """
    row = db.get(ProgramToken, token_id)
    if row is None:
        raise NotFoundError(f"token {token_id}")
    if row.revoked_at is None:
        row.revoked_at = now
        audit.append(db, at=now, actor=actor, action="token.revoke", target=f"token:{token_id}")


def list_tokens(db: Session) -> Sequence[ProgramToken]:
    """Return all tokens, the newest first."""
    return db.scalars(select(ProgramToken).order_by(ProgramToken.id.desc())).all()


def reach_of_token(row: ProgramToken) -> Reach:
    """Return for whom a token is good."""
    if row.scope_kind == ScopeKind.CITY:
        return Reach(is_city=True)
    return Reach(is_city=False, opds=frozenset({int(row.scope_id)}))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
