"""A device taken out of service: refused at once, told to the broker, and sent away."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from edge.wire.joining.certificates import to_pem
from edge.wire.joining.enrolment import EnrolRefused, RefusalReason
from hub.enrolment.issuing.register import certificates_of, refused_devices
from hub.enrolment.issuing.revocation import BrokerNews, revoke_device
from hub.enrolment.models import DeviceCertificate
from hub.ingest.models import DevicePresence
from hub.ingest.presence import REFUSED, Heard, PresenceBook
from hub.wiring import KnownDevices
from tests.hub.enrolment.conftest import Office, blank, enrolled

DAY = timedelta(days=1)


def newest(office: Office) -> DeviceCertificate:
    with office.screens.database.reading() as db:
        return certificates_of(db, "pi-jawi")[0]


def revoke(office: Office, db: Session) -> bool:
    return revoke_device(
        db,
        "pi-jawi",
        certificates=office.certificates,
        actor="admin",
        reason="dicuri",
        now=office.screens.clock(),
    )


class Broker:
    """Notes whose connections are ended."""

    def __init__(self) -> None:
        self.kicked: list[str] = []

    def __call__(self, device: str) -> None:
        self.kicked.append(device)


def news_of(office: Office, folder: Path, broker: Broker) -> BrokerNews:
    city = office.screens
    return BrokerNews(
        database=city.database, authority=office.authority, folder=folder, kick=broker, now=city.clock
    )


def test_a_revoked_device_is_refused_at_once_and_the_broker_is_told(office: Office, tmp_path: Path) -> None:
    enrolled(office)
    city, broker = office.screens, Broker()
    news = BrokerNews(
        database=city.database,
        authority=office.authority,
        folder=tmp_path / "news",
        kick=broker,
        now=city.clock,
    )
    news()
    assert (tmp_path / "news/denied").read_text() == ""
    before = (tmp_path / "news/crl.pem").read_bytes()
    news()
    assert (tmp_path / "news/crl.pem").read_bytes() == before, "nothing changed"
    seconds = [0.0]
    known = KnownDevices(city.database, monotonic_s=lambda: seconds[0])
    assert known("pi-jawi")
    with city.database.writing() as db:
        assert revoke(office, db)
        assert not revoke(office, db)
        assert refused_devices(db) == {"pi-jawi"}
    seconds[0] = KnownDevices.RENEW_AFTER_S
    assert not known("pi-jawi")
    assert known("pi-tugu")
    news()
    assert (tmp_path / "news/denied").read_text() == "pi-jawi\n"
    listed = x509.load_pem_x509_crl((tmp_path / "news/crl.pem").read_bytes())
    assert [f"{entry.serial_number:x}" for entry in listed] == [newest(office).serial]
    assert broker.kicked == ["pi-jawi"]
    city.clock.advance(seconds=61)
    news()
    assert broker.kicked == ["pi-jawi"], "for a minute, then the list is enough"


def test_a_device_revoked_while_nobody_told_the_broker_is_sent_away_later(
    office: Office, tmp_path: Path
) -> None:
    enrolled(office)
    city, broker, folder = office.screens, Broker(), tmp_path / "news"
    with city.database.writing() as db:
        revoke(office, db)
    city.clock.advance(hours=1)
    folder.write_text("no folder: nothing can be written")
    news = news_of(office, folder, broker)
    for _turn in range(2):
        with pytest.raises(OSError, match="exists"):
            news()
    assert broker.kicked == ["pi-jawi"], "once at the start, though the broker lets it in again"
    folder.unlink()
    for _turn in range(2):
        news()
    assert broker.kicked == ["pi-jawi"] * 2, "again when its list is there"
    for _turn in range(2):
        city.clock.advance(seconds=60)
        news()
    assert broker.kicked == ["pi-jawi"] * 3, "and when the broker has read it"


def test_a_revoked_device_is_not_shown_as_online_until_silence_tells(office: Office, tmp_path: Path) -> None:
    """Its own goodbye is refused, as everything it says is."""
    enrolled(office)
    city, news = office.screens, news_of(office, tmp_path / "news", Broker())
    with city.database.writing() as db:
        book = PresenceBook()
        heard = Heard(epoch="e", boot_id="b", at=city.clock())
        book.touch(db, {"pi-jawi": heard, "pi-tugu": heard})
    news()
    with city.database.writing() as db:
        revoke(office, db)
    city.clock.advance(seconds=3)
    news()
    with city.database.reading() as db:
        gone, there = db.get_one(DevicePresence, "pi-jawi"), db.get_one(DevicePresence, "pi-tugu")
        assert (gone.is_online, gone.reason, gone.since) == (False, REFUSED, city.clock())
        assert there.is_online


def test_a_replacement_is_not_kicked_for_what_was_before_it(office: Office, tmp_path: Path) -> None:
    enrolled(office)
    enrolled(office)
    broker = Broker()
    news_of(office, tmp_path / "news", broker)()
    assert broker.kicked == []
    assert (tmp_path / "news/denied").read_text() == ""


@pytest.mark.parametrize("lies_there", ["certificate", "rubbish", "nothing"])
def test_a_device_whose_certificate_nobody_recorded_is_revoked_too(
    office: Office, tmp_path: Path, lies_there: str
) -> None:
    city, now = office.screens, office.screens.clock()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = office.authority.sign_device("pi-jawi", key.public_key(), now=now, life=DAY)
    office.certificates.mkdir()
    content = {"certificate": to_pem(certificate), "rubbish": b"x"}
    if lies_there in content:
        (office.certificates / "pi-jawi.pem").write_bytes(content[lies_there])
    broker = Broker()
    news = news_of(office, tmp_path / "news", broker)
    news()
    with city.database.writing() as db:
        assert revoke(office, db)
    news()
    assert not KnownDevices(city.database)("pi-jawi")
    assert ((tmp_path / "news/denied").read_text(), broker.kicked) == ("pi-jawi\n", ["pi-jawi"])
    listed = x509.load_pem_x509_crl((tmp_path / "news/crl.pem").read_bytes())
    wanted = [certificate.serial_number] if lies_there == "certificate" else []
    assert [entry.serial_number for entry in listed] == wanted
    enrolled(office)
    assert KnownDevices(city.database)("pi-jawi"), "enrolled again, it is in service"


def test_a_revoked_device_does_not_come_back_by_a_code_that_was_still_open(office: Office) -> None:
    enrolled(office)
    label = office.code()
    with office.screens.database.writing() as db:
        revoke(office, db)
    answer = office.ask(blank(label))
    assert isinstance(answer, EnrolRefused)
    assert answer.reason is RefusalReason.CANCELLED
