"""``POST /hadir/hs``: what a phone that scanned an office's code is told, and what is kept of it."""

import base64
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from edge.wire.hadir.codes import sign_as_phone
from edge.wire.hadir.phones import SimulatedPhone, new_phone
from edge.wire.hadir.workplace import device_key_of, make_workplace_code, scan_message, site_number_of
from hub.config import WorkplaceSettings
from hub.hadir.models import DoorScan, DoorWatermark
from hub.hadir.results.reading.watermarks import complete_until_by_site
from hub.hadir.workplace.models import POSITION_LIFE, ScanPosition
from hub.hadir.workplace.service import EPOCH, forget_positions
from hub.hadir.workplace.views import SCANS_PER_ACCOUNT
from hub.hadir.workplace.wording import already_recorded, recorded
from hub.keyfile import load_or_make_key
from hub.people.models import Account, Person, PersonAccount, PhoneKey
from hub.people.permissions import Role
from hub.places.models import Device, Site
from tests.browser.sample import scan as door_scan
from tests.hub.screens import Screens, csrf_of

ADDRESS = "HTTPS://HADIR.EXAMPLE.ID/S/"
AT_THE_HALL = {"latitude": -0.0239, "longitude": 109.3406, "accuracy_m": 12.0}
PERSON = 101


@dataclass
class Employee:
    """Somebody with a phone, signed in on it."""

    screens: Screens
    client: FlaskClient
    phone: SimulatedPhone
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = csrf_of(self.client, "/sandi")

    @property
    def now_s(self) -> int:
        return int(self.screens.clock().timestamp())

    def code(self, *, device: str = "pi-balai", site: str = "balai", at_s: int | None = None) -> str:
        key = device_key_of((self.screens.folder / "workplace.key").read_bytes(), device)
        now_s = self.now_s if at_s is None else at_s
        return make_workplace_code(key, site=site_number_of(site), now_s=now_s, address=ADDRESS)

    def body(self, code: str, *, signed_off_s: int = 0, **changes: Any) -> dict[str, Any]:
        signed_at = self.now_s + signed_off_s
        signature = sign_as_phone(self.phone.signing_key, scan_message(code, signed_at))
        return {
            "code": code,
            "signed_at": signed_at,
            "key_slot": self.phone.key_slot,
            "signature": base64.b64encode(signature).decode(),
            **AT_THE_HALL,
            **changes,
        }

    def post(self, body: Any) -> TestResponse:
        return self.client.post("/hadir/hs", json=body, headers={"X-CSRFToken": self.token})

    def scan(self, **changes: Any) -> tuple[int, str]:
        answer = self.post(self.body(self.code(), **changes))
        said = answer.get_json()
        assert set(said) == {"message", "text", "at"}
        assert datetime.fromisoformat(said["at"])
        assert said["text"]
        return answer.status_code, said["message"]

    def kept(self) -> list[DoorScan]:
        with self.screens.database.reading() as db:
            query = select(DoorScan).where(DoorScan.method == "workplace").order_by(DoorScan.at)
            return list(db.scalars(query))

    def positions(self) -> list[ScanPosition]:
        with self.screens.database.reading() as db:
            return list(db.scalars(select(ScanPosition).order_by(ScanPosition.at)))


@pytest.fixture
def office(screens: Screens) -> Screens:
    screens.city.load()
    screens.city.employ(screens.clock())
    key_path = str(screens.folder / "workplace.key")
    load_or_make_key(screens.folder / "workplace.key", setting="workplace.key")
    here = screens.app.extensions["pontive"]
    config = msgspec.structs.replace(here.config, workplace=WorkplaceSettings(key=key_path))
    screens.app.extensions["pontive"] = replace(here, config=config)
    return screens


def employee(office: Screens, person: int = PERSON, *, is_p256: bool = False) -> Employee:
    phone = new_phone(person, key_slot=2, is_p256=is_p256)
    name = f"pegawai{person}"
    client = office.signed_in(Role.EMPLOYEE, name=name)
    with office.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one()
        db.add(PersonAccount(account_id=account.id, person_number=person))
        db.add(
            PhoneKey(
                person_number=person,
                slot=2,
                algorithm="p256" if is_p256 else "ed25519",
                public_key=phone.public_key,
                enrolled_at=office.clock(),
            )
        )
    return Employee(office, client, phone)


@pytest.fixture
def budi(office: Screens) -> Employee:
    return employee(office)


@pytest.mark.parametrize("is_p256", [False, True])
def test_a_scan_at_the_office_is_recorded_as_medium(office: Screens, is_p256: bool) -> None:
    budi = employee(office, is_p256=is_p256)
    answer = budi.post(budi.body(budi.code()))
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["message"] == "H00"
    assert said["text"] == "Selamat pagi, Pegawai 101. TERCATAT 10.14 di Balai Kota Pontianak."
    (kept,) = budi.kept()
    assert (kept.person, kept.device, kept.epoch, kept.assurance) == (101, "pi-balai", EPOCH, "medium")
    assert (kept.at, kept.flags, kept.is_late) == (office.clock(), "", False)
    (position,) = budi.positions()
    assert (position.scan, position.site, position.accuracy_m, position.distance_m) == (
        kept.id, "balai", 12.0, 0,
    )  # fmt: skip


def test_no_coordinate_is_kept_anywhere(budi: Employee) -> None:
    budi.scan(latitude=-0.0241234, longitude=109.3401234)
    dump = repr(budi.screens.dump())
    assert "0241234" not in dump
    assert "3401234" not in dump


@pytest.mark.parametrize(
    ("place", "flag"),
    [
        ({"latitude": None, "longitude": None, "accuracy_m": None}, "position-none"),
        ({"accuracy_m": 1_500.0}, "position-coarse"),
        ({"accuracy_m": 0.0}, "position-doubtful"),
        ({"accuracy_m": None}, "position-doubtful"),
    ],
)
def test_a_scan_with_a_poor_position_counts_as_weak_and_says_why(
    budi: Employee, place: dict[str, Any], flag: str
) -> None:
    assert budi.scan(**place) == (200, "H00")
    (kept,) = budi.kept()
    assert (kept.assurance, kept.flags) == ("weak", flag)


def test_somebody_outside_is_told_how_far(budi: Employee) -> None:
    answer = budi.post(budi.body(budi.code(), latitude=-0.0283, longitude=109.3189))
    assert answer.status_code == 403
    assert answer.get_json()["message"] == "E10"
    assert "2460 m dari Balai Kota" in answer.get_json()["text"]
    assert budi.kept() == []
    assert budi.positions() == []


def test_the_same_code_twice_is_one_scan(budi: Employee) -> None:
    body = budi.body(budi.code())
    assert [budi.post(body).get_json()["message"] for _ in range(3)] == ["H00", "H01", "H01"]
    assert len(budi.kept()) == 1


def test_a_second_scan_within_a_minute_of_the_door_is_already_recorded(budi: Employee) -> None:
    office = budi.screens
    office.city.say("pi-balai", door_scan(PERSON, "a" * 32), at=office.clock() - timedelta(seconds=50))
    assert budi.scan() == (200, "H01")
    office.clock.advance(seconds=15)
    assert budi.scan() == (200, "H00")


def test_a_row_that_came_in_between_is_already_recorded(
    budi: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert budi.scan() == (200, "H00")
    # As if another process had committed it after we looked.
    monkeypatch.setattr("hub.hadir.workplace.service._last_scan", lambda *_: None)
    assert budi.scan() == (200, "H01")
    assert len(budi.kept()) == 1


def test_two_sites_within_ten_minutes_are_refused_and_too_fast_a_way_is_marked(budi: Employee) -> None:
    office = budi.screens
    with office.database.writing() as db:
        db.get_one(Device, "pi-balai").site = "tugu"
    assert budi.post(
        budi.body(budi.code(site="tugu"), latitude=0.0, longitude=109.3222)
    ).get_json()["message"] == "H00"  # fmt: skip
    with office.database.writing() as db:
        db.get_one(Device, "pi-balai").site = "balai"
        db.get_one(Device, "pi-jawi").site = "tugu"
        for row in db.scalars(select(DoorScan)):
            row.device = "pi-jawi"
    office.clock.advance(minutes=9)
    answer = budi.post(budi.body(budi.code()))
    assert (answer.status_code, answer.get_json()["message"]) == (409, "E11")
    assert "Tugu Khatulistiwa" in answer.get_json()["text"]
    office.clock.advance(minutes=2)
    assert budi.scan() == (200, "H00")
    assert budi.kept()[-1].flags == ""  # 3.4 km in 11 minutes is a motorcycle


def test_a_way_that_nobody_can_go_is_marked(budi: Employee) -> None:
    office = budi.screens
    with office.database.writing() as db:
        db.get_one(Device, "pi-jawi").site = "tugu"
        db.get_one(Site, "tugu").latitude = -0.9  # far up the coast
    office.city.say("pi-jawi", door_scan(PERSON, "b" * 32), at=office.clock() - timedelta(minutes=11))
    assert budi.scan() == (200, "H00")
    assert "position-too-fast" in budi.kept()[-1].flags


def test_a_code_of_before_is_told_how_old_it_is(budi: Employee) -> None:
    for age_s in (40, 100, 3_600):
        step_s = budi.now_s // 20 * 20
        answer = budi.post(budi.body(budi.code(at_s=step_s - age_s)))
        assert (answer.status_code, answer.get_json()["message"]) == (409, "E02")
    assert "selisih" in answer.get_json()["text"]
    answer = budi.post(budi.body(budi.code(at_s=budi.now_s + 60)))
    assert answer.get_json()["message"] == "E02"
    assert budi.kept() == []


def test_the_code_of_the_step_before_still_counts(budi: Employee) -> None:
    answer = budi.post(budi.body(budi.code(at_s=budi.now_s - 20)))
    assert answer.get_json()["message"] == "H00"


def test_a_phone_with_a_wrong_clock_counts_and_is_marked(budi: Employee) -> None:
    assert budi.scan(signed_off_s=-400) == (200, "H00")
    assert budi.kept()[0].flags == "phone-clock-uncorrected"


def test_phones_that_are_unknown_or_revoked_are_refused(budi: Employee) -> None:
    assert budi.scan(key_slot=3) == (403, "E04")
    with budi.screens.database.writing() as db:
        db.scalars(select(PhoneKey)).one().revoked_at = budi.screens.clock()
    assert budi.scan() == (403, "E05")
    with budi.screens.database.writing() as db:
        db.scalars(select(PhoneKey)).one().revoked_at = None
        db.get_one(Person, PERSON).is_active = False
    assert budi.scan() == (403, "E05")
    assert budi.kept() == []


def test_a_code_made_with_another_key_is_not_genuine(budi: Employee) -> None:
    for body in (
        budi.body(budi.code(device="pi-jawi")),
        budi.body(budi.code(site="tugu")),
        budi.body(make_workplace_code(bytes(32), site=1, now_s=budi.now_s, address=ADDRESS)),
    ):
        answer = budi.post(body)
        assert (answer.status_code, answer.get_json()["message"]) == (403, "E06")


def test_the_code_of_a_device_off_duty_is_not_genuine(budi: Employee) -> None:
    with budi.screens.database.writing() as db:
        db.get_one(Device, "pi-balai").is_retired = True
    assert budi.scan() == (403, "E06")


@pytest.mark.parametrize("text", ["", "https://example.com", "HTTPS://HADIR.EXAMPLE.ID/S/AAAA", "H1:ABC"])
def test_another_text_is_no_workplace_code(budi: Employee, text: str) -> None:
    answer = budi.post(budi.body(text))
    assert (answer.status_code, answer.get_json()["message"]) == (400, "E07")


@pytest.mark.parametrize(
    "change",
    [
        {"latitude": 91.0},
        {"longitude": 999.0},
        {"latitude": None},
        {"accuracy_m": -50.0},
        {"signed_at": -1},
        {"signed_at": 2**32},
        {"key_slot": 8},
        {"signature": "AAAA"},
        {"signature": "not base64 at all!"},
        {"code": "A" * 300},
        {"latitude": "0.0"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_no_phone_page_sends_is_refused_with_a_remedy(budi: Employee, change: dict[str, Any]) -> None:
    answer = budi.post(budi.body(budi.code()) | change)
    assert (answer.status_code, answer.get_json()["message"]) == (400, "E07")
    assert "Muat ulang" in answer.get_json()["text"]
    assert budi.kept() == []


def test_a_signature_with_any_bit_changed_is_refused(budi: Employee) -> None:
    chance = random.Random(20261122)
    body = budi.body(budi.code())
    signature = bytearray(base64.b64decode(body["signature"]))
    for _ in range(15):
        changed = bytearray(signature)
        changed[chance.randrange(64)] ^= 1 << chance.randrange(8)
        answer = budi.post(body | {"signature": base64.b64encode(changed).decode()})
        assert answer.get_json()["message"] == "E06"
    assert budi.kept() == []


def test_somebody_elses_phone_does_not_sign_for_oneself(office: Screens) -> None:
    budi, siti = employee(office, 101), employee(office, 102)
    body = budi.body(budi.code())
    assert siti.post(body).get_json()["message"] == "E06"


def test_an_account_without_a_person_is_told_so(office: Screens) -> None:
    budi = employee(office)
    stranger = Employee(office, office.signed_in(Role.EMPLOYEE), budi.phone)
    answer = stranger.post(budi.body(budi.code()))
    assert (answer.status_code, answer.get_json()["message"]) == (403, "E04")
    assert "belum terhubung" in answer.get_json()["text"]


def test_strangers_and_forms_of_other_sites_get_nothing(office: Screens) -> None:
    budi = employee(office)
    body = budi.body(budi.code())
    assert office.stranger().post("/hadir/hs", json=body).status_code == 401
    assert budi.client.post("/hadir/hs", json=body).status_code == 400
    assert office.signed_in(Role.OPERATOR).post("/hadir/hs", json=body).status_code == 404
    assert budi.kept() == []


def test_trying_again_and_again_is_slowed_down(budi: Employee) -> None:
    most = int(SCANS_PER_ACCOUNT.split()[0])
    answers = [budi.post({}).status_code for _ in range(most + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {400}


def test_old_positions_are_forgotten_and_their_scans_stay(budi: Employee) -> None:
    budi.scan()
    until = budi.screens.clock() + POSITION_LIFE
    for now, left in ((until, 1), (until + timedelta(seconds=1), 0)):
        with budi.screens.database.writing() as db:
            forget_positions(db, now)
        assert len(budi.positions()) == left
    assert len(budi.kept()) == 1


def test_scans_of_this_kind_say_nothing_of_how_far_a_door_delivered(budi: Employee) -> None:
    with budi.screens.database.writing() as db:
        until = budi.screens.clock() - timedelta(minutes=5)
        db.add(DoorWatermark(device="pi-balai", complete_until=until))
    budi.scan()
    with budi.screens.database.reading() as db:
        assert complete_until_by_site(db)["balai"] == until


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(3, "malam"), (4, "pagi"), (10, "pagi"), (11, "siang"), (15, "sore"), (18, "malam"), (23, "malam")],
)
def test_people_are_greeted_by_the_time_of_day(hour: int, greeting: str) -> None:
    zone = ZoneInfo("Asia/Pontianak")
    at = datetime(2026, 11, 23, hour, 30, tzinfo=zone)
    said = recorded(at, zone, name="Budi S.", site="Balai Kota")
    assert said.text == f"Selamat {greeting}, Budi S. TERCATAT {hour:02d}.30 di Balai Kota."
    assert said.is_accepted
    assert not already_recorded(at, zone).is_accepted
