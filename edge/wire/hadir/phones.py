"""The keys of simulated phones, and the file that keeps them.

Real phones make their keys themselves and never show them: this file is for simulations only.
"""

import base64
import os
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from edge.wire.hadir.codes import PhoneSigningKey, make_phone_code, public_bytes_of
from edge.wire.records.bodies import Message, PersonNumber


class PhonesError(ValueError):
    """A file of phones that cannot be used."""


class SimulatedPhone(Message, frozen=True):
    """A phone of one person; ``key`` is base64 of PKCS #8 (Ed25519 or P-256)."""

    person: PersonNumber
    key: str
    key_slot: Annotated[int, msgspec.Meta(ge=0, le=7)] = 0

    @property
    def signing_key(self) -> PhoneSigningKey:
        """The phone's key.

        Raises:
            PhonesError: not a key that phones may have.
        """
        try:
            key = load_der_private_key(base64.b64decode(self.key), password=None)
        except (ValueError, TypeError) as error:
            raise PhonesError(f"the key of person {self.person} is damaged") from error
        if not isinstance(key, Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
            raise PhonesError(f"the key of person {self.person} is neither Ed25519 nor P-256")
        return key

    @property
    def public_key(self) -> bytes:
        """What the roster holds of it: 32 bytes Ed25519 or 33 P-256."""
        return public_bytes_of(self.signing_key)

    def code(self, issued_at_s: int, nonce: int) -> str:
        """Return the text that the phone draws at this time (Unix seconds)."""
        return make_phone_code(
            self.signing_key,
            person=self.person,
            issued_at_s=issued_at_s,
            nonce=nonce,
            key_slot=self.key_slot,
        )


class SimulatedBadge(Message, frozen=True):
    """A printed badge: the same text every day."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

    def code(self, issued_at_s: int, nonce: int) -> str:
        """Return what is printed, whenever it is shown."""
        return self.text


class PhonesFile(Message, frozen=True):
    """What the people who pass a simulated door hold up."""

    phones: Annotated[tuple[SimulatedPhone, ...], msgspec.Meta(max_length=10_000)]
    badges: Annotated[tuple[SimulatedBadge, ...], msgspec.Meta(max_length=1_000)] = ()


def new_phone(person: int, *, key_slot: int = 0, is_p256: bool = False) -> SimulatedPhone:
    """Return a phone with a fresh key."""
    key: PhoneSigningKey = (
        ec.generate_private_key(ec.SECP256R1()) if is_p256 else Ed25519PrivateKey.generate()
    )
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimulatedPhone(person=person, key=base64.b64encode(der).decode(), key_slot=key_slot)


def save_phones(
    path: Path, phones: tuple[SimulatedPhone, ...], badges: tuple[SimulatedBadge, ...] = ()
) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(PhonesFile(phones=phones, badges=badges)))


def load_phones(path: Path) -> tuple[SimulatedPhone, ...]:
    """Read the phones in a file of :func:`save_phones`.

    Raises:
        PhonesError: no such file, it is not one of phones, or there is none in it.
    """
    phones = load_codes(path).phones
    if not phones:
        raise PhonesError(f"{path}: no phone in it")
    return phones


def load_codes(path: Path) -> PhonesFile:
    """Read a file of :func:`save_phones`, with its badges.

    Raises:
        PhonesError: no such file, it is not one of phones, or nothing is in it.
    """
    file = _read(path)
    if not file.phones and not file.badges:
        raise PhonesError(f"{path}: neither a phone nor a badge in it")
    return file


def _read(path: Path) -> PhonesFile:
    try:
        return msgspec.json.decode(path.read_bytes(), type=PhonesFile)
    except OSError as error:
        raise PhonesError(f"{path}: cannot be read; name a file of phones: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise PhonesError(f"{path}: no file of phones: {error}") from error
