"""What a device needs to judge letters offline, and the judgement: genuine, revoked, expired, altered.

Travels sealed as ``Desired(document="letters")``. Pure: the day comes as an argument, and what a
screen says to each standing is for the screen.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.bodies import Count, Instant, Message
from edge.wire.letters import SHAPE, LetterClaim, LetterError, read_seal

# Of a :class:`LetterTrust`, as in ``Desired(document=...)``.
DOCUMENT = "letters"


class LetterStanding(StrEnum):
    """What is known of a letter; the values stand in addresses and files."""

    GENUINE = "asli"
    REVOKED = "dicabut"
    EXPIRED = "kedaluwarsa"
    ALTERED = "berubah"
    UNKNOWN = "tidak-dikenal"


class LetterTrust(Message, frozen=True):
    """What a device needs to judge letters offline; travels sealed like every document.

    ``addresses`` begin the seals of this city, ``keys`` are (number, 32 bytes) of the hub, former
    ones included; ``revoked`` are the codes of letters that would be good if nobody had revoked them.
    """

    version: Count
    issued_at: Instant
    addresses: tuple[str, ...]
    keys: tuple[tuple[Annotated[int, msgspec.Meta(ge=1, le=255)], bytes], ...]
    revoked: tuple[str, ...] = ()


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
    public_key = dict(trust.keys).get(seal.claim.key_number)
    if public_key is None:
        return Judged(LetterStanding.UNKNOWN)
    if not seal.is_signed_by(public_key):
        return Judged(LetterStanding.ALTERED)
    return Judged(_standing(seal.claim, frozenset(trust.revoked), today), seal.claim)


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
