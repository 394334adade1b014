"""A printed badge at a real door: read from the sheet's pixels, let in by PIN, refused when it must be."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from reportlab.lib.pagesizes import A4

from edge.clock import SettableClock
from edge.hadir.answers import Store, Tell
from edge.hadir.door import Door
from edge.hadir.judging.memory import MemoryUses, UsedCodes
from edge.hadir.judging.roster import advance
from edge.hadir.reading.decode import Decoder
from edge.hadir.reading.second_opinion import NoSecondOpinion
from edge.wire.hadir.codes import public_bytes_of
from edge.wire.hadir.phones import new_phone
from edge.wire.records.bodies import Assurance, ScanMethod
from hub.db import Database
from hub.hadir.roster import build_roster
from hub.people.badges import service
from hub.people.badges.pins import set_pin
from hub.people.badges.sheet import CARD_HEIGHT_MM, CARD_WIDTH_MM, corner_of, draw_sheets
from hub.people.models import Person, PhoneKey
from hub.people.staff.changes import StaffChanges
from hub.signing import HubKeys
from tests.hub.people.badges.conftest import NOW, TODAY
from tests.hub.people.badges.page_pixels import content_streams, draw_page

PIN = "4821"
DOTS_PER_POINT = 2.0


@dataclass
class Entrance:
    """A door with the roster of the hub, and what it said."""

    database: Database
    key: Ed25519PrivateKey
    clock: SettableClock = field(default_factory=lambda: SettableClock(NOW, mono_ns=10**12))
    stores: list[Store] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = Door(door="pintu", direction="both", memory=UsedCodes(MemoryUses()))
        self.renew()

    def renew(self) -> None:
        """Bring the roster of the hub, as it is now."""
        with self.database.reading() as db:
            document = build_roster(db, badge_keys=((1, public_bytes_of(self.key)),), now=self.clock.now().at)
        self.door.roster = advance(self.door.roster, document)

    def show(self, text: str) -> list[str]:
        """Hold a card up again; return the codes of what was said."""
        self.clock.advance(61)
        return self._settle(self.door.present(text, self.clock.now()))

    def type_pin(self, pin: str) -> list[str]:
        return self._settle(self.door.enter_pin(pin, self.clock.now()))

    def _settle(self, answers: list[object]) -> list[str]:
        said = []
        for answer in answers:
            if isinstance(answer, Store):
                self.stores.append(answer)
                said += self._settle([*self.door.stored(answer.ticket, is_kept=True, now=self.clock.now())])
            elif isinstance(answer, Tell):
                said.append(answer.message.code)
        return said


@pytest.fixture
def entrance(office: Database) -> Entrance:
    with office.writing() as db:
        set_pin(db, person=101, pin=PIN, actor="test", now=NOW)
    return Entrance(office, Ed25519PrivateKey.generate())


def badge_text(entrance: Entrance, person: int, until: date = TODAY + timedelta(days=700)) -> str:
    """Issue a badge, print the sheet, and read the card from its pixels as a door would."""
    with entrance.database.writing() as db:
        badges = service.issue_badges(
            db, persons=[person], valid_until=until, hub_key=1, today=TODAY, actor="dewi", now=NOW
        )
        file = io.BytesIO()
        draw_sheets(file, service.printed(db, badges, HubKeys(entrance.key)), city="Kota Pontianak")
    page = draw_page(content_streams(file.getvalue())[0], dots_per_point=DOTS_PER_POINT)
    left, bottom = (round(side * DOTS_PER_POINT) for side in corner_of(0))
    width, height = (round(side / 25.4 * 72 * DOTS_PER_POINT) for side in (CARD_WIDTH_MM, CARD_HEIGHT_MM))
    lowest = round(A4[1] * DOTS_PER_POINT) - bottom
    card = page[lowest - height : lowest, left : left + width]
    decoder = Decoder(second_opinion=NoSecondOpinion(), elapsed_s=lambda: 0.0)
    (text,) = decoder.read(card.copy(), 0.0).texts
    return text


def test_a_printed_badge_is_read_and_let_in_by_pin_as_weak_proof(entrance: Entrance) -> None:
    text = badge_text(entrance, 101)
    entrance.renew()
    assert entrance.show(text) == ["E08"]
    assert entrance.type_pin(PIN) == ["H00"]
    (store,) = entrance.stores
    assert (store.scan.person, store.scan.method, store.scan.assurance) == (
        101,
        ScanMethod.BADGE,
        Assurance.WEAK,
    )


def test_five_wrong_pins_close_the_badge_for_ten_minutes(entrance: Entrance) -> None:
    text = badge_text(entrance, 101)
    entrance.renew()
    for _ in range(5):
        assert entrance.show(text) == ["E08"]
        assert entrance.type_pin("9999") == ["E08"]
    assert entrance.show(text) == ["E08"]
    assert entrance.type_pin(PIN) == [], "nobody was asked, so nothing is answered"
    assert entrance.stores == []
    entrance.clock.advance(600)
    assert entrance.show(text) == ["E08"]
    assert entrance.type_pin(PIN) == ["H00"]


def test_a_revoked_badge_is_refused_once_the_door_has_the_next_roster(entrance: Entrance) -> None:
    text = badge_text(entrance, 101)
    entrance.renew()
    with entrance.database.writing() as db:
        service.revoke_badge(db, person=101, serial=1, reason="hilang", actor="dewi", now=NOW)
    entrance.clock.advance(1)
    entrance.renew()
    assert entrance.show(text) == ["E05"]


def test_a_badge_is_refused_from_the_day_after_its_last_one(entrance: Entrance) -> None:
    text = badge_text(entrance, 101, until=TODAY)
    entrance.renew()
    assert entrance.show(text) == ["E08"]
    # 03.14 UTC is 10.14 in Pontianak: fourteen hours on it is the next day there.
    entrance.clock.advance(14 * 3600)
    assert entrance.show(text) == ["E05"]


@pytest.mark.parametrize("change", [{"may_use_badge": False}, {"is_active": False}])
def test_who_may_use_no_badge_any_more_or_left_at_noon_is_refused(
    entrance: Entrance, change: dict[str, bool]
) -> None:
    text = badge_text(entrance, 101)
    entrance.renew()
    assert entrance.show(text) == ["E08"]
    with entrance.database.writing() as db:
        person = db.get_one(Person, 101)
        for name, value in change.items():
            setattr(person, name, value)
        person.changed_at = moved(NOW)
    entrance.clock.advance(5)
    entrance.renew()
    assert entrance.show(text) == ["E04"]
    assert entrance.stores == []


def test_a_badge_without_a_pin_opens_nothing(entrance: Entrance) -> None:
    text = badge_text(entrance, 102)
    entrance.renew()
    assert entrance.show(text) == ["E04"]


def moved(at: datetime) -> datetime:
    return at + timedelta(seconds=1)


def test_an_employee_who_leaves_in_mid_day_is_refused_and_the_morning_stays(entrance: Entrance) -> None:
    phone = new_phone(105)
    with entrance.database.writing() as db:
        key = {"person_number": 105, "slot": 0, "algorithm": "ed25519", "enrolled_at": NOW}
        db.add(PhoneKey(public_key=phone.public_key, **key))
    entrance.renew()
    assert entrance.show(phone.code(int(entrance.clock.now().at.timestamp()) + 61, 1)) == ["H00"]
    with entrance.database.writing() as db:
        noon = entrance.clock.now().at
        StaffChanges(db, actor="dewi", today=TODAY, now=noon).leave(105, last_day=TODAY)
    entrance.clock.advance(1)
    entrance.renew()
    assert entrance.show(phone.code(int(entrance.clock.now().at.timestamp()) + 61, 2)) == ["E05"]
    assert [store.scan.person for store in entrance.stores] == [105], "what was recorded stays recorded"
