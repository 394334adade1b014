"""How often somebody may be wrong, counted in the database: all web processes count together.

Asked before a password is looked at, so that a try that comes too early costs nothing and tells nothing.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.people.second_factor.models import FailedTry

LONGEST = timedelta(hours=1)


class Limit(NamedTuple):
    """At most so many refusals within a span."""

    tries: int
    span: timedelta


PER_ACCOUNT = (Limit(5, timedelta(minutes=1)), Limit(30, LONGEST))
PER_ADDRESS = (Limit(20, timedelta(minutes=1)),)
PER_CODE = (Limit(5, timedelta(minutes=10)), Limit(15, LONGEST))


def account_key(name: str) -> str:
    """Return the key of an account that a form names, whether it exists or not."""
    return _key("account", name.strip().casefold()[:80])


def address_key(address: str) -> str:
    """Return the key of where somebody comes from."""
    return _key("address", address)


def code_key(account_id: int) -> str:
    """Return the key of the second step of an account."""
    return _key("code", str(account_id))


def is_too_often(db: Session, whose: str, limits: tuple[Limit, ...], now: datetime) -> bool:
    """Return whether one more try must be refused unseen."""
    return any(_count(db, whose, now - limit.span) >= limit.tries for limit in limits)


def note_failure(db: Session, *keys: str, now: datetime) -> None:
    """Count a refusal, and forget those that count no more."""
    db.execute(delete(FailedTry).where(FailedTry.at < now - LONGEST))
    db.add_all(FailedTry(whose=whose, at=now) for whose in keys)


def _count(db: Session, whose: str, since: datetime) -> int:
    query = select(func.count()).where(FailedTry.whose == whose, FailedTry.at > since)
    return db.scalar(query) or 0


def _key(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind} {what}".encode()).hexdigest()
