"""Who may pass which door: the list a door checks codes against, decided by the hub.

The one place on the edge with a display name and a PIN hash: it arrives sealed, lies sealed on
the disk and is plain in memory only. Must not log what it holds. Pure: bytes in, answers out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Annotated

import msgspec

from edge.wire.bodies import Count, Instant, PersonNumber

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


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that answers quickly."""

    version: int
    issued_at: datetime
    expires_at: datetime
    badge_keys: dict[int, bytes]
    entries: dict[tuple[int, int], Entry]
    revoked_badges: frozenset[tuple[int, int]]
    hours: dict[tuple[int, int], Hours]
    badge_holders: dict[int, Entry]

    def entry_of(self, person: int, key_slot: int) -> Entry | None:
        """Return the entry of one phone."""
        return self.entries.get((person, key_slot))

    def badge_holder(self, person: int) -> Entry | None:
        """Return the entry of a person who may use a badge."""
        return self.badge_holders.get(person)

    def hours_of(self, opd: int, weekday: int) -> Hours | None:
        """Return the hours of an office on a weekday (1 = Monday)."""
        return self.hours.get((opd, weekday)) or self.hours.get((0, weekday))

    def age_days(self, now: datetime) -> int:
        """Return how many whole days ago the hub made this roster; 0 for one from the future."""
        return max(0, (now - self.issued_at).days)

    def is_stale(self, now: datetime) -> bool:
        """Tell whether scans must be flagged because the roster ran out."""
        return now >= self.expires_at


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


def advance(current: Roster | None, document: RosterDocument) -> Roster:
    """Return the roster after ``document``, a whole one or a change.

    Raises:
        RosterError: older than what is at hand, or a change to a version we do not have.
    """
    have = current.version if current else 0
    if document.version < have:
        raise RosterError(f"version {document.version} is older than {have}")
    if document.base == 0:
        return _indexed(document, {}, frozenset())
    if current is None or document.base != have:
        raise RosterError(f"changes version {document.base}, but {have} is at hand; send a whole one")
    kept = {key: entry for key, entry in current.entries.items() if key not in set(document.removed)}
    return _indexed(document, kept, current.revoked_badges)


def _indexed(
    document: RosterDocument, kept: dict[tuple[int, int], Entry], revoked: frozenset[tuple[int, int]]
) -> Roster:
    entries = kept | {(entry.person, entry.key_slot): entry for entry in document.entries}
    return Roster(
        version=document.version,
        issued_at=document.issued_at,
        expires_at=document.expires_at,
        badge_keys=dict(document.badge_keys),
        entries=entries,
        revoked_badges=revoked | set(document.revoked_badges),
        hours={(hours.opd, hours.weekday): hours for hours in document.hours},
        badge_holders=_badge_holders(entries.values()),
    )


def _badge_holders(entries: Iterable[Entry]) -> dict[int, Entry]:
    return {entry.person: entry for entry in entries if entry.standing is Standing.BADGE_ALLOWED}
