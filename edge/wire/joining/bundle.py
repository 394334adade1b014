"""One encrypted file with a device's whole identity, for sites without a network.

Made at flashing time by the hub, which knows the key for that moment only; read by the device with
the passphrase that travels by another way. scrypt and AES-256-GCM. Pure.
"""

import base64
import os
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from edge.wire.joining.enrolment import Enrolled, Pem
from edge.wire.records.fields import Message

MAX_BUNDLE_BYTES = 100_000
LEAST_PASSPHRASE_LETTERS = 12
_DOMAIN = b"PTK-BUNDLE-1\0"
# OWASP Password Storage Cheat Sheet (2025): scrypt with N = 2^17, r = 8, p = 1; 128 MiB, once.
_COST, _BLOCK, _PARALLEL = 2**17, 8, 1
_SALT_BYTES, _NONCE_BYTES = 16, 12


class BundleError(ValueError):
    """A file that cannot be used; says why and what to do."""


class Bundle(Message, frozen=True):
    """What is inside: as after an enrolment, and the private key."""

    enrolled: Enrolled
    key: Pem


class _Envelope(Message, frozen=True):
    """The file: JSON, so that a person sees what it is."""

    pontive_bundle: Annotated[int, msgspec.Meta(ge=1, le=1)]
    salt: str
    nonce: str
    sealed: str


def seal_bundle(bundle: Bundle, passphrase: str) -> bytes:
    """Return the file.

    Raises:
        BundleError: the passphrase is too short.
    """
    if len(passphrase) < LEAST_PASSPHRASE_LETTERS:
        raise BundleError(f"bundle: a passphrase has {LEAST_PASSPHRASE_LETTERS} letters at least")
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, msgspec.json.encode(bundle), _DOMAIN)
    parts = (base64.b64encode(part).decode() for part in (salt, nonce, sealed))
    salt_text, nonce_text, sealed_text = parts
    envelope = _Envelope(pontive_bundle=1, salt=salt_text, nonce=nonce_text, sealed=sealed_text)
    return msgspec.json.format(msgspec.json.encode(envelope), indent=1) + b"\n"


def open_bundle(file: bytes, passphrase: str) -> Bundle:
    """Read a bundle.

    Raises:
        BundleError: half written, no bundle, or another passphrase.
    """
    try:
        if len(file) > MAX_BUNDLE_BYTES:
            raise ValueError("too large")
        envelope = msgspec.json.decode(file, type=_Envelope, strict=True)
        salt, nonce, sealed = (
            base64.b64decode(part, validate=True) for part in (envelope.salt, envelope.nonce, envelope.sealed)
        )
        if len(salt) != _SALT_BYTES or len(nonce) != _NONCE_BYTES:
            raise ValueError("salt or nonce of another length")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BundleError(f"bundle: cut short or no bundle ({str(error)[:80]}); copy it again") from error
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, _DOMAIN)
    except InvalidTag as error:
        raise BundleError("bundle: the passphrase is wrong, or the file is damaged") from error
    return msgspec.json.decode(plain, type=Bundle, strict=True)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_PARALLEL).derive(passphrase.encode())
