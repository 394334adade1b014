"""PINs of badges: chosen by their owner, or made anew by an admin who tells it once.

Kept as the slow hash that doors compare with. Must not log, audit or keep a PIN.
"""

import secrets
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from edge.wire.hadir.pin import SALT_BYTES, PinError, hash_pin
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Person

MADE_DIGITS = 6


def set_pin(db: Session, *, person: int, pin: str, actor: str, now: datetime) -> None:
    """Keep the PIN that somebody chose.

    Raises:
        InputError: not 4-6 digits, easily guessed, or there is no such person.
    """
    if is_easily_guessed(pin):
        raise InputError("PIN ini mudah ditebak; pilih angka yang tidak berurutan dan tidak sama semua.")
    _keep(db, person, pin, now)
    audit.append(db, at=now, actor=actor, action="pin.set", target=f"person:{person}")


def reset_pin(db: Session, *, person: int, actor: str, now: datetime) -> str:
    """Give somebody a new random PIN and return it, to be told once.

    Raises:
        InputError: there is no such person.
    """
    pin = _random_pin()
    _keep(db, person, pin, now)
    audit.append(db, at=now, actor=actor, action="pin.reset", target=f"person:{person}")
    return pin


def is_easily_guessed(pin: str) -> bool:
    """Return whether a PIN is one digit again and again, or digits that only count up or down."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)} if pin.isdecimal() else set()
    return len(steps) == 1 and steps <= {-1, 0, 1}


def _random_pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**MADE_DIGITS):0{MADE_DIGITS}}"
        if not is_easily_guessed(pin):
            return pin


def _keep(db: Session, person: int, pin: str, now: datetime) -> None:
    row = db.get(Person, person)
    if row is None:
        raise InputError(f"Pegawai nomor {person} tidak ada.")
    try:
        row.pin_hash = hash_pin(pin, secrets.token_bytes(SALT_BYTES))
    except PinError as error:
        raise InputError("PIN terdiri atas 4 sampai 6 angka.") from error
    row.changed_at = now
    db.flush()
