"""That the signer is who is signed in: the PIN of the badge, or the password, typed again. Reads only.

Must not log or keep what was typed.
"""

from sqlalchemy.orm import Session

from edge.wire.hadir.pin import is_pin
from hub.people.models import Account, Person
from hub.people.reach import own_number
from hub.people.signing_in.passwords import is_password


def has_pin(db: Session, account_id: int) -> bool:
    """Return whether somebody has a PIN of their own; without one the password serves."""
    return _pin_hash(db, account_id) is not None


def is_proof(db: Session, account_id: int, typed: str) -> bool:
    """Return whether this is the account's PIN or its password."""
    pin_hash = _pin_hash(db, account_id)
    if pin_hash is not None and is_pin(typed, pin_hash):
        return True
    return is_password(typed, db.get_one(Account, account_id).password_hash)


def _pin_hash(db: Session, account_id: int) -> bytes | None:
    number = own_number(db, account_id)
    person = None if number is None else db.get(Person, number)
    return None if person is None or not person.is_active else person.pin_hash
