"""Setting a second step up, checking it, giving it back. Never commits, never reads a request."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.errors import HubError
from hub.people import audit
from hub.people.models import Account
from hub.people.second_factor import totp
from hub.people.second_factor.models import RecoveryCode, SecondFactor
from hub.people.signing_in.passwords import is_password

RECOVERY_CODES = 10
# 10 letters of 31: 49 bits, behind Argon2id and five tries in ten minutes.
_RECOVERY_LETTERS = 10
# OWASP Password Storage Cheat Sheet (2025), the least it takes: ten are made at once, and all are random.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NONCE_BYTES = 12


class SecretBox:
    """Seals the secrets of apps; each is bound to its account."""

    def __init__(self, key: bytes) -> None:
        """Take the key of the hub, 32 bytes."""
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, account_id: int) -> bytes:
        """Return what is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, _bound_to(account_id))

    def open(self, sealed: bytes, account_id: int) -> bytes:
        """Return the secret.

        Raises:
            HubError: sealed with another key, for another account, or changed.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(account_id))
        except InvalidTag as error:
            remedy = "restore the file that sign_in.key names, or reset the second step of the account"
            raise HubError(f"the second step of account {account_id} cannot be opened: {remedy}") from error


@dataclass(frozen=True, slots=True)
class FactorState:
    """What an account has."""

    confirmed_at: datetime | None
    recovery_left: int


class FactorDesk:
    """The second step of one account, at a time."""

    def __init__(self, db: Session, box: SecretBox, *, account: Account, now: datetime) -> None:
        """Take a session, the box, and whose it is."""
        self._db, self._box, self._account, self._now = db, box, account, now

    def state(self) -> FactorState:
        """Return what there is."""
        found = self._db.get(SecondFactor, self._account.id)
        left = select(func.count()).where(
            RecoveryCode.account_id == self._account.id, RecoveryCode.used_at.is_(None)
        )
        return FactorState(found.confirmed_at if found else None, self._db.scalar(left) or 0)

    def begin(self) -> bytes:
        """Make a new secret that counts once its first code is right; return it.

        Must not be called when there is a confirmed one: that is reset first.
        """
        secret = totp.make_secret()
        sealed = self._box.seal(secret, self._account.id)
        self._db.merge(
            SecondFactor(
                account_id=self._account.id,
                sealed_secret=sealed,
                begun_at=self._now,
                confirmed_at=None,
                last_step=0,
            )
        )
        return secret

    def pending(self) -> bytes | None:
        """Return the secret that was begun and not confirmed."""
        found = self._db.get(SecondFactor, self._account.id)
        if found is None or found.confirmed_at is not None:
            return None
        return self._box.open(found.sealed_secret, self._account.id)

    def confirm(self, typed: str) -> tuple[str, ...] | None:
        """Take the first code; return the recovery codes, which are shown once, or ``None`` if wrong."""
        if self.pending() is None or not self._takes_code(typed):
            return None
        self._db.get_one(SecondFactor, self._account.id).confirmed_at = self._now
        self._note("factor.set-up")
        return self._make_recovery_codes()

    def check(self, typed: str) -> bool:
        """Return whether this is the code of the moment or a recovery code that was not used."""
        found = self._db.get(SecondFactor, self._account.id)
        if found is None or found.confirmed_at is None:
            return False
        plain = re.sub(r"[\s-]", "", typed).casefold()
        is_right = self._takes_code(plain) if plain.isdecimal() else self._takes_recovery(plain)
        if not is_right:
            self._note("factor.refused", actor="system")
        return is_right

    def renew_recovery_codes(self) -> tuple[str, ...]:
        """Replace the recovery codes; return the new ones, which are shown once."""
        self._note("factor.recovery-renewed")
        return self._make_recovery_codes()

    def _takes_code(self, typed: str) -> bool:
        plain = re.sub(r"\s", "", typed)
        found = self._db.get_one(SecondFactor, self._account.id, with_for_update=True)
        secret = self._box.open(found.sealed_secret, self._account.id)
        step = totp.matching_step(secret, plain, now=self._now, after=found.last_step)
        if step is None:
            return False
        found.last_step = step
        return True

    def _takes_recovery(self, plain: str) -> bool:
        if not plain[:1].isdecimal():
            return False
        found = self._db.get(RecoveryCode, (self._account.id, int(plain[0])), with_for_update=True)
        is_right = is_password(plain, found.code_hash if found else None)
        if found is None or not is_right or found.used_at is not None:
            return False
        found.used_at = self._now
        self._note("factor.recovery-used")
        return True

    def _make_recovery_codes(self) -> tuple[str, ...]:
        self._db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == self._account.id))
        made = []
        for place in range(RECOVERY_CODES):
            code = f"{place}" + "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LETTERS))
            kept = RecoveryCode(account_id=self._account.id, place=place, code_hash=_HASHER.hash(code))
            self._db.add(kept)
            made.append(f"{code[0]}-{code[1:6]}-{code[6:]}")
        return tuple(made)

    def _note(self, action: str, *, actor: str = "") -> None:
        name = self._account.name
        audit.append(self._db, at=self._now, actor=actor or name, action=action, target=f"account:{name}")


def has_factor(db: Session, account_id: int) -> bool:
    """Return whether an account's second step is set up."""
    found = db.get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


def reset_factor(db: Session, *, account: Account, actor: str, now: datetime) -> None:
    """Take the second step away from an account; the next sign-in asks to set a new one up."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    db.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    audit.append(db, at=now, actor=actor, action="factor.reset", target=f"account:{account.name}")


def _bound_to(account_id: int) -> bytes:
    return f"pontive second factor 1 {account_id}".encode()
