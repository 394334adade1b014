"""What ingest does by itself: renewing in time, telling the broker, refusing at once, seeing clones."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from edge.wire.desired import open_desired
from edge.wire.joining.certificates import find_root, serial_text, to_pem
from edge.wire.joining.renewal import IdentityDocument
from hub.alarms.watching.conditions import Sight
from hub.config import HubConfig
from hub.enrolment import wiring
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.clones import Birth, CloneWatch, clone_conditions, note_births
from hub.enrolment.issuing.register import certificates_of, register_known
from hub.enrolment.issuing.renewal import RenewalSource
from hub.enrolment.models import DeviceBoot, DeviceCertificate
from hub.enrolment.wiring import enrolment_parts
from hub.errors import ConfigError, InputError
from hub.ingest.models import DevicePresence
from hub.people.models import AuditEntry
from provisioning.trust.ca import CityAuthority
from tests.hub.enrolment.conftest import Office, enrolled

DAY = timedelta(days=1)


@pytest.fixture
def hub_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def source_of(
    office: Office, hub_key: Ed25519PrivateKey, authority: IssuingAuthority | None = None
) -> RenewalSource:
    return RenewalSource(
        database=office.screens.database,
        authority=authority or office.authority,
        signing_key=hub_key,
        certificates=office.certificates,
        life=90 * DAY,
        now=office.screens.clock,
    )


def uses(office: Office, serial: str) -> None:
    """Let pi-jawi say at its birth which certificate it uses."""
    with office.screens.database.writing() as db:
        db.get_one(DevicePresence, "pi-jawi").certificate = serial


def offered(source: RenewalSource) -> list:
    return list(source.for_device("pi-jawi", roster_version=0, config_version=0))


def newest(office: Office) -> DeviceCertificate:
    with office.screens.database.reading() as db:
        return certificates_of(db, "pi-jawi")[0]


def test_a_certificate_is_renewed_at_two_thirds_of_its_life_for_the_same_key(office: Office, hub_key) -> None:
    one, source = enrolled(office), source_of(office, hub_key)
    first = newest(office)
    uses(office, first.serial)
    office.screens.clock.advance(days=59)
    source.renew()
    assert newest(office).serial == first.serial
    assert offered(source) == []
    source.changed()
    office.screens.clock.advance(days=2)
    source.renew()
    second = newest(office)
    assert (second.way, second.key_digest) == ("renewal", first.key_digest)
    assert source.changed() == ["pi-jawi"]
    assert source.changed() == []
    assert (office.certificates / "pi-jawi.pem").read_text() == second.pem
    (document,) = offered(source)
    plain = open_desired(document, device="pi-jawi", device_key=one.key, hub_keys=[hub_key.public_key()])
    inside = msgspec.json.decode(plain, type=IdentityDocument)
    new = x509.load_pem_x509_certificate(inside.certificate.encode())
    assert new.public_key() == one.key.public_key()
    assert first.revoked_at is None, "the old one is good until the device has the new one"
    uses(office, serial_text(new))
    assert offered(source) == []
    source.renew()
    assert newest(office).serial == second.serial


def test_other_roots_are_brought_to_every_device_and_both_are_trusted_for_a_while(
    office: Office, hub_key, tmp_path: Path, authority_folder: Path
) -> None:
    enrolled(office)
    first = newest(office)
    uses(office, first.serial)
    following = CityAuthority(tmp_path / "following", now=datetime.now(UTC)).folder
    for kind in ("key", "pem"):
        shutil.copyfile(authority_folder / f"issuing.{kind}", following / f"previous.{kind}")
    both = (following / "ca.pem").read_bytes() + (authority_folder / "ca.pem").read_bytes()
    (following / "ca.pem").write_bytes(both)
    office.screens.clock.advance(days=1)
    source = source_of(office, hub_key, IssuingAuthority(following))
    source.renew()
    second = newest(office)
    assert second.serial != first.serial
    trusted = x509.load_pem_x509_certificates(both)
    for row in (first, second):
        assert find_root(x509.load_pem_x509_certificate(row.pem.encode()), trusted) is not None
    assert len(offered(source)) == 1


def test_one_that_expired_or_was_revoked_is_not_renewed(office: Office, hub_key) -> None:
    enrolled(office)
    source = source_of(office, hub_key)
    uses(office, "0")
    assert len(offered(source)) == 1
    office.screens.clock.advance(days=91)
    source.renew()
    assert newest(office).way == "claim"
    assert offered(source) == []


def test_two_machines_with_one_identity_are_seen_and_alarmed(office: Office) -> None:
    city = office.screens
    watch = CloneWatch(database=city.database, now=city.clock)

    def born(boot: str) -> None:
        city.clock.advance(seconds=30)
        with city.database.writing() as db:
            row = db.get_one(DevicePresence, "pi-jawi")
            row.born_boot, row.born_at = boot * 32, city.clock()
        watch()

    def sights() -> list[Sight]:
        with city.database.reading() as db:
            return [one.sight for one in clone_conditions(db, city.clock())]

    for boot in "aab":
        born(boot)
    assert sights() == [], "a new start is no clone"
    born("a")
    born("b")
    assert sights() == [Sight.BAD]
    with city.database.reading() as db:
        assert list(db.scalars(select(AuditEntry.action))).count("device.clone") == 1
    page = city.signed_in("admin").get("/perangkat/pi-jawi/sertifikat").get_data(as_text=True)
    assert "Dua mesin memakai sertifikat ini" in page
    city.clock.advance(hours=2)
    assert sights() == [Sight.GOOD]


def test_only_the_last_boots_are_remembered(office: Office) -> None:
    now = office.screens.clock()
    with office.screens.database.writing() as db:
        for number in range(30):
            at = now + timedelta(minutes=number)
            assert not note_births(db, [Birth("pi-jawi", f"{number:032x}", at)], at)
    with office.screens.database.reading() as db:
        boots = db.scalars(select(DeviceBoot.boot_id).where(DeviceBoot.device == "pi-jawi")).all()
    assert len(boots) == 10
    assert f"{29:032x}" in boots


def test_certificates_made_elsewhere_are_recorded_once(office: Office, authority_folder: Path) -> None:
    city, now = office.screens, office.screens.clock()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = office.authority.sign_device("pi-tugu", key.public_key(), now=now, life=DAY)
    pem = to_pem(certificate)
    office.certificates.mkdir()
    (office.certificates / "pi-tugu.pem").write_bytes(pem)
    with city.database.writing() as db:
        assert register_known(db, office.certificates, trust_digest="x", now=now) == 1
        assert register_known(db, office.certificates, trust_digest="x", now=now) == 0
    (office.certificates / "pi-lain.pem").write_bytes(pem)
    with city.database.writing() as db, pytest.raises(InputError, match=r"beri nama pi-tugu\.pem"):
        register_known(db, office.certificates, trust_digest="x", now=now)
    (office.certificates / "pi-lain.pem").write_bytes(b"x")
    with city.database.writing() as db, pytest.raises(InputError, match="bukan sertifikat perangkat"):
        register_known(db, office.certificates, trust_digest="x", now=now)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("issuing.key", None, "No such file"),
        ("issuing.key", b"x", "cannot be read as a private key"),
        ("issuing.key", "root/root.key", "does not belong to"),
        ("ca.pem", b"x", "cannot be read as certificates"),
        ("ca.pem", "issuing.pem", "has no root"),
        ("crl.pem", b"x", "revocation list"),
    ],
)
def test_an_authority_that_cannot_be_used_names_the_file(
    authority_folder: Path, name, content, words
) -> None:
    if content is None:
        (authority_folder / name).unlink()
    elif isinstance(content, str):
        shutil.copyfile(authority_folder / content, authority_folder / name)
    else:
        (authority_folder / name).write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        IssuingAuthority(authority_folder)


def test_what_was_revoked_before_the_hub_stays_revoked(authority_folder: Path) -> None:
    now = datetime.now(UTC)
    city = CityAuthority(authority_folder, now=now)
    key = ec.generate_private_key(ec.SECP256R1())
    old = IssuingAuthority(authority_folder).sign_device("pi-x", key.public_key(), now=now, life=DAY)
    city.revoke(old, now=now)
    lists = IssuingAuthority(authority_folder).revocation_lists({}, now=now)
    assert [entry.serial_number for entry in x509.load_pem_x509_crl(lists)] == [old.serial_number]


def test_ingest_without_an_authority_looks_for_clones_only(office: Office, tmp_path: Path, caplog) -> None:
    config = HubConfig(
        enrolment=msgspec.structs.replace(HubConfig().enrolment, folder=str(tmp_path / "none"))
    )
    parts = enrolment_parts(config, office.screens.database)
    assert [chore.name for chore in parts.chores] == ["looking for clones"]
    assert "nobody is enrolled" in caplog.text
    full = enrolment_parts(office.screens.app.extensions["pontive"].config, office.screens.database)
    assert len(full.chores) == 3


def test_both_connections_of_a_device_are_ended(monkeypatch, caplog) -> None:
    kick = wiring._Kicker(HubConfig())
    kick("pi-jawi")
    assert "connections of pi-jawi cannot be ended" in caplog.text, "there are no certificates here"
    ended: list[str] = []
    monkeypatch.setattr(wiring, "address_of", lambda _settings: None)
    monkeypatch.setattr(wiring, "take_over", lambda _address, client_id: ended.append(client_id))
    kick("pi-jawi")
    assert ended == ["pi-jawi", "pi-jawi-live"]
