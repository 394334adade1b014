"""Scans at doors, and rosters for them, on both databases."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from edge.wire.desired import open_desired, seal_for_device
from edge.wire.hadir.phones import new_phone
from edge.wire.hadir.roster import LIFETIME, Entry, RosterDocument, Standing, decode_roster, encode_roster
from edge.wire.messages import decode_desired, encode
from hub.db import Database
from hub.errors import ConfigError
from hub.hadir.models import DoorScan
from hub.hadir.roster import RosterSource
from hub.hadir.service import count_present, list_doors, start_of_day
from hub.people.enrolment.people_file import KeyEntry, PeopleFile, PersonEntry, load_people
from hub.people.models import Person, PhoneKey, Placement
from hub.signing import HubKeys, read_signing_key
from provisioning.broker import MAX_PACKET_BYTES
from tests.browser.sample import SampleCity, scan
from tests.hub.statements import asked

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
WIB = ZoneInfo("Asia/Pontianak")


@pytest.fixture
def city(database: Database, tmp_path: Path) -> SampleCity:
    city = SampleCity(database, tmp_path)
    city.load()
    return city


def test_a_code_used_again_is_kept_and_not_counted(city: SampleCity) -> None:
    city.say("pi-balai", scan(101, "a" * 32), scan(102, "b" * 32), scan(101, "a" * 32), at=NOW)
    city.say("pi-jawi", scan(102, "b" * 32), at=NOW)
    city.say("pi-balai", scan(101, "c" * 32), at=NOW)
    with city.database.reading() as db:
        marks = [
            (row.device, row.person, row.is_repeated)
            for row in db.scalars(select(DoorScan).order_by(DoorScan.id))
        ]
        present = count_present(db, NOW - timedelta(hours=1))
    assert marks == [
        ("pi-balai", 101, False),
        ("pi-balai", 102, False),
        ("pi-balai", 101, True),
        ("pi-jawi", 102, True),
        ("pi-balai", 101, False),
    ]
    assert present == 2


def test_a_day_begins_at_midnight_in_pontianak() -> None:
    assert start_of_day(datetime(2026, 11, 21, 16, 59, tzinfo=UTC), WIB) == datetime(
        2026, 11, 20, 17, tzinfo=UTC
    )
    assert start_of_day(datetime(2026, 11, 21, 17, 0, tzinfo=UTC), WIB) == datetime(
        2026, 11, 21, 17, tzinfo=UTC
    )


def test_a_door_shows_its_last_scans_and_todays_number(city: SampleCity) -> None:
    city.birth("pi-balai", NOW)
    city.say("pi-balai", scan(100, "e" * 32), at=NOW - timedelta(days=1))
    for number in range(7):
        city.say("pi-balai", scan(101 + number, f"{number:032d}"[::-1]), at=NOW + timedelta(seconds=number))
    with city.database.reading() as db:
        (door,) = list_doors(db, since=start_of_day(NOW, WIB))
    assert (door.name, door.site, door.is_online, door.today) == (
        "Pintu utama",
        "Balai Kota Pontianak",
        True,
        7,
    )
    assert [line.person for line in door.scans] == [107, 106, 105, 104, 103]


@dataclass
class Rosters:
    """A source of rosters and the one device that may open them."""

    database: Database
    source: RosterSource
    signing_key: Ed25519PrivateKey
    device_key: ec.EllipticCurvePrivateKey
    folder: Path
    now: datetime = NOW

    def load(self, *persons: PersonEntry, at: datetime = NOW) -> None:
        with self.database.writing() as db:
            load_people(db, PeopleFile(persons=persons), at)

    def given(self, has_version: int = 0, device: str = "pi-balai") -> RosterDocument | None:
        found = self.source.for_device(device, roster_version=has_version, config_version=0)
        if not found:
            return None
        plain = open_desired(
            found[0], device=device, device_key=self.device_key, hub_keys=[self.signing_key.public_key()]
        )
        document = decode_roster(plain)
        assert document.version == found[0].version
        return document


@pytest.fixture
def rosters(city: SampleCity, tmp_path: Path) -> Rosters:
    signing_key, device_key = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    write_certificate(tmp_path / "pi-balai.pem", device_key)
    rosters: Rosters
    source = RosterSource(
        database=city.database, keys=HubKeys(signing_key), certificates=tmp_path, now=lambda: rosters.now
    )
    rosters = Rosters(city.database, source, signing_key, device_key, tmp_path)
    return rosters


def write_certificate(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, path.stem)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def person(number: int, *slots: int, **more: bool) -> PersonEntry:
    import base64

    keys = tuple(
        KeyEntry(
            algorithm="ed25519", public_key=base64.b64encode(new_phone(number).public_key).decode(), slot=slot
        )
        for slot in slots
    )
    return PersonEntry(number=number, short_name=f"P{number}", opd=9, keys=keys, **more)


def test_a_device_with_a_door_gets_every_person_sealed_to_it(rosters: Rosters) -> None:
    rosters.load(
        person(101, 0, 1), person(102, 0, is_active=False), person(103, may_use_badge=True), person(104)
    )
    document = rosters.given()
    assert document is not None
    assert [(one.person, one.key_slot, one.standing, len(one.public_key)) for one in document.entries] == [
        (101, 0, Standing.ACTIVE, 32),
        (101, 1, Standing.ACTIVE, 32),
        (102, 0, Standing.REVOKED, 32),
        (103, 0, Standing.BADGE_ALLOWED, 0),
    ]
    assert document.base == 0
    assert document.expires_at - document.issued_at == LIFETIME
    ((number, key),) = document.badge_keys
    assert (number, len(key)) == (1, 32)
    assert {one.name for one in document.entries} == {"P101", "P102", "P103"}


def test_a_device_without_a_door_gets_none(rosters: Rosters) -> None:
    rosters.load(person(101, 0))
    assert rosters.given(device="pi-jawi") is None


def test_without_persons_there_is_no_roster(rosters: Rosters) -> None:
    assert rosters.given() is None


def test_a_device_that_has_it_gets_it_again_only_when_it_changed_or_aged(rosters: Rosters) -> None:
    rosters.load(person(101, 0))
    first = rosters.given()
    assert first is not None
    assert rosters.given(first.version) is None
    rosters.now += LIFETIME / 2
    aged = rosters.given(first.version)
    assert aged is not None
    assert aged.version > first.version, "a device takes a renewed roster only when its version is newer"
    assert aged.expires_at > first.expires_at
    assert rosters.given(aged.version) is None
    rosters.now += timedelta(seconds=1)
    rosters.load(person(102, 0), at=rosters.now)
    newer = rosters.given(aged.version)
    assert newer is not None
    assert newer.version > aged.version


def test_a_revoked_phone_makes_a_new_version(rosters: Rosters) -> None:
    rosters.load(person(101, 0))
    first = rosters.given()
    rosters.now += timedelta(seconds=2)
    with rosters.database.writing() as db:
        db.execute(update(PhoneKey).values(revoked_at=NOW + timedelta(seconds=1)))
    second = rosters.given(first.version if first else 0)
    assert second is not None
    assert second.entries[0].standing is Standing.REVOKED


def test_devices_with_doors_are_named_once_after_a_change_and_when_theirs_ages(rosters: Rosters) -> None:
    rosters.load(person(101, 0))
    assert rosters.source.changed() == ["pi-balai"]
    assert rosters.source.changed() == []
    rosters.given()
    rosters.load(person(101, 0), at=NOW + timedelta(seconds=9))
    assert rosters.source.changed() == ["pi-balai"]
    assert rosters.source.changed() == []
    rosters.now += LIFETIME / 2
    assert rosters.source.changed() == ["pi-balai"]


def test_a_device_whose_certificate_is_missing_is_named_once(
    rosters: Rosters, caplog: pytest.LogCaptureFixture
) -> None:
    rosters.load(person(101, 0))
    (rosters.folder / "pi-balai.pem").unlink()
    assert rosters.given() is None
    assert rosters.given() is None
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "pi-balai" in errors[0]
    assert "P101" not in caplog.text


def test_no_name_is_left_in_what_travels(rosters: Rosters) -> None:
    rosters.load(person(101, 0))
    (sealed,) = rosters.source.for_device("pi-balai", roster_version=0, config_version=0)
    assert "P101" not in str(sealed)
    with rosters.database.reading() as db:
        assert db.scalars(select(Person.short_name)).all() == ["P101"]


def test_a_signing_key_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="signing_key"):
        read_signing_key(tmp_path / "nirgends.key")
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "ec.key").write_bytes(pem)
    with pytest.raises(ConfigError, match="not an Ed25519 key"):
        read_signing_key(tmp_path / "ec.key")
    good = Ed25519PrivateKey.generate()
    pem = good.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "good.key").write_bytes(pem)
    assert read_signing_key(tmp_path / "good.key").public_key() == good.public_key()


def test_the_roster_of_the_whole_city_passes_the_broker() -> None:
    entries = tuple(
        Entry(number, 0, bytes(33), Standing.ACTIVE, 69, "N" * 20, bytes(64)) for number in range(1, 6_001)
    )
    document = RosterDocument(1, 0, NOW, NOW + LIFETIME, ((1, bytes(32)),), entries)
    sealed = seal_for_device(
        "roster",
        1,
        encode_roster(document),
        device="pi-balai",
        device_key=ec.generate_private_key(ec.SECP256R1()).public_key(),
        signing_key=Ed25519PrivateKey.generate(),
    )
    message = encode(sealed)
    assert len(message) < MAX_PACKET_BYTES
    assert decode_desired(message) == sealed


def test_who_lost_the_phone_may_be_given_a_badge(rosters: Rosters) -> None:
    rosters.load(person(101, 0, may_use_badge=True), person(102, *range(8), may_use_badge=True))
    with rosters.database.writing() as db:
        db.execute(update(PhoneKey).values(revoked_at=NOW))
    document = rosters.given()
    assert document is not None
    found = [(one.person, one.key_slot, one.standing) for one in document.entries if one.person == 101]
    assert found == [(101, 0, Standing.REVOKED), (101, 1, Standing.BADGE_ALLOWED)]
    assert len(document.entries) == 10, "somebody whose eight slots are used up has no room for a badge"


def test_the_day_after_somebodys_last_one_is_a_change(rosters: Rosters) -> None:
    rosters.load(person(101, 0), person(102, may_use_badge=True), person(103, 0))
    last_day = date(2026, 11, 21)
    with rosters.database.writing() as db:
        for number in (101, 102):
            place = {"opd": 9, "unit": 0, "valid_from": date(2026, 1, 5), "valid_to": last_day}
            db.add(Placement(person_number=number, **place))
    first = rosters.given()
    assert first is not None
    assert [one.standing for one in first.entries] == [
        Standing.ACTIVE,
        Standing.BADGE_ALLOWED,
        Standing.ACTIVE,
    ]
    rosters.source.changed()
    rosters.now = datetime(2026, 11, 21, 16, 59, tzinfo=UTC)
    assert rosters.source.changed() == []
    assert rosters.given(first.version) is None
    rosters.now = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert rosters.source.changed() == ["pi-balai"], "it is past midnight in the city"
    second = rosters.given(first.version)
    assert second is not None
    assert [(one.person, one.standing) for one in second.entries] == [
        (101, Standing.REVOKED),
        (103, Standing.ACTIVE),
    ]


def test_doors_that_come_back_together_are_given_one_roster(rosters: Rosters) -> None:
    def readings(statements: list[str]) -> int:
        return sum("person.short_name" in statement for statement in statements)

    rosters.load(person(101, 0))
    rosters.now += timedelta(seconds=5)
    with asked(rosters.database) as statements:
        first = rosters.given()
        rosters.now += timedelta(seconds=30)
        again = rosters.given()
    assert first is not None
    assert again == first
    assert readings(statements) == 1, "persons are read once"
    rosters.load(person(102, 0), at=rosters.now)
    rosters.now += timedelta(seconds=1)
    changed = rosters.given()
    assert changed is not None
    assert {entry.person for entry in changed.entries} == {101, 102}
    rosters.now += timedelta(minutes=2)
    later = rosters.given()
    assert later is not None
    assert later.version > changed.version, "one that is old is made anew"
