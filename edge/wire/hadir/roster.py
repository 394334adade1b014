"""Who may pass which door, as it travels: made by the hub, sealed with :mod:`edge.wire.desired`.

The one document with a display name and a PIN hash: it arrives sealed, lies sealed on the disk
of a device and is plain in memory only. Must not be logged.
"""

from datetime import timedelta
from enum import IntEnum
from typing import Annotated

import msgspec

from edge.wire.records.bodies import Count, Instant, PersonNumber

DOCUMENT = "roster"
# A roster that nobody renewed is still used, but every scan says so (reference: 30 days).
LIFETIME = timedelta(days=30)

ShortName = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
PublicKey = Annotated[bytes, msgspec.Meta(max_length=33)]
KeySlot = Annotated[int, msgspec.Meta(ge=0, le=7)]
Small = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
MinuteOfDay = Annotated[int, msgspec.Meta(ge=0, lt=1_440)]


class RosterError(ValueError):
    """A roster that cannot be used; the one at hand stays in force."""


class Standing(IntEnum):
    """Whether a phone or badge may be used."""

    ACTIVE = 1
    REVOKED = 2
    BADGE_ALLOWED = 3  # active, and the person has no phone ("tanpa ponsel")


class Entry(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One phone of one person; a person without any phone has one entry without a key.

    ``public_key`` is 32 bytes (Ed25519), 33 (P-256) or none; ``opd`` is the number of the office.
    """

    person: PersonNumber
    key_slot: KeySlot
    public_key: PublicKey
    standing: Standing
    opd: Small
    name: ShortName
    pin_hash: Annotated[bytes, msgspec.Meta(max_length=64)] | None = None


class Hours(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """When an office works on one weekday (1 = Monday); ``opd`` 0 is every other office.

    Only what a door greets with; what counts is decided by the rules at the hub.
    """

    opd: Small
    weekday: Annotated[int, msgspec.Meta(ge=1, le=7)]
    start: MinuteOfDay
    end: MinuteOfDay


class RosterDocument(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What travels. ``base`` 0 is a whole roster, else the version that this one changes.

    ``removed`` are (person, key slot), ``revoked_badges`` (person, serial); ``badge_keys`` are
    (number, 32 bytes) of the hub keys that sign badges.
    """

    version: Count
    base: Count
    issued_at: Instant
    expires_at: Instant
    badge_keys: tuple[tuple[Annotated[int, msgspec.Meta(ge=0, le=255)], PublicKey], ...]
    entries: tuple[Entry, ...]
    removed: tuple[tuple[PersonNumber, KeySlot], ...] = ()
    revoked_badges: tuple[tuple[PersonNumber, Small], ...] = ()
    hours: tuple[Hours, ...] = ()


_decoder = msgspec.msgpack.Decoder(RosterDocument)
_encoder = msgspec.msgpack.Encoder()


def encode_roster(document: RosterDocument) -> bytes:
    """Return the bytes to seal with :func:`edge.wire.desired.seal_for_device`."""
    return _encoder.encode(document)


def decode_roster(plain: bytes) -> RosterDocument:
    """Return the document in ``plain``.

    Raises:
        RosterError: the bytes are no roster.
    """
    try:
        return _decoder.decode(plain)
    except msgspec.MsgspecError as error:
        # The message of msgspec names a place, never a value: no name can slip into a log.
        raise RosterError(f"no roster: {error}") from error
