"""Makes the secrets that go on slips: a one-time code for a phone, or a first PIN for a badge.

The secrets are returned once and kept nowhere; whether somebody may is for the caller to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.people.badges.pins import reset_pin
from hub.people.enrolment.codes import LIFETIME, issue_enrolment_code
from hub.people.staff.directory import StaffLine

# A slow digest is made for each while nobody else can write: two seconds at most. Whole OPDs are
# served by the command, which lets others write in between.
MAX_CODES = 200
# Digests of PINs are ten times slower: a PIN has fewer letters.
MAX_PINS = 50


@dataclass(frozen=True, slots=True)
class Handed:
    """A secret and whose it is; ``until`` is ``None`` for one that does not run out."""

    line: StaffLine
    secret: str
    until: datetime | None


def hand_out_codes(
    db: Session, lines: Sequence[StaffLine], *, actor: str, now: datetime
) -> tuple[Handed, ...]:
    """Issue a one-time code for each active employee; open ones of theirs die."""
    until = now + LIFETIME
    return tuple(
        Handed(line, issue_enrolment_code(db, line.number, actor, now), until)
        for line in lines
        if line.is_active
    )


def hand_out_pins(
    db: Session, lines: Sequence[StaffLine], *, actor: str, now: datetime
) -> tuple[Handed, ...]:
    """Make a PIN for each who may use a badge and has none; nobody's own PIN is replaced."""
    return tuple(
        Handed(line, reset_pin(db, person=line.number, actor=actor, now=now), None)
        for line in lines
        if line.is_active and line.may_use_badge and not line.has_pin
    )
