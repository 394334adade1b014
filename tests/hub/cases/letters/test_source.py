"""Lists of letters for doors: sealed to each, sent when something is revoked and twice a day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from edge.wire.desired import open_desired
from edge.wire.papers.trust import LetterStanding, decode_trust, judge
from hub.cases.letters.issuing.documents import revoke
from hub.cases.letters.issuing.source import LetterSource
from hub.cases.letters.models import LetterDocument
from hub.places.models import Device, Door, Site
from tests.hub.cases.letters.conftest import LetterOffice
from tests.hub.cases.letters.samples import KEY
from tests.hub.cases.office import WARD, ZONE
from tests.hub.statements import asked

DEVICE_KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(path: Path) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pi-loket")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(DEVICE_KEY.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=900))
        .sign(DEVICE_KEY, SHA256())
    )
    path.write_bytes(made.public_bytes(Encoding.PEM))


def test_a_revocation_reaches_the_door_of_the_office(letters: LetterOffice, tmp_path: Path) -> None:
    document = letters.issued()
    with letters.writing() as db:
        db.add(Site(id="loket", name="Loket", kelurahan=WARD, latitude=0.0, longitude=109.3))
        db.flush()
        db.add(Device(id="pi-loket", site="loket", name="Loket"))
        db.flush()
        db.add(Door(device="pi-loket", id="pintu", name="Pintu", direction="in"))
    clock = [letters.now]
    source = LetterSource(
        database=letters.database,
        addresses=letters.addresses,
        signing_key=KEY,
        certificates=tmp_path,
        zone=ZONE,
        now=lambda: clock[0],
    )

    def standing() -> LetterStanding:
        (sealed,) = source.for_device("pi-loket", roster_version=0, config_version=0)
        plain = open_desired(sealed, device="pi-loket", device_key=DEVICE_KEY, hub_keys=[KEY.public_key()])
        return judge(document.seal, decode_trust(plain), today=document.issued_on).standing

    assert source.changed() == ["pi-loket"]
    assert source.for_device("pi-loket", roster_version=0, config_version=0) == (), (
        "it has no certificate yet"
    )
    assert source.for_device("pi-lain", roster_version=0, config_version=0) == ()
    certificate(tmp_path / "pi-loket.pem")
    assert standing() is LetterStanding.GENUINE
    with asked(letters.database) as statements:
        assert standing() is LetterStanding.GENUINE
    assert not any("letter_key.public_key" in one for one in statements), "made once for all doors"
    assert source.changed() == ()
    with letters.writing() as db:
        row = db.get_one(LetterDocument, document.id)
        revoke(db, row, account=row.signed_by, actor="lurah", reason="Pemohon pindah kota", now=clock[0])
    assert source.changed() == ["pi-loket"]
    assert standing() is LetterStanding.REVOKED
    assert source.changed() == ()
    clock[0] += timedelta(hours=12)
    assert source.changed() == ["pi-loket"]
