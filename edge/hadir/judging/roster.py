"""The roster as a door uses it: quick answers about phones, badges and hours.

The documents it is made of are in :mod:`edge.wire.hadir.roster`. Must not log what it holds. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from edge.wire.hadir.roster import (
    DOCUMENT,
    Entry,
    Hours,
    RosterDocument,
    RosterError,
    Standing,
    decode_roster,
)

__all__ = ["DOCUMENT", "Roster", "RosterDocument", "RosterError", "advance", "decode_roster"]


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
