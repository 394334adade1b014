"""PINs of cases. The tracking code may be shown to others; who acts for the applicant needs the PIN.

Six digits are few: wrong ones block the case for a while, longer each time.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hub.cases.asking.models import CasePin
from hub.cases.keeping.models import CaseRecord

DIGITS = 6
TRIES = 5
BLOCKED_FOR = timedelta(minutes=15)
_ROUNDS = 100_000  # PBKDF2; the PIN is short, and no secret of other places


def issue_pin(db: Session, case: CaseRecord) -> str:
    """Give a case a PIN, in the place of an earlier one, and return it: it is kept as a digest alone."""
    pin = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    salt = secrets.token_hex(16)
    db.merge(CasePin(case_id=case.id, salt=salt, digest=_digest(salt, pin), tries=0, blocked_until=None))
    db.flush()
    return pin


def share_pin(db: Session, case: CaseRecord, other: CaseRecord) -> None:
    """Let the PIN of a case open another one of the same applicant too; nothing when it has none."""
    row = db.get(CasePin, case.id)
    if row is not None:
        db.merge(CasePin(case_id=other.id, salt=row.salt, digest=row.digest, tries=0, blocked_until=None))
        db.flush()


def is_blocked(db: Session, case: CaseRecord, now: datetime) -> bool:
    """Return whether too many wrong PINs were typed for a case."""
    row = db.get(CasePin, case.id)
    return row is not None and row.blocked_until is not None and now < row.blocked_until


def check_pin(db: Session, case: CaseRecord, typed: str, now: datetime) -> bool:
    """Return whether a PIN opens a case; a wrong one counts, so the caller must let it be committed."""
    # Locked: tries that come at the same time must each count.
    row = db.get(CasePin, case.id, with_for_update=True)
    if row is None or is_blocked(db, case, now):
        return False
    if hmac.compare_digest(row.digest, _digest(row.salt, typed.strip())):
        row.tries, row.blocked_until = 0, None
        return True
    row.tries += 1
    if row.tries % TRIES == 0:
        row.blocked_until = now + BLOCKED_FOR * (row.tries // TRIES)
    db.flush()
    return False


def _digest(salt: str, pin: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt.encode(), _ROUNDS).hex()
