"""The signed codes that people show at a door: H1 of a phone, HB of a badge.

Byte layouts are the contract with every phone and printed badge: they never change, a new
layout gets a new prefix. Codes hold internal numbers of persons, never a NIP. Pure: no clock,
no roster; whether a genuine code is accepted is for :mod:`edge.hadir.door` to say.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.wire import base45

PHONE_PREFIX = "H1:"
BADGE_PREFIX = "HB:"
PHONE_DOMAIN = b"PTK-HADIR-1\0"
BADGE_DOMAIN = b"PTK-HADIR-BADGE-1\0"
CHALLENGE_BYTES = 3
SIGNATURE_BYTES = 64
BADGE_EPOCH = date(2024, 1, 1)

_PHONE_HEAD = struct.Struct(">BIIBH")  # type, person, issued at, bits, nonce
_BADGE_HEAD = struct.Struct(">BBIHH")  # type, hub key, person, serial, last day
_BADGE_TYPE = 0x21
_ED25519_KEY_BYTES = 32
_SLOT_BITS, _PURPOSE_SHIFT, _CORRECTED_BIT, _RESERVED_BITS = 0x07, 3, 0x20, 0xC0

PhoneSigningKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class CodeError(ValueError):
    """A text that is no code of ours, or a damaged one; ``is_ours`` tells which."""

    def __init__(self, reason: str, *, is_ours: bool) -> None:
        super().__init__(reason)
        self.is_ours = is_ours


class Algorithm(IntEnum):
    """How a phone signs; the value is the first byte of its code."""

    ED25519 = 0x11
    P256 = 0x12


class Purpose(IntEnum):
    """What the person says the scan is for; automatic unless chosen on the phone."""

    AUTOMATIC = 0
    ARRIVING = 1
    LEAVING = 2
    EVENT = 3


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """An H1 code taken apart; nothing in it is true before :meth:`is_signed_by` said so.

    ``issued_at_s`` is the phone's clock, Unix seconds; ``key_slot`` 0-7 tells the phones of a
    person apart; ``nonce`` 0-65535 makes two codes of one second different.
    """

    algorithm: Algorithm
    person: int
    issued_at_s: int
    key_slot: int
    purpose: Purpose
    is_clock_corrected: bool
    nonce: int
    signature: bytes

    @property
    def issued_at(self) -> datetime:
        """The phone's time at which the code was drawn."""
        return datetime.fromtimestamp(self.issued_at_s, UTC)

    @property
    def head(self) -> bytes:
        """The 12 bytes before the signature."""
        bits = self.key_slot | self.purpose << _PURPOSE_SHIFT | (_CORRECTED_BIT * self.is_clock_corrected)
        return _PHONE_HEAD.pack(self.algorithm, self.person, self.issued_at_s, bits, self.nonce)

    def is_signed_by(self, public_key: bytes, challenge: bytes = b"") -> bool:
        """Tell whether the phone with this key signed the code, and this challenge with it.

        Args:
            public_key: 32 bytes of Ed25519, or 33 of a compressed P-256 point.
            challenge: What the door showed, 3 bytes, or nothing.
        """
        message = PHONE_DOMAIN + self.head + challenge
        try:
            if self.algorithm is Algorithm.ED25519:
                Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, message)
            else:
                _verify_p256(public_key, self.signature, message)
        except (InvalidSignature, ValueError):  # ValueError: a key of the other algorithm
            return False
        return True


@dataclass(frozen=True, slots=True)
class BadgeCode:
    """An HB code taken apart; nothing in it is true before :meth:`is_signed_by` said so.

    ``hub_key`` 0-255 names the key of the hub that signed; ``valid_until`` is the last day.
    """

    hub_key: int
    person: int
    serial: int
    valid_until: date
    signature: bytes

    @property
    def head(self) -> bytes:
        """The 10 bytes before the signature."""
        days = (self.valid_until - BADGE_EPOCH).days
        return _BADGE_HEAD.pack(_BADGE_TYPE, self.hub_key, self.person, self.serial, days)

    def is_signed_by(self, public_key: bytes) -> bool:
        """Tell whether the hub key with these 32 bytes signed the badge."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, BADGE_DOMAIN + self.head)
        except (InvalidSignature, ValueError):
            return False
        return True


def is_signed_by_phone(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the phone with this key signed a message that is no code.

    Args:
        public_key: 32 bytes of Ed25519, or 33 of a compressed P-256 point.
        signature: 64 bytes; of ECDSA r and s.
        message: Begins with a domain of its own, so that no code can be taken for it.
    """
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        if len(public_key) == _ED25519_KEY_BYTES:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        else:
            _verify_p256(public_key, signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_as_phone(key: PhoneSigningKey, message: bytes) -> bytes:
    """Return the 64 bytes by which a phone signs a message."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(message)
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def read_code(text: str) -> PhoneCode | BadgeCode:
    """Take the text of a QR code apart.

    Raises:
        CodeError: with ``is_ours`` false for a foreign QR code, true for a damaged one of ours.
    """
    if text.startswith(PHONE_PREFIX):
        return _read_phone(_payload(text, PHONE_PREFIX, _PHONE_HEAD.size + SIGNATURE_BYTES))
    if text.startswith(BADGE_PREFIX):
        return _read_badge(_payload(text, BADGE_PREFIX, _BADGE_HEAD.size + SIGNATURE_BYTES))
    raise CodeError("no code of Hadir", is_ours=False)


def write_code(code: PhoneCode | BadgeCode) -> str:
    """Return the text for the QR code: 117 characters for a phone, 114 for a badge."""
    prefix = PHONE_PREFIX if isinstance(code, PhoneCode) else BADGE_PREFIX
    return prefix + base45.encode(code.head + code.signature)


def digest_of(code: PhoneCode) -> str:
    """Return what is recorded in place of a code, so that a second use is seen city-wide.

    Only the head counts: of an ECDSA signature a second valid form exists.
    """
    return hashlib.sha256(PHONE_DOMAIN + code.head).hexdigest()[:32]


def make_phone_code(
    key: PhoneSigningKey,
    *,
    person: int,
    issued_at_s: int,
    nonce: int,
    key_slot: int = 0,
    purpose: Purpose = Purpose.AUTOMATIC,
    is_clock_corrected: bool = True,
    challenge: bytes = b"",
) -> str:
    """Return the text a phone would draw.

    Args:
        key: The phone's own key; it never leaves the phone.
        person: Internal number, 1 to 2^32 - 1.
        issued_at_s: Unix seconds, 0 to 2^32 - 1.
        nonce: 0-65535.
        key_slot: 0-7.
        purpose: What the scan is for.
        is_clock_corrected: Whether the phone compared its clock with the hub in the last 24 h.
        challenge: What the door shows in strict mode, 3 bytes.
    """
    algorithm = Algorithm.ED25519 if isinstance(key, Ed25519PrivateKey) else Algorithm.P256
    unsigned = PhoneCode(algorithm, person, issued_at_s, key_slot, purpose, is_clock_corrected, nonce, b"")
    signature = sign_as_phone(key, PHONE_DOMAIN + unsigned.head + challenge)
    return PHONE_PREFIX + base45.encode(unsigned.head + signature)


def make_badge_code(
    key: Ed25519PrivateKey, *, hub_key: int, person: int, serial: int, valid_until: date
) -> str:
    """Return the text to print on a badge; ``hub_key`` is the number doors know ``key`` by."""
    unsigned = BadgeCode(hub_key, person, serial, valid_until, b"")
    return BADGE_PREFIX + base45.encode(unsigned.head + key.sign(BADGE_DOMAIN + unsigned.head))


def public_bytes_of(key: PhoneSigningKey) -> bytes:
    """Return the public half as the roster holds it: 32 bytes Ed25519, 33 compressed P-256."""
    if isinstance(key, Ed25519PrivateKey):
        return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _payload(text: str, prefix: str, size: int) -> bytes:
    try:
        payload = base45.decode(text.removeprefix(prefix))
    except base45.Base45Error as error:
        raise CodeError(f"damaged: {error}", is_ours=True) from error
    if len(payload) != size:
        raise CodeError(f"{len(payload)} bytes instead of {size}", is_ours=True)
    return payload


def _read_phone(payload: bytes) -> PhoneCode:
    kind, person, issued_at_s, bits, nonce = _PHONE_HEAD.unpack_from(payload)
    if kind not in tuple(Algorithm) or person == 0 or bits & _RESERVED_BITS:
        raise CodeError("fields of an H1 code that cannot be", is_ours=True)
    purpose = Purpose(bits >> _PURPOSE_SHIFT & 0x03)
    is_corrected, slot = bool(bits & _CORRECTED_BIT), bits & _SLOT_BITS
    signature = payload[_PHONE_HEAD.size :]
    return PhoneCode(Algorithm(kind), person, issued_at_s, slot, purpose, is_corrected, nonce, signature)


def _read_badge(payload: bytes) -> BadgeCode:
    kind, hub_key, person, serial, days = _BADGE_HEAD.unpack_from(payload)
    if kind != _BADGE_TYPE or person == 0:
        raise CodeError("fields of an HB code that cannot be", is_ours=True)
    last_day = BADGE_EPOCH + timedelta(days=days)
    return BadgeCode(hub_key, person, serial, last_day, payload[_BADGE_HEAD.size :])


def _verify_p256(public_key: bytes, signature: bytes, message: bytes) -> None:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
