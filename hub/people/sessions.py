"""Login sessions: a random token in the cookie, its digest in a table, so that each can be ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from hub.people import audit
from hub.people.models import Account, LoginSession
from hub.people.permissions import Permission, permissions_of
from hub.people.second_factor.models import SecondFactor
from hub.people.second_factor.rules import must_have
from hub.people.service import grants_of, roles_in

# OWASP ASVS 5.0 (2025), 7.3: both limits are ours to choose and to document.
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
# A request a second must not become a write a second.
SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking, for the length of one request.

    ``permissions`` hold for the whole city, ``scoped`` ones for some part of it at least;
    ``lacks_second_factor`` says that a role asks for one and there is none yet.
    """

    account_id: int
    name: str
    display_name: str
    session_id: int
    permissions: frozenset[Permission]
    must_change_password: bool
    is_seen_due: bool
    scoped: frozenset[Permission] = frozenset()
    lacks_second_factor: bool = False

    def may(self, permission: Permission) -> bool:
        """Return whether the account holds a permission now."""
        return permission in self.permissions

    def may_somewhere(self, permission: Permission) -> bool:
        """Return whether the account holds a permission for the city or a part of it."""
        return permission in self.permissions or permission in self.scoped


def begin(db: Session, *, account: Account, now: datetime, address: str, agent: str) -> str:
    """Sign an account in and return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    db.add(
        LoginSession(
            token_digest=_digest(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            address=address[:45],
            agent=agent[:200],
        )
    )
    audit.append(db, at=now, actor=account.name, action="session.begin", target=f"account:{account.name}")
    return token


# Asked with every request: built once.
_BY_TOKEN = (
    select(LoginSession, Account, SecondFactor.confirmed_at)
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    .where(LoginSession.token_digest == bindparam("digest"))
)


def find_viewer(db: Session, token: str, now: datetime) -> Viewer | None:
    """Return who holds this token, if the session still lives."""
    found = db.execute(_BY_TOKEN, {"digest": _digest(token)}).first()
    if found is None:
        return None
    session, account, has_factor_since = found
    if not _is_alive(session, now) or account.is_disabled:
        return None
    grants = grants_of(db, account.id, now)
    roles = roles_in(grants, is_city_only=False)
    return Viewer(
        account_id=account.id,
        name=account.name,
        display_name=account.display_name,
        session_id=session.id,
        permissions=permissions_of(roles_in(grants)),
        scoped=permissions_of(roles),
        must_change_password=account.must_change_password,
        is_seen_due=now - session.seen_at >= SEEN_EVERY,
        lacks_second_factor=has_factor_since is None and must_have(roles),
    )


def touch(db: Session, session_id: int, now: datetime) -> None:
    """Note that the session is in use."""
    db.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def end(db: Session, *, viewer: Viewer, now: datetime) -> None:
    """Sign one browser out."""
    db.execute(update(LoginSession).where(LoginSession.id == viewer.session_id).values(ended_at=now))
    audit.append(db, at=now, actor=viewer.name, action="session.end", target=f"account:{viewer.name}")


def end_all(db: Session, *, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere."""
    db.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def alive_of(db: Session, account_id: int, now: datetime) -> list[LoginSession]:
    """Return the sessions of an account that still live, the last used first."""
    query = (
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.seen_at > now - IDLE_LIMIT, LoginSession.created_at > now - ABSOLUTE_LIMIT)
    )
    return list(db.scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())))


def end_others(db: Session, *, viewer: Viewer, now: datetime, only: int = 0) -> int:
    """End the viewer's other sessions, or only the one of a number; return how many ended."""
    others = [one for one in alive_of(db, viewer.account_id, now) if one.id != viewer.session_id]
    ended = [one for one in others if only in (0, one.id)]
    for one in ended:
        one.ended_at = now
    if ended:
        target = f"account:{viewer.name}"
        audit.append(
            db, at=now, actor=viewer.name, action="session.end-others", target=target, detail=str(len(ended))
        )
    return len(ended)


def _is_alive(session: LoginSession, now: datetime) -> bool:
    return (
        session.ended_at is None
        and now - session.seen_at < IDLE_LIMIT
        and now - session.created_at < ABSOLUTE_LIMIT
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
