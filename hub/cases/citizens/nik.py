"""NIK under lock: sealed at rest, compared by a keyed digest, shown masked.

Must not log, and nothing but the box ever holds the key.
"""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.errors import HubError
from hub.keyfile import KEY_BYTES, load_or_make_key

_NONCE_BYTES = 12
_SHOWN_LETTERS = 16


class SealError(HubError):
    """What should be a sealed NIK cannot be opened: another key, or it was changed."""


def masked(nik: str) -> str:
    """Return a NIK as screens show it: ``6171**********47``."""
    return f"{nik[:4]}{'*' * 10}{nik[-2:]}"


def masked_of(kept: str) -> str:
    """Return what of a kept NIK may be shown to anybody who sees the case; needs no key."""
    return kept[:_SHOWN_LETTERS]


class NikBox:
    """Seals and opens with one key; two keys are derived from it, one to seal and one to compare."""

    def __init__(self, key: bytes) -> None:
        """Take the key, 32 bytes."""
        self._aead = AESGCM(_derived(key, b"pontive nik seal 1"))
        self._compare_key = _derived(key, b"pontive nik compare 1")

    def hide(self, nik: str) -> str:
        """Return what is kept: the mask in the clear, the NIK sealed behind it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        shown = masked(nik)
        # The mask is sealed with it: neither can be exchanged for that of somebody else.
        sealed = self._aead.encrypt(nonce, nik.encode(), shown.encode())
        return f"{shown}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, kept: str) -> str:
        """Return the NIK.

        Raises:
            SealError: it was sealed with another key, changed, or never sealed.
        """
        shown, _colon, word = kept.partition(":")
        try:
            raw = base64.urlsafe_b64decode(word.encode())
            return self._aead.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], shown.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError("NIK tidak dapat dibuka: kuncinya lain, atau isinya berubah") from error

    def digest(self, nik: str) -> str:
        """Return by what a NIK is found again; worthless without the key."""
        return self._keyed(b"nik " + nik.encode())

    def name_digest(self, nik: str, name: str) -> str:
        """Return by what a name is compared; bound to the NIK, so that equal names do not look equal."""
        return self._keyed(b"name " + nik.encode() + b" " + plain_name(name).encode())

    def _keyed(self, what: bytes) -> str:
        return hmac.new(self._compare_key, what, hashlib.sha256).hexdigest()


def plain_name(name: str) -> str:
    """Return a name as registers compare it: letters in upper case, without titles behind a comma."""
    bare = name.partition(",")[0].upper()
    return " ".join("".join(each if each.isalpha() else " " for each in bare).split())


def load_or_make_box(path: Path) -> NikBox:
    """Return the box of the hub's key; write a random key there if there is no such file.

    Raises:
        ConfigError: the file cannot be read or written, or is no key.
    """
    return NikBox(load_or_make_key(path, setting="nik_key"))


def _derived(key: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use).derive(key)
