"""A door with people, phones and badges, and a clock that the test moves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import SettableClock
from edge.hadir.answers import Answer, Store, Tell
from edge.hadir.door import Door
from edge.hadir.judging.challenge import Challenges
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.hadir.messages import Message
from edge.wire.hadir.codes import Purpose, make_badge_code, make_phone_code
from edge.wire.hadir.phones import SimulatedPhone, new_phone
from edge.wire.hadir.pin import hash_pin
from edge.wire.hadir.roster import LIFETIME, Entry, Hours, RosterDocument, Standing
from edge.wire.records.bodies import ClockQuality

# Monday, 07.14 in Pontianak.
MORNING = datetime(2026, 11, 23, 0, 14, tzinfo=UTC)
BADGE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PHONES = {person: new_phone(person, is_p256=person % 2 == 0) for person in range(1001, 1021)}
BADGE_PERSON, REVOKED_PERSON, STRANGER = 2001, 1019, 1020
PIN = "4821"
PIN_HASH = hash_pin(PIN, bytes(16))


def whole_roster(version: int = 5, issued_at: datetime = MORNING - timedelta(hours=1)) -> RosterDocument:
    """Everybody of ``PHONES`` but the stranger; one revoked; one with a badge."""
    phones = [
        Entry(
            person,
            0,
            phone.public_key,
            Standing.REVOKED if person == REVOKED_PERSON else Standing.ACTIVE,
            12,
            f"Budi {person}",
        )
        for person, phone in PHONES.items()
        if person != STRANGER
    ]
    badge = Entry(BADGE_PERSON, 0, b"", Standing.BADGE_ALLOWED, 12, "Sri W", PIN_HASH)
    return RosterDocument(
        version=version,
        base=0,
        issued_at=issued_at,
        expires_at=issued_at + LIFETIME,
        badge_keys=((1, BADGE_KEY.public_key().public_bytes_raw()),),
        entries=(*phones, badge),
        revoked_badges=((BADGE_PERSON, 9),),
        # PermenPANRB 6/2018: Monday to Thursday 07.30-16.00.
        hours=(Hours(0, 1, 450, 960),),
    )


class Entrance:
    """A door, its clock, and what it said."""

    def __init__(self, *, is_strict: bool = False, direction: str = "both") -> None:
        self.clock = SettableClock(MORNING, mono_ns=1_000_000_000_000)
        self.uses = MemoryUses()
        figures = iter(range(100, 1_000, 7))
        self.door = Door(
            door="pintu-1",
            direction=direction,
            memory=UsedCodes(self.uses),
            challenges=Challenges(lambda below: next(figures)) if is_strict else None,
            roster=advance(None, whole_roster()),
        )
        self.stores: list[Store] = []
        self._nonce = 0

    @property
    def now_s(self) -> int:
        return int(self.clock.now().at.timestamp())

    def code(
        self, person: int, off_s: int = 0, challenge: str = "", purpose: Purpose = Purpose.AUTOMATIC
    ) -> str:
        """Return what the phone of a person shows; its clock is ``off_s`` ahead of the door's."""
        self._nonce += 1
        return make_phone_code(
            PHONES[person].signing_key,
            person=person,
            issued_at_s=max(0, self.now_s + off_s),
            nonce=self._nonce,
            challenge=challenge.encode(),
            purpose=purpose,
        )

    def badge(self, serial: int = 1, valid_until: date = date(2028, 1, 1), person: int = BADGE_PERSON) -> str:
        return make_badge_code(BADGE_KEY, hub_key=1, person=person, serial=serial, valid_until=valid_until)

    def show(self, text: str, *, is_kept: bool = True) -> list[Message]:
        """Show a text, let the outbox answer at once, and return what the door says."""
        return self.settle(self.door.present(text, self.clock.now()), is_kept=is_kept)

    def settle(self, answers: Sequence[Answer], *, is_kept: bool = True) -> list[Message]:
        said = []
        for answer in answers:
            if isinstance(answer, Store):
                self.stores.append(answer)
                stored = self.door.stored(answer.ticket, is_kept=is_kept, now=self.clock.now())
                said += self.settle(stored)
            elif isinstance(answer, Tell):
                said.append(answer.message)
        return said

    def codes_said(self, text: str, *, is_kept: bool = True) -> list[str]:
        return [message.code for message in self.show(text, is_kept=is_kept)]

    def lose_the_time(self, at: datetime = datetime(2026, 11, 21, tzinfo=UTC)) -> None:
        self.clock.set(at, ClockQuality.UNKNOWN)


@pytest.fixture
def entrance() -> Entrance:
    return Entrance()


@pytest.fixture
def strict_entrance() -> Entrance:
    return Entrance(is_strict=True)


@pytest.fixture
def phones() -> dict[int, SimulatedPhone]:
    return PHONES
