"""Which keys seal letters, and what devices are told to judge them by. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from edge.wire.hadir.codes import public_bytes_of
from edge.wire.papers.seal import LetterError, read_seal
from edge.wire.papers.trust import EndedKey, LetterTrust, kept_digests
from hub.cases.letters.models import LetterDocument, LetterKey
from hub.errors import ConfigError, InputError
from hub.people import audit

_MOST_KEYS = 255
# Digests of so many letters fit into a document for a door; beyond it the oldest are checked at the page.
_MOST_KEPT = 40_000


def number_of_key(db: Session, key: Ed25519PrivateKey, now: datetime) -> int:
    """Return the number that seals name a key by; a new key gets the next one, former ones stay.

    Raises:
        ConfigError: 255 keys were used up.
        InputError: nobody trusts this key any longer.
    """
    public_key = public_bytes_of(key)
    found = db.scalars(select(LetterKey).where(LetterKey.public_key == public_key)).first()
    if found is not None and found.ended_at is not None:
        raise InputError("Kunci segel hub ini dicabut; surat terbit lagi setelah signing_key diganti.")
    if found is not None:
        return found.number
    number = (db.scalar(select(func.max(LetterKey.number))) or 0) + 1
    if number > _MOST_KEYS:
        raise ConfigError("signing_key: 255 keys sealed letters already, and a seal can name no more")
    db.add(LetterKey(number=number, public_key=public_key, since_at=now))
    db.flush()
    return number


def end_key(
    db: Session, number: int, *, since: datetime, actor: str, reason: str, now: datetime
) -> LetterKey:
    """Trust a key no longer: of its letters only those stay good that the archive had before.

    Args:
        db: A writing session.
        number: Of the key, as ``letter_key`` has it.
        since: From when on it may have been in other hands.
        actor: Who says so.
        reason: Why; the audit chain keeps it.
        now: The present.

    Raises:
        InputError: no such key, it ended before, or nobody says why.
    """
    key, said = db.get(LetterKey, number), " ".join(reason.split())
    if key is None:
        raise InputError(f"kunci {number}: tidak ada; lihat nomornya pada daftar kunci")
    if key.ended_at is not None:
        raise InputError(f"kunci {number}: sudah dicabut")
    if len(said) < 10 or since > now:
        raise InputError("tulis alasan, sedikitnya 10 huruf, dan waktu yang tidak di masa depan")
    key.ended_at, key.ended_by, key.end_reason = since, actor[:60], said[:300]
    db.flush()
    detail = f"since {since.isoformat()}; {said}"
    audit.append(
        db, at=now, actor=actor, action="letter.key.end", target=f"letter-key:{number}", detail=detail
    )
    return key


def trust_of(
    db: Session, *, addresses: Sequence[str], today: date, now: datetime, is_offline: bool = False
) -> LetterTrust:
    """Return what letters are judged by: all keys, and the revoked ones that would still be good.

    Args:
        db: Any session.
        addresses: What seals of this city begin with, former ones too.
        today: In the city.
        now: Its moment; the version is its millisecond.
        is_offline: For somebody who cannot ask the archive: with the letters of keys that ended.
    """
    keys = db.scalars(select(LetterKey).order_by(LetterKey.number)).all()
    ended = [key for key in keys if key.ended_at is not None]
    revoked = select(LetterDocument.code).where(
        LetterDocument.revoked_at.is_not(None),
        or_(LetterDocument.last_day.is_(None), LetterDocument.last_day >= today),
    )
    return LetterTrust(
        version=int(now.timestamp() * 1000),
        issued_at=now,
        addresses=tuple(addresses),
        keys=tuple((key.number, key.public_key) for key in keys if key.ended_at is None),
        revoked=tuple(db.scalars(revoked.order_by(LetterDocument.id))),
        ended=tuple(_ended(db, key, today, with_letters=is_offline) for key in ended),
    )


def _ended(db: Session, key: LetterKey, today: date, *, with_letters: bool) -> EndedKey:
    assert key.ended_at is not None
    seals = select(LetterDocument.seal).where(
        LetterDocument.issued_at < key.ended_at,
        or_(LetterDocument.last_day.is_(None), LetterDocument.last_day >= today),
    )
    newest = db.scalars(seals.order_by(LetterDocument.id.desc()).limit(_MOST_KEPT)) if with_letters else ()
    kept = kept_digests(seal for seal in newest if _key_of(seal) == key.number)
    return EndedKey(number=key.number, key=key.public_key, ended_at=key.ended_at, kept=kept)


def is_of_ended_key(db: Session, document: LetterDocument) -> bool:
    """Return whether a letter was sealed with a key after that key may have been in other hands."""
    key = db.get(LetterKey, _key_of(document.seal))
    return key is not None and key.ended_at is not None and document.issued_at >= key.ended_at


def _key_of(seal: str) -> int:
    try:
        return read_seal(seal).claim.key_number
    except LetterError:  # a layout that is no longer read
        return 0


def last_change(db: Session) -> tuple[int, int, int, datetime | None]:
    """Return what changes when devices must learn something: keys, ended ones, revoked letters, the newest.

    Both are needed: of two revocations at once the older may be committed last.
    """
    keys, ended = db.execute(select(func.count(LetterKey.number), func.count(LetterKey.ended_at))).one()
    revoked = select(func.count(LetterDocument.revoked_at), func.max(LetterDocument.revoked_at))
    count, newest = db.execute(revoked).one()
    return keys, ended, count, newest
