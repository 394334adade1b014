"""Keys and certificates on the disk: never half written, private ones readable by their owner only.

Must not know what a certificate is for; that is ``ca.py`` and ``enrol.py``.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from provisioning.errors import ProvisioningError

PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o644
PRIVATE_FOLDER_MODE = 0o700


def write_file(path: Path, content: bytes, *, mode: int = PUBLIC_MODE) -> None:
    """Write a file whole or not at all, with its mode from its first moment on.

    Raises:
        ProvisioningError: the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise ProvisioningError(f"{path} cannot be written: {error.strerror}") from error


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER_MODE)
    return path


def write_private_key(path: Path, key: PrivateKeyTypes) -> None:
    """Write a private key as unencrypted PKCS8, for its owner only."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_file(path, pem, mode=PRIVATE_MODE)


def public_key_pem(key: PublicKeyTypes) -> bytes:
    """Return the SubjectPublicKeyInfo PEM of a public key."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def read_ec_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read an EC private key.

    Raises:
        ProvisioningError: it is missing, garbled or of another kind.
    """
    key = _read_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError(f"{path} is no EC key; remove it and a new one is made")
    return key


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 private key.

    Raises:
        ProvisioningError: it is missing, garbled or of another kind.
    """
    key = _read_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise ProvisioningError(f"{path} is no Ed25519 key; remove it and a new one is made")
    return key


def _read_key(path: Path) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ProvisioningError(f"{path} cannot be read as a private key: {error}") from error


def ensure_ec_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key in ``path``, made now if there is none."""
    if not path.exists():
        write_private_key(path, ec.generate_private_key(ec.SECP256R1()))
    return read_ec_key(path)


def ensure_signing_key(private_path: Path, public_path: Path) -> None:
    """Make sure of an Ed25519 pair: the key itself, and its public half for those who verify.

    While the hub changes keys its file holds two, which are left alone.
    """
    if not private_path.exists():
        write_private_key(private_path, Ed25519PrivateKey.generate())
    own = public_key_pem(read_signing_key(private_path).public_key())
    if not public_path.exists() or own not in public_path.read_bytes():
        write_file(public_path, own)
