"""What a device needs to judge letters offline, and the judgement: genuine, revoked, expired, altered …

Travels sealed as ``Desired(document="letters")``. Pure: the day comes as an argument, and what a
screen says to each standing is for the screen.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.papers.seal import SHAPE, LetterClaim, LetterError, read_seal
from edge.wire.records.bodies import Count, Instant, Message

# Of a :class:`LetterTrust`, as in ``Desired(document=...)``.
DOCUMENT = "letters"
# Of a seal, to be found again in the list of a key that ended: 64 bits that a thief would have to meet.
SEAL_DIGEST_BYTES = 8


class LetterStanding(StrEnum):
    """What is known of a letter; the values stand in addresses and files."""

    GENUINE = "asli"
    REVOKED = "dicabut"
    EXPIRED = "kedaluwarsa"
    ALTERED = "berubah"
    UNKNOWN = "tidak-dikenal"
    # Sealed with a key that may be in other hands, and not among what the archive had before.
    DISTRUSTED = "kunci-dicabut"


KeyNumber = Annotated[int, msgspec.Meta(ge=1, le=255)]


class EndedKey(Message, frozen=True):
    """A key that is trusted no longer, as it was stolen: a date in a seal proves nothing any more.

    ``kept`` are the digests (:func:`seal_digest`) of the letters that the archive had before, one
    after the other: these stay good.
    """

    number: KeyNumber
    key: bytes
    ended_at: Instant
    kept: bytes = b""

    def has_kept(self, text: str) -> bool:
        """Tell whether the archive had the letter with this seal before the key ended."""
        digest, size = seal_digest(text), SEAL_DIGEST_BYTES
        return any(self.kept[place : place + size] == digest for place in range(0, len(self.kept), size))


class LetterTrust(Message, frozen=True):
    """What a device needs to judge letters offline; travels sealed like every document.

    ``addresses`` begin the seals of this city, ``keys`` are (number, 32 bytes) of the hub, former
    ones included; ``revoked`` are the codes of letters that would be good if nobody had revoked them;
    ``ended`` are the keys that are trusted no longer.
    """

    version: Count
    issued_at: Instant
    addresses: tuple[str, ...]
    keys: tuple[tuple[KeyNumber, bytes], ...]
    revoked: tuple[str, ...] = ()
    ended: tuple[EndedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A standing, and the facts where the signature says that they are the hub's."""

    standing: LetterStanding
    claim: LetterClaim | None = None


def judge(text: str, trust: LetterTrust, *, today: date | None) -> Judged:
    """Return what is known of the letter with this QR code.

    Args:
        text: As it was read.
        trust: Keys and revocations at hand.
        today: In the city; ``None`` when nobody knows, and then nothing is expired.
    """
    found = SHAPE.match(text)
    if found is None or found[1] not in trust.addresses:
        damaged = found is None and any(text.startswith(address) for address in trust.addresses)
        return Judged(LetterStanding.ALTERED if damaged else LetterStanding.UNKNOWN)
    try:
        seal = read_seal(text)
    except LetterError:
        return Judged(LetterStanding.ALTERED)
    ended = next((one for one in trust.ended if one.number == seal.claim.key_number), None)
    public_key = dict(trust.keys).get(seal.claim.key_number) if ended is None else ended.key
    if public_key is None:
        return Judged(LetterStanding.UNKNOWN)
    if not seal.is_signed_by(public_key):
        return Judged(LetterStanding.ALTERED)
    if ended is not None and not ended.has_kept(text):
        return Judged(LetterStanding.DISTRUSTED)
    return Judged(_standing(seal.claim, frozenset(trust.revoked), today), seal.claim)


def seal_digest(text: str) -> bytes:
    """Return by what a seal is found in the list of a key that ended; its address plays no part."""
    return hashlib.sha256(text.rpartition("/")[2].encode()).digest()[:SEAL_DIGEST_BYTES]


def kept_digests(seals: Iterable[str]) -> bytes:
    """Return the digests of some seals as :class:`EndedKey` holds them."""
    return b"".join(map(seal_digest, seals))


def encode_trust(trust: LetterTrust) -> bytes:
    """Return the bytes to seal with :func:`edge.wire.desired.seal_for_device`."""
    return msgspec.json.encode(trust)


def decode_trust(plain: bytes) -> LetterTrust:
    """Return the document in ``plain``.

    Raises:
        LetterError: the bytes are none.
    """
    try:
        return msgspec.json.decode(plain, type=LetterTrust)
    except msgspec.MsgspecError as error:
        raise LetterError(f"no list of letters: {error}") from error


def _standing(claim: LetterClaim, revoked: frozenset[str], today: date | None) -> LetterStanding:
    if claim.code in revoked:
        return LetterStanding.REVOKED
    if today is not None and claim.last_day is not None and today > claim.last_day:
        return LetterStanding.EXPIRED
    return LetterStanding.GENUINE
