"""One's own phones, those of others, and how a phone learns that it was revoked."""

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import select

from edge.wire.hadir.phones import new_phone
from edge.wire.hadir.roster import Standing
from hub.hadir.phone.keys import add_phone, is_signed
from hub.hadir.roster import build_roster, last_change_ms
from hub.people.models import AuditEntry, Person, PhoneKey
from hub.people.permissions import Role
from tests.hub.hadir.conftest import linked, of_opd, text_of
from tests.hub.screens import Screens, csrf_of, post

KEY = new_phone(101).public_key
OWN, STAFF = "/hadir/ponsel/perangkat", "/hadir/ponsel/pegawai"


@pytest.fixture
def enrolled(city: Screens) -> Screens:
    """Person 101 has a phone; nobody else."""
    with city.database.writing() as db:
        add_phone(
            db,
            person=101,
            algorithm="ed25519",
            public_key=KEY,
            label="Android lama",
            actor="siti",
            now=city.clock(),
        )
    return city


def standing_in_roster(city: Screens) -> Standing:
    with city.database.reading() as db:
        document = build_roster(db, badge_keys=((1, bytes(32)),), now=city.clock())
    (entry,) = [entry for entry in document.entries if entry.person == 101]
    return entry.standing


def test_one_sees_ones_phones_and_revokes_them(enrolled: Screens) -> None:
    client = enrolled.signed_in(Role.EMPLOYEE, name="siti")
    linked(enrolled, "siti", 101)
    assert "Android lama" in text_of(client, OWN)
    assert standing_in_roster(enrolled) is Standing.ACTIVE
    enrolled.clock.advance(minutes=20)
    assert post(client, f"{OWN}/cabut", OWN, ponsel="0").status_code == 422
    assert standing_in_roster(enrolled) is Standing.ACTIVE
    post(client, f"{OWN}/cabut", OWN, ponsel="0", yakin="ya")
    page = text_of(client, OWN)
    assert "Ponsel dicabut" in page
    assert "dicabut Sab 21 Nov 2026 10.34 WIB" in page
    assert standing_in_roster(enrolled) is Standing.REVOKED
    with enrolled.database.reading() as db:  # what makes ingest send a new roster to every door
        assert last_change_ms(db, enrolled.clock()) == int(enrolled.clock().timestamp() * 1000)
    post(client, f"{OWN}/cabut", OWN, ponsel="0", yakin="ya")
    with enrolled.database.reading() as db:
        acts = [entry.action for entry in db.scalars(select(AuditEntry))]
        assert acts.count("phone.revoke") == 1


def test_nobody_revokes_a_phone_of_somebody_else_or_none_at_all(enrolled: Screens) -> None:
    client = enrolled.signed_in(Role.EMPLOYEE, name="budi")
    for number in (None, 102):
        if number is not None:
            linked(enrolled, "budi", number)
        post(client, f"{OWN}/cabut", "/sandi", ponsel="0", yakin="ya")
        assert "Ponsel itu tidak ada" in text_of(client, OWN)
    assert standing_in_roster(enrolled) is Standing.ACTIVE


def test_the_personnel_officer_of_the_opd_hands_out_codes_and_revokes(enrolled: Screens) -> None:
    client = of_opd(enrolled, Role.PERSONNEL, "1", "kepegawaian")
    assert "Pegawai 103" in text_of(client, STAFF)
    page = f"{STAFF}/101"
    post(client, f"{page}/kode", page)
    first = text_of(client, page)
    assert 'id="kode-baru"' in first
    assert 'id="kode-baru"' not in text_of(client, page)  # shown once
    assert post(client, f"{page}/cabut", page, ponsel="0").status_code == 422
    assert standing_in_roster(enrolled) is Standing.ACTIVE
    post(client, f"{page}/cabut", page, ponsel="0", yakin="ya")
    assert standing_in_roster(enrolled) is Standing.REVOKED
    post(client, f"{page}/cabut", page, ponsel="5", yakin="ya")
    assert "Ponsel itu tidak ada" in text_of(client, page)


def test_a_code_is_shown_on_the_page_of_its_person_only(enrolled: Screens) -> None:
    client = of_opd(enrolled, Role.PERSONNEL, "1", "kepegawaian")
    client.post(f"{STAFF}/101/kode", data={"csrf_token": csrf_of(client, "/sandi")})
    assert 'id="kode-baru"' not in text_of(client, f"{STAFF}/102")


def test_another_opd_finds_nobody_and_may_do_nothing(enrolled: Screens) -> None:
    client = of_opd(enrolled, Role.PERSONNEL, "2", "dishub")
    assert "Pegawai 101" not in text_of(client, STAFF)
    assert client.get(f"{STAFF}/101").status_code == 404
    for path in (f"{STAFF}/101/kode", f"{STAFF}/101/cabut"):
        assert post(client, path, "/sandi", ponsel="0", yakin="ya").status_code == 404
    assert standing_in_roster(enrolled) is Standing.ACTIVE
    assert enrolled.signed_in(Role.SUPERIOR).get(f"{STAFF}/101").status_code == 404


def ask(city: Screens, **query: object) -> str:
    answer = city.stranger().get("/hadir/ponsel/waktu", query_string=query)
    assert answer.get_json()["now_ms"] == int(city.clock().timestamp() * 1000)
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_json()["phone"])


def test_a_phone_is_told_how_it_stands_when_it_knows_its_key(enrolled: Screens) -> None:
    digest = hashlib.sha256(KEY).hexdigest()
    known = {"pegawai": 101, "ponsel": 0, "kunci": digest}
    assert ask(enrolled, **known) == "active"
    for changed in ({"kunci": "0" * 64}, {"kunci": "ä"}, {"ponsel": 1}, {"ponsel": 99}, {"pegawai": 2**64}):
        assert ask(enrolled, **(known | changed)) == "unknown", changed
    assert ask(enrolled) == "unknown"
    with enrolled.database.writing() as db:
        db.get_one(Person, 101).is_active = False
    assert ask(enrolled, **known) == "revoked"
    with enrolled.database.writing() as db:
        db.get_one(Person, 101).is_active = True
    with enrolled.database.writing() as db:
        db.scalars(select(PhoneKey)).one().revoked_at = enrolled.clock()
    assert ask(enrolled, **known) == "revoked"


@pytest.mark.parametrize("make", [lambda: bytes(33), lambda: b"\x02" + b"\xff" * 32])
def test_a_point_that_is_on_no_curve_signs_nothing(make: Callable[[], bytes]) -> None:
    assert not is_signed("p256", make(), signature=bytes(64), message=b"x")
    assert not is_signed("p256", make(), signature=bytes(63), message=b"x")
