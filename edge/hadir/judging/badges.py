"""Whether a badge can be used at all, and what is remembered of its use. Pure."""

from edge.clock import Stamp
from edge.hadir import messages
from edge.hadir.judging.memory import Use
from edge.hadir.judging.roster import Roster
from edge.hadir.messages import Message
from edge.wire.hadir.codes import BadgeCode
from edge.wire.records.bodies import ClockQuality, HadirScan


def objection(code: BadgeCode, now: Stamp, roster: Roster) -> Message | None:
    """Return why a badge cannot be used at all."""
    key = roster.badge_keys.get(code.hub_key)
    if key is None or not code.is_signed_by(key):
        return messages.not_genuine()
    if (code.person, code.serial) in roster.revoked_badges:
        return messages.revoked()
    is_dated = now.quality is not ClockQuality.UNKNOWN
    if is_dated and now.at.astimezone(messages.WIB).date() > code.valid_until:
        return messages.badge_ran_out()
    entry = roster.badge_holder(code.person)
    return messages.badge_not_allowed() if entry is None or entry.pin_hash is None else None


def badge_use(scan: HadirScan, now: Stamp) -> Use:
    """Return a use that only serves the duplicate window: a badge has no code of its own for each use."""
    at_s = int(now.at.timestamp())
    return Use(scan.person, at_s, 0, at_s, is_clock_trusted=False)
