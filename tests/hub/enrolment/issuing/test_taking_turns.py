"""Two who give or take certificates of one device at once take turns, on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from edge.wire.claims import ClaimCode
from edge.wire.enrolment import EnrolRequest, RefusalReason, Role
from hub.db import Database
from hub.enrolment.claiming.claims import Maker, Wanted, make_claim
from hub.enrolment.claiming.joining import EnrolmentRefusedError, Surroundings, join
from hub.enrolment.issuing.authority import IssuingAuthority
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.issuing.renewal import RenewalSource
from hub.enrolment.issuing.revocation import revoke_device
from hub.places.models import Device, Kecamatan, Kelurahan, Site
from tests.hub.conftest import empty_database
from tests.hub.enrolment.conftest import LIFE, blank

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOON = timedelta(days=3)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    # Whoever would have to wait is told so instead.
    url = empty_database("postgresql", request)
    database = Database(f"{url}?options=-c%20lock_timeout%3D200")
    try:
        fill(database)
        yield database
    finally:
        database.close()


def fill(database: Database) -> None:
    here = {"latitude": -0.03, "longitude": 109.32}
    with database.writing() as db:
        for row in (
            Kecamatan(code="61.71.04", name="Pontianak Kota", **here),
            Kelurahan(
                code="61.71.04.1001",
                name="Sungai Jawi",
                ministry_name="Sungai Jawi",
                postcode="78115",
                kecamatan="61.71.04",
                **here,
            ),
            Site(id="jawi", name="Jawi", kelurahan="61.71.04.1001", **here),
            Device(id="pi-jawi", site="jawi", name="Jawi"),
        ):
            db.add(row)
            db.flush()


@pytest.fixture
def authority(authority_folder: Path) -> IssuingAuthority:
    return IssuingAuthority(authority_folder)


def code_of(db: Session, authority: IssuingAuthority) -> ClaimCode:
    return make_claim(
        db,
        Wanted(site="jawi", device="pi-jawi", role=Role.CAMERA),
        maker=Maker("teknisi1"),
        root_fingerprint=authority.root_fingerprint,
        now=NOW,
        life=LIFE,
        random_bytes=bytes,
    )[1]


def ask(db: Session, asked: EnrolRequest, authority: IssuingAuthority) -> None:
    around = Surroundings(hub_key="x", broker_host="hub", broker_port=8883, life=SOON)
    join(db, asked, authority=authority, around=around, may_enrol=lambda *_: True, now=NOW)


def test_of_two_boards_with_one_code_one_gets_a_certificate(
    database: Database, authority: IssuingAuthority
) -> None:
    with database.writing() as db:
        code = code_of(db, authority)
    one, other = blank(code).asked, blank(code).asked
    with database.writing() as first:
        ask(first, one, authority)
        with pytest.raises(OperationalError, match="lock timeout"), database.writing() as second:
            ask(second, other, authority)
    with pytest.raises(EnrolmentRefusedError) as said, database.writing() as second:
        ask(second, other, authority)
    assert said.value.reason is RefusalReason.USED


def test_a_renewal_beside_a_revocation_gives_nothing_to_a_stolen_device(
    database: Database, authority: IssuingAuthority, tmp_path: Path
) -> None:
    with database.writing() as db:
        ask(db, blank(code_of(db, authority)).asked, authority)
    source = RenewalSource(
        database=database,
        authority=authority,
        signing_key=Ed25519PrivateKey.generate(),
        certificates=tmp_path / "devices",
        life=SOON,
        now=lambda: NOW + SOON * 0.9,
    )
    with database.writing() as first:
        revoke_device(
            first, "pi-jawi", certificates=tmp_path / "devices", actor="admin", reason="dicuri", now=NOW
        )
        first.flush()
        with pytest.raises(OperationalError, match="lock timeout"):
            source.renew()
    source.renew()
    with database.reading() as db:
        assert [row.way for row in certificates_of(db, "pi-jawi")] == ["claim"]
