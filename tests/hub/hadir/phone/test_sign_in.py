"""Signing in with the phone's key: this phone, this browser, now, and only for one's own pages."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.hadir.phone.keys import add_phone, revoke_phone
from hub.hadir.phone.sign_in import FRESH_WITHIN_S, sign_in_message
from hub.people.models import Account, AuditEntry, Person
from hub.people.permissions import Role, ScopeKind
from tests.hub.hadir.conftest import linked
from tests.hub.screens import Screens, csrf_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def enrolled(city: Screens) -> Screens:
    """Person 101 has a phone and an account."""
    linked(city, city.account(Role.EMPLOYEE, name="siti"), 101)
    with city.database.writing() as db:
        add_phone(
            db,
            person=101,
            algorithm="ed25519",
            public_key=KEY.public_key().public_bytes_raw(),
            label="",
            actor="siti",
            now=city.clock(),
        )
    return city


def sign_in(city: Screens, client: FlaskClient | None = None, **changed: Any) -> TestResponse:
    client = client or city.stranger()
    token = csrf_of(client)
    signed_at = changed.pop("signed_at", int(city.clock().timestamp()))
    signature = KEY.sign(sign_in_message(changed.pop("challenge", token), signed_at))
    body = {
        "person": 101,
        "slot": 0,
        "signed_at": signed_at,
        "signature": base64.b64encode(signature).decode(),
    }
    return client.post("/hadir/ponsel/masuk", json=body | changed, headers={"X-CSRFToken": token})


def test_a_phone_opens_the_pages_of_its_owner(enrolled: Screens) -> None:
    client = enrolled.stranger()
    assert sign_in(enrolled, client).status_code == 200
    assert client.get("/hadir/ponsel/bulan").status_code == 200
    with enrolled.database.reading() as db:
        acts = [entry.action for entry in db.scalars(select(AuditEntry))]
    assert acts[-2:] == ["login.phone", "session.begin"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"challenge": "token of another browser"}, "tidak terdaftar"),
        ({"slot": 1}, "tidak terdaftar"),
        ({"person": 102}, "tidak terdaftar"),
        ({"signature": base64.b64encode(bytes(64)).decode()}, "tidak terdaftar"),
        ({"signature": "%%%"}, "tidak terbaca"),
        ({"slot": 8}, "tidak terbaca"),
        ({"more": 1}, "tidak terbaca"),
    ],
    ids=str,
)
def test_whatever_does_not_fit_is_refused_with_the_remedy(
    enrolled: Screens, changed: dict[str, Any], words: str
) -> None:
    client = enrolled.stranger()
    answer = sign_in(enrolled, client, **changed)
    assert answer.status_code == 422
    assert words in answer.get_json()["text"]
    assert client.get("/hadir/ponsel/bulan").status_code == 303


@pytest.mark.parametrize("off_s", [-FRESH_WITHIN_S - 1, FRESH_WITHIN_S + 1])
def test_a_signature_of_another_moment_is_refused(enrolled: Screens, off_s: int) -> None:
    answer = sign_in(enrolled, signed_at=int(enrolled.clock().timestamp()) + off_s)
    assert "waktu otomatis" in answer.get_json()["text"]


def test_without_our_form_token_nothing_is_looked_at(enrolled: Screens) -> None:
    assert enrolled.stranger().post("/hadir/ponsel/masuk", json={}).status_code == 400


def test_a_revoked_phone_signs_nobody_in(enrolled: Screens) -> None:
    with enrolled.database.writing() as db:
        revoke_phone(db, person=101, slot=0, actor="admin", now=enrolled.clock())
    assert sign_in(enrolled).status_code == 422


@pytest.mark.parametrize("kind", [ScopeKind.CITY, ScopeKind.UNIT])
def test_an_account_with_more_power_needs_its_password(city: Screens, kind: ScopeKind) -> None:
    linked(city, city.account(Role.SUPERIOR, name="atasan", kind=kind), 101)
    with city.database.writing() as db:
        key = KEY.public_key().public_bytes_raw()
        add_phone(db, person=101, algorithm="ed25519", public_key=key, label="", actor="a", now=city.clock())
    assert "masuk dengan kata sandi" in sign_in(city).get_json()["text"]


def test_who_left_or_whose_account_is_closed_stays_outside(enrolled: Screens) -> None:
    with enrolled.database.writing() as db:
        db.get_one(Person, 101).is_active = False
    assert "hubungi admin" in sign_in(enrolled).get_json()["text"]
    with enrolled.database.writing() as db:
        db.get_one(Person, 101).is_active = True
        db.scalars(select(Account).where(Account.name == "siti")).one().is_disabled = True
    assert "hubungi admin" in sign_in(enrolled).get_json()["text"]
