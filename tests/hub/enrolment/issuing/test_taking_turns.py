"""Two who give or take certificates of one device at once take turns, on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from edge.wire.joining.claims import ClaimCode
from edge.wire.joining.enrolment import EnrolRequest, RefusalReason, Role
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
    database = Database(empty_database("postgresql", request))
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


@contextmanager
def meanwhile(database: Database, first: Session, act: Callable[[], object]) -> Iterator[Future[object]]:
    """Let somebody else act until he waits for ``first``, which is committed then."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(act)
        try:
            with database.engine.connect() as watcher:
                while not done.done() and not watcher.scalar(waiting):
                    watcher.rollback()
        finally:
            first.commit()
        yield done


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

    def ask_too() -> None:
        with database.writing() as second:
            ask(second, other, authority)

    with Session(database.engine) as first:
        ask(first, one, authority)
        first.flush()
        with meanwhile(database, first, ask_too) as done, pytest.raises(EnrolmentRefusedError) as said:
            done.result()
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
    folder = tmp_path / "devices"
    with Session(database.engine) as first:
        revoke_device(first, "pi-jawi", certificates=folder, actor="admin", reason="dicuri", now=NOW)
        with meanwhile(database, first, source.renew) as done:
            done.result()
    with database.reading() as db:
        assert [row.way for row in certificates_of(db, "pi-jawi")] == ["claim"]
