"""Signing in with the phone's key: for the pages about oneself, and for nothing more.

A key is something one has, not something one knows: accounts that reach further than their own
attendance sign in with their password.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.hadir.phone.keys import is_signed
from hub.people import audit
from hub.people.models import Account, Person, PersonAccount, PhoneKey
from hub.people.permissions import Role, permissions_of
from hub.people.service import grants_of, may_sign_in, roles_in

DOMAIN = b"PTK-HADIR-LOGIN-1\0"
# A phone that learnt the hub's time when it was enrolled is never so far off.
FRESH_WITHIN_S = 120
_ENOUGH = permissions_of(frozenset({Role.EMPLOYEE}))


def sign_in_message(challenge: str, signed_at_s: int) -> bytes:
    """Return what a phone signs: the form token of this very browser, and when."""
    return DOMAIN + challenge.encode() + signed_at_s.to_bytes(4)


def check_phone(
    db: Session,
    *,
    person: int,
    slot: int,
    challenge: str,
    signed_at_s: int,
    signature: bytes,
    now: datetime,
) -> Account:
    """Return the account that a phone may sign in.

    Args:
        db: A writing session.
        person: Internal number.
        slot: Which phone of that person.
        challenge: What we gave this browser and nobody else, checked by the caller.
        signed_at_s: Unix seconds by the phone's corrected clock.
        signature: 64 bytes over :func:`sign_in_message`.
        now: By the hub's clock.

    Raises:
        InputError: not this phone, not now, or not this account; says how to sign in instead.
    """
    if abs(now.timestamp() - signed_at_s) > FRESH_WITHIN_S:
        raise InputError("Jam ponsel tidak cocok. Aktifkan waktu otomatis, lalu muat ulang halaman ini.")
    is_this = (PhoneKey.person_number == person, PhoneKey.slot == slot, PhoneKey.revoked_at.is_(None))
    phone = db.scalars(select(PhoneKey).where(*is_this)).first()
    message = sign_in_message(challenge, signed_at_s)
    if phone is None or not is_signed(
        phone.algorithm, phone.public_key, signature=signature, message=message
    ):
        raise InputError("Ponsel ini tidak terdaftar atau sudah dicabut; masuk dengan kata sandi.")
    account = _account_of(db, person, now)
    audit.append(db, at=now, actor=account.name, action="login.phone", target=f"person:{person}")
    return account


def _account_of(db: Session, person: int, now: datetime) -> Account:
    owner = db.scalars(select(PersonAccount).where(PersonAccount.person_number == person)).first()
    account = db.get(Account, owner.account_id) if owner is not None else None
    if account is None or not may_sign_in(account, now) or not db.get_one(Person, person).is_active:
        raise InputError("Akun pegawai ini tidak dapat dipakai; hubungi admin OPD.")
    held = permissions_of(roles_in(grants_of(db, account.id, now), is_city_only=False))
    if account.must_change_password or not held <= _ENOUGH:
        raise InputError("Akun ini berwenang lebih dari kehadiran sendiri; masuk dengan kata sandi.")
    return account
