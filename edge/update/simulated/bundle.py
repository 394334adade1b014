"""Bundles of the simulated machine: facts, a signature of them, and a payload they vouch for.

Stands for RAUC's; must never be taken by a real machine.
"""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from edge.errors import ConfigError
from edge.update.port import BundleError, BundleFacts

_MAGIC = b"PTK-SIM-BUNDLE-1\0"
_MOST_HEADER_BYTES = 4096


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed. ``starts``: whether the release comes up at all, for simulations of bad ones."""

    board: str
    number: Annotated[int, msgspec.Meta(ge=1)]
    name: str
    payload_sha256: str
    starts: bool = True


def pack(
    path: Path, *, facts: BundleFacts, key: Ed25519PrivateKey, payload: bytes, starts: bool = True
) -> None:
    """Write a bundle.

    Args:
        path: The new file.
        facts: What it says of itself.
        key: The city's firmware key, or the recovery key.
        payload: The software.
        starts: Whether it comes up.
    """
    digest = hashlib.sha256(payload).hexdigest()
    signed = msgspec.json.encode(Facts(facts.board, facts.number, facts.name, digest, starts))
    signature = base64.b64encode(key.sign(_MAGIC + signed))
    path.write_bytes(_MAGIC + signed + b"\n" + signature + b"\n" + payload)


def unpack(path: Path, keys: Iterable[Ed25519PublicKey]) -> tuple[Facts, bytes]:
    """Return what a bundle says of itself, and its payload, unread.

    Raises:
        BundleError: it is none, or none of the keys signed it.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
            signed = file.readline(_MOST_HEADER_BYTES).rstrip(b"\n")
            signature = base64.b64decode(file.readline(_MOST_HEADER_BYTES))
            payload = file.read()
        facts = msgspec.json.decode(signed, type=Facts)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise BundleError(f"bukan bundel ({error})") from error
    if magic != _MAGIC or not any(_is_signed(key, signature, _MAGIC + signed) for key in keys):
        raise BundleError("tidak ditandatangani kunci firmware kota")
    return facts, payload


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a PEM file.

    Raises:
        ConfigError: there is none.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{path}: no private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{path}: no Ed25519 key")
    return key


def read_public_keys(folder: Path) -> list[Ed25519PublicKey]:
    """Return the keys ``*.pem`` of a folder: the firmware key, and the recovery key beside it.

    Raises:
        BundleError: one of them cannot be used.
    """
    keys = []
    for path in sorted(folder.glob("*.pem")):
        try:
            key = load_pem_public_key(path.read_bytes())
        except (OSError, ValueError) as error:
            raise BundleError(f"kunci firmware {path.name} tidak terbaca") from error
        if isinstance(key, Ed25519PublicKey):
            keys.append(key)
    return keys


def _is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
