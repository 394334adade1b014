"""Phones of a person: a public key in one of eight slots, put there once and revoked for good.

The private half is made in the browser and never leaves it. Doors learn of a change by their next
roster; nothing is sent from here.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.hadir.codes import is_signed_by_phone
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.enrolment.people_file import KEY_LENGTHS
from hub.people.models import PhoneKey

# Three bits of the H1 code.
SLOTS = range(8)
MAX_LABEL = 40
ENROL_DOMAIN = b"PTK-HADIR-ENROL-1\0"


def phones_of(db: Session, person: int) -> tuple[PhoneKey, ...]:
    """Return somebody's phones, those in use first, then the newest."""
    rows = db.scalars(select(PhoneKey).where(PhoneKey.person_number == person))
    return tuple(
        sorted(rows, key=lambda phone: (phone.revoked_at is not None, -phone.enrolled_at.timestamp()))
    )


def enrolment_message(person: int, public_key: bytes) -> bytes:
    """Return what a phone signs to show that it holds the key it sends."""
    return ENROL_DOMAIN + person.to_bytes(4) + public_key


def is_signed(algorithm: str, public_key: bytes, *, signature: bytes, message: bytes) -> bool:
    """Tell whether a phone signed a message.

    Args:
        algorithm: ``ed25519`` or ``p256``.
        public_key: 32 bytes of Ed25519, or 33 of a compressed P-256 point.
        signature: 64 bytes; of P-256 r then s.
        message: What was signed.
    """
    if KEY_LENGTHS.get(algorithm) != len(public_key):
        return False
    return is_signed_by_phone(public_key, signature, message)


def add_phone(
    db: Session, *, person: int, algorithm: str, public_key: bytes, label: str, actor: str, now: datetime
) -> PhoneKey:
    """Keep the key of one more phone.

    A slot that was never used is taken first, then the one that was revoked longest ago.

    Raises:
        InputError: all eight slots are in use, or this very key is known already.
    """
    if db.scalars(select(PhoneKey).where(PhoneKey.public_key == public_key)).first() is not None:
        raise InputError("Kunci ponsel ini sudah terdaftar; muat ulang halaman ini.")
    used = {phone.slot: phone for phone in phones_of(db, person)}
    phone = _free_slot(used, person)
    phone.algorithm, phone.public_key = algorithm, public_key
    phone.label, phone.enrolled_at, phone.revoked_at = label.strip()[:MAX_LABEL], now, None
    db.add(phone)
    db.flush()
    _note(db, phone, actor=actor, action="phone.enrol", now=now)
    return phone


def revoke_phone(db: Session, *, person: int, slot: int, actor: str, now: datetime) -> PhoneKey:
    """Take a phone out of use; its code is refused by every door that has the next roster.

    Raises:
        NotFoundError: the person has no such phone.
    """
    is_this = (PhoneKey.person_number == person, PhoneKey.slot == slot)
    phone = db.scalars(select(PhoneKey).where(*is_this)).first()
    if phone is None:
        raise NotFoundError(f"ponsel {slot} dari pegawai {person}")
    if phone.revoked_at is None:
        phone.revoked_at = now
        db.flush()
        _note(db, phone, actor=actor, action="phone.revoke", now=now)
    return phone


def _free_slot(used: dict[int, PhoneKey], person: int) -> PhoneKey:
    for slot in SLOTS:
        if slot not in used:
            return PhoneKey(person_number=person, slot=slot)
    revoked = [phone for phone in used.values() if phone.revoked_at is not None]
    if not revoked:
        raise InputError(f"Sudah ada {len(SLOTS)} ponsel; cabut satu di daftar Ponsel, lalu ulangi.")
    return min(revoked, key=lambda phone: phone.revoked_at or phone.enrolled_at)


def _note(db: Session, phone: PhoneKey, *, actor: str, action: str, now: datetime) -> None:
    target, detail = f"person:{phone.person_number}", f"slot {phone.slot}"
    audit.append(db, at=now, actor=actor, action=action, target=target, detail=detail)
