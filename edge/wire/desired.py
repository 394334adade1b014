"""Documents from the hub to one device: sealed to its key, then signed by the hub.

The hub's Ed25519 signature covers name, version, device and the sealed bytes, so that nothing
can be swapped, renamed or sent to another device. Sealing: a fresh P-256 key, ECDH with the
key of the device's certificate, HKDF-SHA256, AES-256-GCM. Whether a version is newer than the
one at hand is for the caller to say. Pure, apart from the fresh key.
"""

import base64
import struct
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from edge.wire.messages import Desired

_SIGN_DOMAIN = b"PTK-DESIRED-1\0"
_SEAL_DOMAIN = b"PTK-SEAL-1\0"
_POINT_BYTES = 33
_KEY_END = b"-----END PUBLIC KEY-----"
# The AES key is used for one message only, so a fixed nonce is safe here (as in RFC 9180).
_NONCE = bytes(12)


class DesiredError(ValueError):
    """A document that must not be used; says why."""


def seal_for_device(
    document: str,
    version: int,
    plain: bytes,
    *,
    device: str,
    device_key: ec.EllipticCurvePublicKey,
    signing_key: Ed25519PrivateKey,
) -> Desired:
    """Seal and sign a document.

    Args:
        document: What it is, as ``roster``.
        version: Rises with every change.
        plain: The bytes only the device may read.
        device: Its id, the CN of its certificate.
        device_key: Of its certificate, see :func:`device_key_of_certificate`.
        signing_key: The hub's.
    """
    label = _label(document, version, device)
    sealed = seal(plain, label, device_key)
    return Desired(
        document=document,
        version=version,
        sealed=base64.b64encode(sealed).decode(),
        signature=base64.b64encode(signing_key.sign(_SIGN_DOMAIN + label + sealed)).decode(),
    )


def open_desired(
    message: Desired,
    *,
    device: str,
    device_key: ec.EllipticCurvePrivateKey,
    hub_keys: Iterable[Ed25519PublicKey],
) -> bytes:
    """Return the document of a message for this device.

    Args:
        message: What came on ``desired``.
        device: Our own id.
        device_key: The private key of our certificate.
        hub_keys: The active one and the next, while keys change.

    Raises:
        DesiredError: none of the keys signed it, it is for another device, or damaged.
    """
    label = _label(message.document, message.version, device)
    sealed = _from_base64(message.sealed)
    signature = _from_base64(message.signature)
    signed = _SIGN_DOMAIN + label + sealed
    if not any(_is_signed(key, signature, signed) for key in hub_keys):
        raise DesiredError(f"{message.document} {message.version}: not signed by the hub for this device")
    try:
        return unseal(sealed, label, device_key)
    except (InvalidTag, ValueError) as error:
        raise DesiredError(f"{message.document} {message.version}: not sealed to this device") from error


def seal(plain: bytes, label: bytes, device_key: ec.EllipticCurvePublicKey) -> bytes:
    """Return bytes that only the owner of a key can read, bound to ``label``."""
    fresh_key = ec.generate_private_key(ec.SECP256R1())
    point = _point(fresh_key.public_key())
    key = _derive(fresh_key.exchange(ec.ECDH(), device_key), point + _point(device_key))
    return point + AESGCM(key).encrypt(_NONCE, plain, label)


def unseal(sealed: bytes, label: bytes, device_key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return what :func:`seal` was given.

    Raises:
        InvalidTag: sealed to another key, under another label, or damaged.
        ValueError: does not even begin with a point of the curve.
    """
    point, ciphertext = sealed[:_POINT_BYTES], sealed[_POINT_BYTES:]
    fresh_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key = _derive(device_key.exchange(ec.ECDH(), fresh_key), point + _point(device_key.public_key()))
    return AESGCM(key).decrypt(_NONCE, ciphertext, label)


def hub_keys_of_pem(pem: bytes) -> tuple[Ed25519PublicKey, ...]:
    """Return the keys by which the hub may sign: one, or two while they change.

    Raises:
        DesiredError: there is none, or one is no Ed25519 key.
    """
    found: list[Ed25519PublicKey] = []
    for part in pem.split(_KEY_END)[:-1]:
        try:
            key = load_pem_public_key(part + _KEY_END)
        except ValueError as error:
            raise DesiredError("a key of the hub is garbled; copy it from the hub again") from error
        if not isinstance(key, Ed25519PublicKey):
            raise DesiredError("a key of the hub is not an Ed25519 public key; copy it from the hub again")
        found.append(key)
    if not found:
        raise DesiredError("no public key of the hub; copy it from the hub again")
    return tuple(found)


def device_key_of_certificate(pem: bytes) -> ec.EllipticCurvePublicKey:
    """Return the key that documents for the owner of this certificate are sealed to.

    Raises:
        DesiredError: the certificate's key is not EC P-256.
    """
    key = x509.load_pem_x509_certificate(pem).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise DesiredError("documents are sealed to EC P-256 keys only; enrol the device again")
    return key


def _label(document: str, version: int, device: str) -> bytes:
    names = document.encode(), device.encode()
    return struct.pack(">BBQ", *map(len, names), version) + b"".join(names)


def _derive(shared: bytes, points: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_SEAL_DOMAIN + points).derive(shared)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise DesiredError("not base64") from error
