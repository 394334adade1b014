"""The claim code: what a technician carries from the hub to a blank device, as QR code or 36 letters.

Holds a secret of 80 bits, which is never sent (a request is proven with it), and the first 80 bits
of the fingerprint of the city's root, by which the device knows the hub again. Pure.
"""

import hashlib
import hmac
from dataclasses import dataclass

# 32 characters without those that look alike on paper: 0 and O, 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SECRET_BYTES = 10
PIN_BYTES = 10
GROUP_LETTERS = 4
CODE_LETTERS = 36
_CHECK_LETTERS = 4
_ID_DOMAIN = b"PTK-CLAIM-ID-1\0"
_KEY_DOMAIN = b"PTK-CLAIM-KEY-1\0"
_CHECK_DOMAIN = b"PTK-CLAIM-CHECK-1\0"
_PROOF_DOMAIN = b"PTK-CLAIM-PROOF-1\0"


class ClaimCodeError(ValueError):
    """A text that is no claim code; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """A secret and the pin of the city's root."""

    secret: bytes
    pin: bytes

    @property
    def id(self) -> str:
        """16 hexadecimal digits that find the code at the hub and tell nothing of the secret."""
        return hashlib.sha256(_ID_DOMAIN + self.secret).hexdigest()[:16]

    @property
    def proof_key(self) -> bytes:
        """The key that both sides prove and check with; the hub keeps this instead of the code."""
        return hashlib.sha256(_KEY_DOMAIN + self.secret).digest()

    def __str__(self) -> str:
        """Return nine groups of four letters; the last one finds slips of the pen."""
        letters = _letters(self.secret + self.pin) + _check(self.secret + self.pin)
        return "-".join(letters[at : at + GROUP_LETTERS] for at in range(0, CODE_LETTERS, GROUP_LETTERS))

    def trusts(self, root_fingerprint: bytes) -> bool:
        """Return whether a root (its SHA-256 fingerprint) is the one the code was made under."""
        return hmac.compare_digest(root_fingerprint[:PIN_BYTES], self.pin)


def make_claim_code(secret: bytes, root_fingerprint: bytes) -> ClaimCode:
    """Return the code of 10 random bytes under a root.

    Args:
        secret: ``SECRET_BYTES`` random bytes.
        root_fingerprint: SHA-256 of the root's DER.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    return ClaimCode(secret, root_fingerprint[:PIN_BYTES])


def read_claim_code(text: str) -> ClaimCode:
    """Read a code as typed or scanned; case, spaces and dashes do not matter.

    Raises:
        ClaimCodeError: too short or long, a foreign letter, or mistyped.
    """
    letters = "".join(text.upper().replace("-", " ").split())
    foreign = sorted(set(letters) - set(ALPHABET))
    if foreign:
        raise ClaimCodeError(
            f"claim code: {foreign[0]!r} is no letter of a code (there is no 0, 1, I and O); type it again"
        )
    if len(letters) != CODE_LETTERS:
        raise ClaimCodeError(f"claim code: {len(letters)} letters instead of {CODE_LETTERS}; type it again")
    number = 0
    for letter in letters[:-_CHECK_LETTERS]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    content = number.to_bytes(SECRET_BYTES + PIN_BYTES)
    if letters[-_CHECK_LETTERS:] != _check(content):
        raise ClaimCodeError("claim code: a letter is mistyped; compare it with the label and type it again")
    return ClaimCode(content[:SECRET_BYTES], content[SECRET_BYTES:])


def prove(proof_key: bytes, request: bytes, nonce: str) -> str:
    """Return the proof that whoever made ``request`` holds the code: 64 hexadecimal digits.

    Args:
        proof_key: Of the code.
        request: The certificate request, PEM.
        nonce: Fresh for each try.
    """
    return hmac.new(proof_key, _PROOF_DOMAIN + nonce.encode() + b"\0" + request, hashlib.sha256).hexdigest()


def is_proven(proof_key: bytes, request: bytes, nonce: str, proof: str) -> bool:
    """Return whether a proof is right, in constant time."""
    return hmac.compare_digest(prove(proof_key, request, nonce), proof)


def _letters(content: bytes) -> str:
    """Return five bits a letter; ``content`` is a multiple of five bytes."""
    number = int.from_bytes(content)
    count = len(content) * 8 // 5
    return "".join(ALPHABET[number >> 5 * (count - 1 - place) & 31] for place in range(count))


def _check(content: bytes) -> str:
    return _letters(hashlib.sha256(_CHECK_DOMAIN + content).digest()[:5])[:_CHECK_LETTERS]
