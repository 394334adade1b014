"""Optional accounts of citizens: an address and one-time codes, no password. Takes a session, never commits.

An account comes to be with its first good code, so that nobody can find out who has one.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub.cases.citizens.models import CitizenAccount, CitizenCode, CitizenSession
from hub.errors import InputError
from hub.notify.rules import check_address
from hub.notify.service import Channel, Recipient, queue

CODE_DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
# To one address; somebody else's mailbox is not to be filled from our page.
CODES_IN = (3, timedelta(minutes=15))
IDLE_LIMIT = timedelta(hours=12)
ABSOLUTE_LIMIT = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
KEPT_FOR = timedelta(days=2)


class TooManyCodesError(InputError):
    """An address asked for codes too often; the message says when to come back."""


class CodeRefusal(StrEnum):
    """Why a code is not good."""

    WRONG = "wrong"
    OVER = "over"  # too old, used, or tried too often: ask for a new one


def ask_code(db: Session, *, email: str, now: datetime) -> None:
    """Send a one-time code.

    Raises:
        InputError: no e-mail address.
        TooManyCodesError: too many were sent there.
    """
    address = check_address(Channel.EMAIL, email).casefold()
    most, within = CODES_IN
    recent = select(func.count()).where(CitizenCode.address == address, CitizenCode.asked_at > now - within)
    if (db.scalar(recent) or 0) >= most:
        raise TooManyCodesError("Kode sudah dikirim beberapa kali; tunggu 15 menit, lalu minta lagi.")
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    row = CitizenCode(
        channel=Channel.EMAIL,
        address=address,
        digest=_digest(address, code),
        asked_at=now,
        expires_at=now + GOOD_FOR,
        used_at=None,
    )
    db.add(row)
    db.flush()
    queue(
        db,
        to=Recipient(Channel.EMAIL, address),
        subject=f"Kode masuk: {code}",
        text=f"Kode masuk Anda {code}, berlaku 10 menit. Abaikan bila Anda tidak memintanya; "
        "jangan berikan kepada siapa pun.",
        link="",
        now=now,
        about=f"citizen-code:{row.id}",
    )


def use_code(db: Session, *, email: str, code: str, now: datetime) -> CitizenAccount | CodeRefusal:
    """Return the account that a code opens; a wrong one counts, so the caller must let it be committed."""
    address = email.strip().casefold()
    newest = select(CitizenCode).where(CitizenCode.address == address).order_by(CitizenCode.id.desc())
    # Locked: tries that come at the same time must each count.
    row = db.scalars(newest.limit(1).with_for_update()).first()
    if row is None or row.used_at is not None or now >= row.expires_at or row.tries >= TRIES:
        return CodeRefusal.OVER
    if not hmac.compare_digest(row.digest, _digest(address, code.strip())):
        row.tries += 1
        db.flush()
        return CodeRefusal.WRONG if row.tries < TRIES else CodeRefusal.OVER
    row.used_at = now
    return _account_of(db, address, now)


def begin(db: Session, account: CitizenAccount, now: datetime) -> str:
    """Sign an account in and return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    db.add(
        CitizenSession(
            token_digest=_of_token(token), account_id=account.id, created_at=now, seen_at=now, ended_at=None
        )
    )
    db.flush()
    return token


def find(db: Session, token: str, now: datetime) -> CitizenAccount | None:
    """Return whose session a token is, if it lives."""
    found = db.execute(
        select(CitizenSession, CitizenAccount)
        .join(CitizenAccount, CitizenAccount.id == CitizenSession.account_id)
        .where(CitizenSession.token_digest == _of_token(token))
    ).first()
    if found is None:
        return None
    session, account = found
    is_alive = (
        session.ended_at is None
        and now - session.seen_at < IDLE_LIMIT
        and now - session.created_at < ABSOLUTE_LIMIT
    )
    return account if is_alive else None


def touch(db: Session, token: str, now: datetime) -> None:
    """Note that a session is in use, now and then; only in a writing session."""
    is_due = CitizenSession.seen_at < now - SEEN_EVERY
    same = CitizenSession.token_digest == _of_token(token)
    db.execute(update(CitizenSession).where(same, is_due).values(seen_at=now))


def end(db: Session, token: str, now: datetime) -> None:
    """Sign one browser out."""
    same = CitizenSession.token_digest == _of_token(token)
    db.execute(update(CitizenSession).where(same).values(ended_at=now))


def forget_old(db: Session, now: datetime) -> None:
    """Delete codes and sessions that are long over."""
    db.execute(delete(CitizenCode).where(CitizenCode.expires_at < now - KEPT_FOR))
    db.execute(delete(CitizenSession).where(CitizenSession.created_at < now - ABSOLUTE_LIMIT))


def _account_of(db: Session, address: str, now: datetime) -> CitizenAccount:
    account = db.scalars(
        select(CitizenAccount).where(
            CitizenAccount.channel == Channel.EMAIL, CitizenAccount.address == address
        )
    ).first()
    if account is None:
        account = CitizenAccount(channel=Channel.EMAIL, address=address, person_id=None, created_at=now)
        db.add(account)
        db.flush()
    return account


def _digest(address: str, code: str) -> str:
    # Good for ten minutes and five tries: what a stolen table could be asked is over by then.
    return hashlib.sha256(f"{address}\n{code}".encode()).hexdigest()


def _of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
