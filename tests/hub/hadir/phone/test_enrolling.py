"""Enrolling a phone through the pages: whose code, whose account, whose key; and every refusal."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from edge.wire.hadir.phones import SimulatedPhone, new_phone
from hub.hadir.phone.keys import enrolment_message
from hub.people import sessions
from hub.people.enrolment.codes import LIFETIME, MAX_TRIES, issue_enrolment_code
from hub.people.models import Account, AuditEntry, EnrolmentCode, Person, PersonAccount, PhoneKey, RoleGrant
from hub.people.permissions import Role
from tests.hub.hadir.conftest import linked, text_of
from tests.hub.screens import PASSWORD, Screens, csrf_of, post

ENROL = "/hadir/ponsel/daftar"


def issue(city: Screens, person: int = 101) -> str:
    with city.database.writing() as db:
        return issue_enrolment_code(db, person, "admin-opd", city.clock())


def type_code(client: FlaskClient, code: str) -> TestResponse:
    return post(client, ENROL, ENROL, code=code)


def sign_up(
    client: FlaskClient, name: str = "siti.101", password: str = PASSWORD, again: str = ""
) -> TestResponse:
    return post(client, f"{ENROL}/akun", ENROL, name=name, password=password, again=again or password)


def proof(phone: SimulatedPhone, person: int = 101) -> bytes:
    key = phone.signing_key
    assert isinstance(key, Ed25519PrivateKey)
    return key.sign(enrolment_message(person, phone.public_key))


def sent(phone: SimulatedPhone, **changed: Any) -> dict[str, Any]:
    return {
        "algorithm": "ed25519",
        "public_key": base64.b64encode(phone.public_key).decode(),
        "signature": base64.b64encode(proof(phone)).decode(),
        "label": "Android Siti",
    } | changed


def send_key(client: FlaskClient, body: object) -> TestResponse:
    return client.post(f"{ENROL}/kunci", json=body, headers={"X-CSRFToken": csrf_of(client, "/sandi")})


def test_a_code_makes_the_account_then_the_phone_and_is_used_up(city: Screens) -> None:
    client, code, phone = city.stranger(), issue(city), new_phone(101)
    assert type_code(client, code.lower()).status_code == 303
    assert 'value="pegawai.101"' in text_of(client, ENROL)
    assert sign_up(client).location == ENROL
    assert 'data-person="101"' in text_of(client, ENROL)
    answer = send_key(client, sent(phone))
    assert answer.get_json() == {
        "person": 101,
        "name": "Pegawai 101",
        "slot": 0,
        "now_ms": int(city.clock().timestamp() * 1000),
    }
    with city.database.reading() as db:
        row = db.scalars(select(PhoneKey).where(PhoneKey.person_number == 101)).one()
        assert (row.public_key, row.algorithm, row.label) == (phone.public_key, "ed25519", "Android Siti")
        account = db.scalars(select(Account).where(Account.name == "siti.101")).one()
        assert not account.must_change_password
        assert db.get_one(PersonAccount, account.id).person_number == 101
        assert [
            grant.role for grant in db.scalars(select(RoleGrant).where(RoleGrant.account_id == account.id))
        ] == [Role.EMPLOYEE]
        acts = {entry.action for entry in db.scalars(select(AuditEntry))}
        assert {"enrolment.issue", "account.add", "account.link", "phone.enrol"} <= acts
    other = city.stranger()
    refused = type_code(other, code)
    assert refused.status_code == 422
    assert "sudah dipakai" in refused.get_data(as_text=True)


def without_phone(city: Screens, person: int = 101) -> None:
    with city.database.writing() as db:
        db.get_one(Person, person).may_use_badge = True


def test_who_goes_without_a_phone_gets_account_pin_and_own_month_in_any_browser(city: Screens) -> None:
    without_phone(city)
    client, code = city.stranger(), issue(city)
    type_code(client, code)
    sign_up(client)
    page = text_of(client, ENROL)
    assert "Anda tercatat tanpa ponsel" in page
    answer = post(client, f"{ENROL}/tanpa-ponsel", ENROL)
    assert answer.location == "/pin"
    pin = {"sandi": PASSWORD, "pin": "482615", "ulang": "482615"}
    post(client, "/pin", "/pin", **pin)
    assert "PIN sudah ada" in text_of(client, "/pin")
    month = text_of(client, "/hadir/saya")
    assert "Pegawai 101" in month
    assert 'href="/pin"' in month
    with city.database.reading() as db:
        assert db.scalars(select(PhoneKey).where(PhoneKey.person_number == 101)).first() is None
        assert db.get_one(Person, 101).pin_hash is not None
    again = type_code(city.stranger(), code)
    assert "sudah dipakai" in again.get_data(as_text=True)
    later = city.stranger()
    answer = post(later, "/masuk", "/masuk", name="siti.101", password=PASSWORD)
    assert answer.location == "/hadir/saya"


def test_only_who_goes_without_a_phone_finishes_without_one(city: Screens) -> None:
    client = city.stranger()
    type_code(client, issue(city))
    sign_up(client)
    assert "tercatat tanpa ponsel" not in text_of(client, ENROL)
    assert post(client, f"{ENROL}/tanpa-ponsel", ENROL).location == ENROL
    with city.database.reading() as db:
        assert db.scalars(select(EnrolmentCode.used_at)).one() is None


def test_an_account_of_another_takes_no_code_of_a_badge_holder(city: Screens) -> None:
    without_phone(city)
    client = city.signed_in(name="budi")
    linked(city, "budi", 102)
    type_code(client, issue(city))
    assert post(client, f"{ENROL}/tanpa-ponsel", "/sandi").location == ENROL
    assert "Kode ini untuk pegawai lain" in text_of(client, ENROL)
    own = city.signed_in(name="siti")
    type_code(own, issue(city))
    assert post(own, f"{ENROL}/tanpa-ponsel", "/sandi").location == "/pin"
    with city.database.reading() as db:
        account = db.scalars(select(Account).where(Account.name == "siti")).one()
        assert db.get_one(PersonAccount, account.id).person_number == 101


@pytest.mark.parametrize(
    ("typed", "words"),
    [("K7MP-3QXD-9FTW", "Kode tidak dikenal"), ("", "Wajib diisi"), ("x" * 41, "field-error")],
)
def test_a_code_that_is_none_is_refused_with_the_remedy(city: Screens, typed: str, words: str) -> None:
    answer = type_code(city.stranger(), typed)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_wrong_tries_are_counted_although_the_page_is_refused(city: Screens) -> None:
    code = issue(city)
    wrong = code[:5] + ("AAAA-AAAA" if code[5] != "A" else "BBBB-BBBB")
    for _ in range(MAX_TRIES):
        answer = type_code(city.stranger(), wrong)
    assert "dikunci" in answer.get_data(as_text=True)
    assert "dikunci" in type_code(city.stranger(), code).get_data(as_text=True)


def test_a_code_that_expires_between_two_steps_is_named(city: Screens) -> None:
    client = city.stranger()
    type_code(client, issue(city))
    city.clock.at += LIFETIME
    page = text_of(client, ENROL)
    assert "kedaluwarsa (berlaku 72 jam)" in page
    assert "kedaluwarsa" not in text_of(client, ENROL)  # said once, then the form is clean
    assert post(client, f"{ENROL}/akun", ENROL, name="a").location == ENROL


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Siti 101"}, "nama akun"),
        ({"password": "kurang"}, "Kata sandi terlalu pendek"),
        ({"password": "siti.101 siti.101"}, "memuat nama akun"),
        ({"password": PASSWORD, "again": PASSWORD + "!"}, "tidak sama"),
        ({"name": "terpakai"}, "sudah dipakai; pilih nama lain, misalnya"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_remedy(
    city: Screens, fields: dict[str, str], words: str
) -> None:
    city.account(name="terpakai")
    client = city.stranger()
    type_code(client, issue(city))
    answer = sign_up(client, **fields)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_who_has_an_account_signs_in_with_it_and_adds_a_second_phone(city: Screens) -> None:
    linked(city, city.account(Role.EMPLOYEE, name="siti"), 101)
    stranger = city.stranger()
    type_code(stranger, issue(city))
    assert "Anda sudah punya akun" in text_of(stranger, ENROL)
    assert sign_up(stranger).status_code == 422
    client = sign_in(city, "siti")
    for slot in (0, 1):
        type_code(client, issue(city))
        assert send_key(client, sent(new_phone(101))).get_json()["slot"] == slot


def sign_in(city: Screens, name: str) -> FlaskClient:
    with city.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one()
        token = sessions.begin(db, account=account, now=city.clock(), address="127.0.0.1", agent="test")
    client = city.app.test_client()
    client.set_cookie("pontive", token)
    return client


def test_an_account_of_nobody_is_tied_to_the_person_and_may_see_its_month(city: Screens) -> None:
    client = city.signed_in(Role.OPERATOR, name="operator")
    type_code(client, issue(city))
    assert "akan dihubungkan dengan pegawai" in text_of(client, ENROL)
    assert client.get("/hadir/ponsel/bulan").status_code == 404
    assert send_key(client, sent(new_phone(101))).status_code == 200
    assert client.get("/hadir/ponsel/bulan").status_code == 200


def test_the_account_of_somebody_else_is_refused(city: Screens) -> None:
    linked(city, city.account(Role.EMPLOYEE, name="budi"), 102)
    client = sign_in(city, "budi")
    type_code(client, issue(city))
    assert "dipakai akun budi" in text_of(client, ENROL)
    answer = send_key(client, sent(new_phone(101)))
    assert answer.status_code == 422
    assert "untuk pegawai lain" in answer.get_json()["text"]
    with city.database.reading() as db:
        assert db.scalars(select(PhoneKey)).all() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": base64.b64encode(bytes(64)).decode()},
        {"signature": "%%%"},
        {"public_key": base64.b64encode(bytes(31)).decode()},
        {"algorithm": "p256"},
        {"algorithm": "rsa"},
    ],
    ids=str,
)
def test_a_key_that_is_not_proved_is_refused_and_the_code_stays_good(
    city: Screens, changed: dict[str, str]
) -> None:
    client = city.signed_in(name="siti")
    type_code(client, issue(city))
    answer = send_key(client, sent(new_phone(101), **changed))
    assert answer.status_code == 422
    assert "perbarui peramban" in answer.get_json()["text"]
    assert send_key(client, sent(new_phone(101))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [[], {"algorithm": "ed25519"}, sent(new_phone(101), extra=1)],
    ids=["no object", "a field only", "a field too many"],
)
def test_rubbish_instead_of_a_key_is_refused(city: Screens, body: object) -> None:
    client = city.signed_in(name="siti")
    type_code(client, issue(city))
    answer = send_key(client, body)
    assert answer.status_code == 422
    assert "tidak terbaca" in answer.get_json()["text"]


def test_without_a_code_no_key_is_taken(city: Screens) -> None:
    client = city.signed_in(name="siti")
    assert send_key(client, sent(new_phone(101))).status_code == 422
    type_code(client, issue(city))
    post(client, f"{ENROL}/batal", ENROL)
    assert "Kode sekali pakai" in text_of(client, ENROL)
    assert send_key(client, sent(new_phone(101))).status_code == 422


def test_one_key_is_the_phone_of_one_person(city: Screens) -> None:
    client, phone = city.signed_in(name="siti"), new_phone(101)
    type_code(client, issue(city))
    send_key(client, sent(phone))
    type_code(client, issue(city))
    assert "sudah terdaftar" in send_key(client, sent(phone)).get_json()["text"]


def test_nine_phones_are_one_too_many_until_one_is_revoked(city: Screens) -> None:
    client = city.signed_in(name="siti")
    for slot in range(8):
        type_code(client, issue(city))
        assert send_key(client, sent(new_phone(101))).get_json()["slot"] == slot
    type_code(client, issue(city))
    assert "Sudah ada 8 ponsel" in send_key(client, sent(new_phone(101))).get_json()["text"]
    post(client, "/hadir/ponsel/perangkat/cabut", "/sandi", ponsel="3", yakin="ya")
    assert send_key(client, sent(new_phone(101))).get_json()["slot"] == 3


def test_who_left_in_between_gets_no_account(city: Screens) -> None:
    client = city.stranger()
    type_code(client, issue(city))
    with city.database.writing() as db:
        db.get_one(Person, 101).is_active = False
    assert "kedaluwarsa" in text_of(client, ENROL)
