"""Which keys seal letters, and what devices are told to judge them by. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from edge.wire.codes import public_bytes_of
from edge.wire.letter_trust import LetterTrust
from hub.cases.letters.models import LetterDocument, LetterKey
from hub.errors import ConfigError

_MOST_KEYS = 255


def number_of_key(db: Session, key: Ed25519PrivateKey, now: datetime) -> int:
    """Return the number that seals name a key by; a new key gets the next one, former ones stay.

    Raises:
        ConfigError: 255 keys were used up.
    """
    public_key = public_bytes_of(key)
    found = db.scalars(select(LetterKey).where(LetterKey.public_key == public_key)).first()
    if found is not None:
        return found.number
    number = (db.scalar(select(func.max(LetterKey.number))) or 0) + 1
    if number > _MOST_KEYS:
        raise ConfigError("signing_key: 255 keys sealed letters already, and a seal can name no more")
    db.add(LetterKey(number=number, public_key=public_key, since_at=now))
    db.flush()
    return number


def trust_of(db: Session, *, addresses: Sequence[str], today: date, now: datetime) -> LetterTrust:
    """Return what letters are judged by: all keys, and the revoked ones that would still be good.

    Args:
        db: Any session.
        addresses: What seals of this city begin with, former ones too.
        today: In the city.
        now: Its moment; the version is its millisecond.
    """
    keys = db.execute(select(LetterKey.number, LetterKey.public_key).order_by(LetterKey.number))
    revoked = select(LetterDocument.code).where(
        LetterDocument.revoked_at.is_not(None),
        or_(LetterDocument.last_day.is_(None), LetterDocument.last_day >= today),
    )
    return LetterTrust(
        version=int(now.timestamp() * 1000),
        issued_at=now,
        addresses=tuple(addresses),
        keys=tuple((number, key) for number, key in keys),
        revoked=tuple(db.scalars(revoked.order_by(LetterDocument.id))),
    )


def last_change(db: Session) -> tuple[int, int, datetime | None]:
    """Return what changes when devices must learn something: keys, revoked letters, newest revocation.

    Both are needed: of two revocations at once the older may be committed last.
    """
    keys = db.scalar(select(func.count()).select_from(LetterKey)) or 0
    revoked = select(func.count(LetterDocument.revoked_at), func.max(LetterDocument.revoked_at))
    count, newest = db.execute(revoked).one()
    return keys, count, newest
