"""Between password and code: a short-lived token that opens nothing but the page for the code."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.people.models import Account
from hub.people.second_factor.models import WaitingSignIn

# OWASP ASVS 5.0 (2025), 6.5.5 bounds codes, not this; long enough to find a phone.
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who is asked for a code, and where they wanted to go."""

    account: Account
    wanted: str


def begin_waiting(db: Session, *, account: Account, wanted: str, now: datetime) -> str:
    """Remember that a password was right; return the token for the cookie."""
    db.execute(delete(WaitingSignIn).where(WaitingSignIn.created_at < now - LIFE))
    token = secrets.token_urlsafe(32)
    db.add(
        WaitingSignIn(token_digest=_digest(token), account_id=account.id, wanted=wanted[:500], created_at=now)
    )
    return token


def find_waiting(db: Session, token: str, now: datetime) -> Waiting | None:
    """Return who waits with this token, unless it is over or the account was closed."""
    query = (
        select(Account, WaitingSignIn.wanted)
        .join(WaitingSignIn, WaitingSignIn.account_id == Account.id)
        .where(WaitingSignIn.token_digest == _digest(token), WaitingSignIn.created_at > now - LIFE)
        .where(Account.is_disabled.is_(False))
    )
    found = db.execute(query).first()
    return None if found is None else Waiting(found[0], found[1])


def end_waiting(db: Session, account_id: int) -> None:
    """Forget all that waits for an account: it is in, or its password changed."""
    db.execute(delete(WaitingSignIn).where(WaitingSignIn.account_id == account_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
