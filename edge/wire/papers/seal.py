"""The seal of a letter: what stands in the QR code on the paper, checked without a network.

``HTTPS://HUB/V/`` and base32 of a signed claim: a phone opens the page, a door reads the same code
with the hub's public keys and the list of revoked letters. Upper case keeps the QR code
alphanumeric; base45 would be 6 % shorter, but its blank, % and / do not survive an address. The
layout never changes, a new one gets a new first byte. Holds no NIK and no full name. Pure: whether
a genuine letter is still good is for :mod:`edge.wire.papers.trust` to say.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"PTK-LETTER-1\0"
EPOCH = date(2024, 1, 1)
BODY_HASH_BYTES = 10
MAX_KIND, MAX_NUMBER, MAX_HOLDER = 40, 60, 24

_TYPE = 0x31
_SIGNATURE_BYTES = 64
_CODE_BYTES = 5
# type, hub key, code, kelurahan, issued, last day, body hash, end of the NIK
_HEAD = struct.Struct(">BB5s5sHH10sH")
_FOR_EVER = 0xFFFF
_NO_NIK = 0xFFFF
SHAPE = re.compile(r"\A(HTTPS?://[0-9A-Z.:-]{1,100}/V/)([A-Z2-7]{80,400})\Z")
_LOOKS_LIKE = re.compile(r"\Ahttps?://[^/\s]{1,200}/v/", re.IGNORECASE)


class LetterError(ValueError):
    """A text that is no seal, or facts that no seal can hold."""


@dataclass(frozen=True, slots=True)
class LetterClaim:
    """What a seal says of a letter.

    ``code`` 8 letters of base32, also typed by hand; ``kelurahan`` as ``61.71.04.1004`` or empty;
    ``last_day`` the last on which it is good, ``None`` for ever; ``body_hash`` the first 80 bits of
    SHA-256 over the words of the letter; ``holder`` masked; ``nik_tail`` four digits or empty.
    """

    key_number: int
    code: str
    kind: str
    number: str
    kelurahan: str
    issued_on: date
    last_day: date | None
    body_hash: bytes
    holder: str
    nik_tail: str

    @property
    def packed(self) -> bytes:
        """The bytes that are signed.

        Raises:
            LetterError: a field that does not fit.
        """
        try:
            head = _HEAD.pack(
                _TYPE,
                self.key_number,
                _bytes_of_code(self.code),
                int(self.kelurahan.replace(".", "") or 0).to_bytes(5),
                _days(self.issued_on),
                _FOR_EVER if self.last_day is None else _days(self.last_day),
                self.body_hash.ljust(BODY_HASH_BYTES, b"\0"),
                int(self.nik_tail) if self.nik_tail else _NO_NIK,
            )
        except (struct.error, OverflowError, ValueError) as error:
            raise LetterError(f"a letter's facts do not fit into a seal: {error}") from error
        texts = ((self.kind, MAX_KIND), (self.number, MAX_NUMBER), (self.holder, MAX_HOLDER))
        return head + b"".join(_text_bytes(text, most) for text, most in texts)


@dataclass(frozen=True, slots=True)
class LetterSeal:
    """A seal taken apart; nothing in it is true before :meth:`is_signed_by` said so."""

    address: str
    claim: LetterClaim
    signature: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Tell whether the hub key with these 32 bytes signed the claim."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(self.signature, DOMAIN + self.claim.packed)
        except (InvalidSignature, ValueError):
            return False
        return True


def looks_like_letter(text: str) -> bool:
    """Tell whether a QR code wants to be a letter of some hub, genuine or not."""
    return _LOOKS_LIKE.match(text) is not None


def seal_letter(key: Ed25519PrivateKey, claim: LetterClaim, *, address: str) -> str:
    """Return the text of the QR code.

    Args:
        key: The hub's; devices know it by ``claim.key_number``.
        claim: The facts.
        address: As ``HTTPS://PONTIVE.EXAMPLE.ID/V/``.

    Raises:
        LetterError: a fact does not fit, or the address is of another form.
    """
    packed = claim.packed
    text = address + _base32(packed + key.sign(DOMAIN + packed))
    if read_seal(text).claim != claim:
        raise LetterError("a letter's facts do not come out of a seal as they went in")
    return text


def read_seal(text: str) -> LetterSeal:
    """Take the text of a QR code apart.

    Raises:
        LetterError: no seal, or a damaged one.
    """
    found = SHAPE.match(text)
    if found is None:
        raise LetterError("no seal of a letter")
    payload = _payload(found[2])
    packed, signature = payload[:-_SIGNATURE_BYTES], payload[-_SIGNATURE_BYTES:]
    try:
        claim = _claim(packed)
    except (struct.error, UnicodeDecodeError, OverflowError) as error:
        raise LetterError(f"a damaged seal: {error}") from error
    if claim.packed != packed:
        raise LetterError("a damaged seal")
    return LetterSeal(found[1], claim, signature)


def masked_name(name: str) -> str:
    """Return a name as a seal holds it: ``SI** RA**``, four words at most, plain letters only."""
    plain = name.upper().encode("ascii", "ignore").decode()
    words = ["".join(letter for letter in word if letter.isalnum()) for word in plain.split()]
    shown = [f"{word[: 2 if len(word) > 3 else 1]}**" for word in words if word]
    return " ".join(shown[:4])


def code_of(random_bytes: bytes) -> str:
    """Return the code of a new letter from 5 random bytes."""
    return _base32(random_bytes[:_CODE_BYTES])


def _claim(packed: bytes) -> LetterClaim:
    kind, key, code, kelurahan, issued, last, body_hash, nik = _HEAD.unpack_from(packed)
    if kind != _TYPE:
        raise LetterError("a seal of another kind")
    texts = _texts(packed[_HEAD.size :])
    digits = f"{int.from_bytes(kelurahan):010d}"
    return LetterClaim(
        key_number=key,
        code=_base32(code),
        kind=texts[0],
        number=texts[1],
        kelurahan="" if not int(digits) else f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}",
        issued_on=EPOCH + timedelta(days=issued),
        last_day=None if last == _FOR_EVER else EPOCH + timedelta(days=last),
        body_hash=body_hash,
        holder=texts[2],
        nik_tail="" if nik == _NO_NIK else f"{nik:04d}",
    )


def _texts(packed: bytes) -> list[str]:
    texts, place = [], 0
    for _ in range(3):
        length = packed[place] if place < len(packed) else 0
        texts.append(packed[place + 1 : place + 1 + length].decode())
        place += 1 + length
    return texts


def _text_bytes(text: str, most: int) -> bytes:
    encoded = text.encode()
    if len(encoded) > most or not text.isprintable():
        raise LetterError(f"{text!r} does not fit into a seal: at most {most} bytes of printable text")
    return bytes([len(encoded)]) + encoded


def _bytes_of_code(code: str) -> bytes:
    decoded = base64.b32decode(code)
    if len(decoded) != _CODE_BYTES:
        raise LetterError(f"{code!r} is no code of a letter: 8 letters of A-Z and 2-7")
    return decoded


def _days(day: date) -> int:
    return (day - EPOCH).days


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _payload(text: str) -> bytes:
    try:
        payload = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise LetterError("a damaged seal") from error
    # The last bits of base32 may carry nothing: exactly one text exists for any bytes.
    if _base32(payload) != text or len(payload) < _HEAD.size + _SIGNATURE_BYTES:
        raise LetterError("a damaged seal")
    return payload
