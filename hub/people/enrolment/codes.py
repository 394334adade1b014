"""One-time codes with which a civil servant's own phone is enrolled: issued, checked, used up.

``K7MP-3QXD-9FTW``: the first group only finds the row, the other two are the secret and are kept
as a slow digest. Must not keep, log or audit the code itself, and decides no permission.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.people.models import EnrolmentCode, Person

LIFETIME = timedelta(hours=72)
MAX_TRIES = 5
GROUP_LETTERS = 4
CODE_LETTERS = 3 * GROUP_LETTERS

# Without letters and digits that look alike on paper; I, L, O, 0, 1 and U are never meant.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
# 30^8 secrets in at most 72 h: light enough to print 6,000 sheets, heavy enough for a stolen table.
_SCRYPT_COST = 2**10


class Refusal(StrEnum):
    """Why a code is not good; the screen has a sentence with a remedy for each."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    BLOCKED = "blocked"


def issue_enrolment_code(db: Session, person: int, actor: str, now: datetime) -> str:
    """Make a code for one more phone of a person; an earlier one that is still open dies.

    Args:
        db: A writing session.
        person: Internal number.
        actor: Name of the account that hands it out; whether it may is for the caller to know.
        now: From when its 72 hours count.

    Returns:
        The code as ``K7MP-3QXD-9FTW``, to be shown or printed once: it is kept nowhere.

    Raises:
        InputError: no such person, or one who does not work here any more.
    """
    row = db.get(Person, person)
    if row is None or not row.is_active:
        raise InputError(f"pegawai nomor {person} tidak ada atau tidak aktif; periksa nomornya")
    _withdraw_open_codes(db, person, now)
    reference = _free_reference(db)
    secret = _letters(2 * GROUP_LETTERS)
    salt = secrets.token_bytes(16)
    code = EnrolmentCode(
        person_number=person,
        reference=reference,
        salt=salt,
        digest=_digest(salt, secret),
        issued_by=actor,
        issued_at=now,
        expires_at=now + LIFETIME,
    )
    db.add(code)
    audit.append(db, at=now, actor=actor, action="enrolment.issue", target=f"person:{person}")
    return "-".join((reference, secret[:GROUP_LETTERS], secret[GROUP_LETTERS:]))


def check_enrolment_code(db: Session, typed: str, now: datetime) -> EnrolmentCode | Refusal:
    """Return the row of a code that is good now, or why it is not; a wrong secret counts as a try.

    The caller's transaction must be committed for a refusal too, or tries would not count.
    """
    text = normal_form(typed)
    if len(text) != CODE_LETTERS:
        return Refusal.UNKNOWN
    reference, secret = text[:GROUP_LETTERS], text[GROUP_LETTERS:]
    code = db.scalars(select(EnrolmentCode).where(EnrolmentCode.reference == reference)).first()
    if code is None:
        return Refusal.UNKNOWN
    if code.tries >= MAX_TRIES:
        return Refusal.BLOCKED
    if not hmac.compare_digest(code.digest, _digest(code.salt, secret)):
        _count_try(db, code, now)
        return Refusal.BLOCKED if code.tries >= MAX_TRIES else Refusal.UNKNOWN
    return refusal_of(db, code, now) or code


def refusal_of(db: Session, code: EnrolmentCode, now: datetime) -> Refusal | None:
    """Return why a code whose secret is known is not good any more, or ``None``."""
    if code.used_at is not None:
        return Refusal.USED
    person = db.get_one(Person, code.person_number)
    is_over = now >= code.expires_at or code.withdrawn_at is not None or not person.is_active
    return Refusal.EXPIRED if is_over else None


def use_up(db: Session, code: EnrolmentCode, now: datetime) -> None:
    """Mark a code as used: it enrols no second phone."""
    code.used_at = now
    db.flush()


def normal_form(typed: str) -> str:
    """Return what was meant: upper case, without hyphens and blanks."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _count_try(db: Session, code: EnrolmentCode, now: datetime) -> None:
    code.tries += 1
    db.flush()
    if code.tries == MAX_TRIES:
        target = f"person:{code.person_number}"
        audit.append(db, at=now, actor="system", action="enrolment.blocked", target=target)


def _withdraw_open_codes(db: Session, person: int, now: datetime) -> None:
    is_open = (EnrolmentCode.used_at.is_(None), EnrolmentCode.withdrawn_at.is_(None))
    db.execute(
        update(EnrolmentCode).where(EnrolmentCode.person_number == person, *is_open).values(withdrawn_at=now)
    )


def _free_reference(db: Session) -> str:
    while True:
        reference = _letters(GROUP_LETTERS)
        taken = select(EnrolmentCode.id).where(EnrolmentCode.reference == reference)
        if db.scalar(taken) is None:
            return reference


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _digest(salt: bytes, secret: str) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=32)
