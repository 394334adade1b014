"""Builds the record of an accepted code: how strong the proof is, and what is odd about it. Pure."""

import hashlib
from datetime import datetime

from edge.clock import Stamp
from edge.wire.hadir.codes import BADGE_DOMAIN, BadgeCode, PhoneCode, Purpose, digest_of
from edge.wire.records.bodies import Assurance, ClockQuality, HadirScan, ScanFlag, ScanMethod

_FLAG_OF_PURPOSE = {
    Purpose.ARRIVING: ScanFlag.PURPOSE_ARRIVING,
    Purpose.LEAVING: ScanFlag.PURPOSE_LEAVING,
    Purpose.EVENT: ScanFlag.PURPOSE_EVENT,
}
_FLAG_OF_CLOCK = {
    ClockQuality.HELD: ScanFlag.CLOCK_HELD,
    ClockQuality.UNKNOWN: ScanFlag.CLOCK_UNKNOWN,
}


def phone_scan(
    code: PhoneCode, now: Stamp, *, door: str, roster_version: int, is_stale: bool, is_challenged: bool
) -> HadirScan:
    """Return the record of an H1 code.

    Args:
        code: Genuine and fresh.
        now: When it was read, with the quality believed.
        door: Where.
        roster_version: What it was checked against.
        is_stale: Whether that roster has run out.
        is_challenged: Whether the phone signed the figures on the screen.
    """
    is_strong = now.quality is ClockQuality.SYNCED and not is_stale
    odd = (
        _FLAG_OF_PURPOSE.get(code.purpose),
        None if code.is_clock_corrected else ScanFlag.PHONE_CLOCK_UNCORRECTED,
        ScanFlag.CHALLENGE_MET if is_challenged else None,
    )
    return HadirScan(
        door=door,
        person=code.person,
        method=ScanMethod.PHONE,
        assurance=Assurance.STRONG if is_strong else Assurance.MEDIUM,
        issued_at=code.issued_at,
        token=digest_of(code),
        roster_version=roster_version,
        flags=_flags(now, is_stale) + tuple(flag for flag in odd if flag),
    )


def badge_scan(
    code: BadgeCode, now: Stamp, *, door: str, roster_version: int, is_stale: bool, is_witnessed: bool = False
) -> HadirScan:
    """Return the record of an HB code; its time tells its uses apart.

    Args:
        code: Genuine, of somebody who may use a badge.
        now: When the PIN was right, or the guard said yes.
        door: Where.
        roster_version: What it was checked against.
        is_stale: Whether that roster has run out.
        is_witnessed: Whether a guard vouched for the person in place of the PIN.
    """
    witnessed = (ScanFlag.WITNESSED,) if is_witnessed else ()
    return HadirScan(
        door=door,
        person=code.person,
        method=ScanMethod.BADGE,
        assurance=Assurance.WEAK,
        issued_at=now.at,
        token=_badge_digest(code, now.at),
        roster_version=roster_version,
        flags=_flags(now, is_stale) + witnessed,
    )


def _flags(now: Stamp, is_stale: bool) -> tuple[str, ...]:
    clock = _FLAG_OF_CLOCK.get(now.quality)
    flags = (clock, ScanFlag.ROSTER_STALE if is_stale else None)
    return tuple(flag for flag in flags if flag)


def _badge_digest(code: BadgeCode, at: datetime) -> str:
    return hashlib.sha256(BADGE_DOMAIN + code.head + at.isoformat().encode()).hexdigest()[:32]
