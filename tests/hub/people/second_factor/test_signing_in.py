"""The second step as it is met: set up, asked for, given back; and what is refused."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.app import create_app
from hub.config import HubConfig
from hub.db import Database
from hub.errors import HubError
from hub.people.models import Account, AuditEntry
from hub.people.permissions import Role, ScopeKind
from hub.people.second_factor import totp
from hub.people.second_factor.models import RecoveryCode, SecondFactor
from hub.people.second_factor.rules import MUST_HAVE, must_have
from hub.people.second_factor.service import SecretBox
from hub.people.service import reset_password
from hub.people.signing_in.own_sessions import browser_words
from hub.people.signing_in.passwords import hash_password
from hub.web.guarding.limits import limiter
from tests.browser.sample import SampleCity
from tests.hub.prepared import place_empty_database
from tests.hub.screens import PASSWORD, Browser, FakeClock, Screens, make_config, post

WRONG = "000000"


@pytest.fixture
def strict(tmp_path: Path, clock: FakeClock) -> Iterator[Screens]:
    """The application as a real city installs it."""
    place_empty_database(tmp_path)
    config = make_config(tmp_path, second_factor="required")
    database = Database(config.database)
    app = create_app(config, now=clock, database=database)
    app.test_client_class = Browser
    limiter.reset()
    yield Screens(app, database, clock, SampleCity(database, tmp_path), tmp_path)
    database.close()


def account_with_password(screens: Screens, *roles: Role, name: str = "siti", **scope: object) -> str:
    screens.account(*roles, name=name, **scope)  # type: ignore[arg-type]  # kind and scope, as they are
    with screens.database.writing() as db:
        db.scalars(select(Account).where(Account.name == name)).one().password_hash = hash_password(PASSWORD)
    return name


def sign_in(screens: Screens, name: str = "siti") -> tuple[FlaskClient, TestResponse]:
    client = screens.stranger()
    return client, post(client, "/masuk", name=name, password=PASSWORD)


def prove(client: FlaskClient, what: str, code: str) -> TestResponse:
    return post(client, f"/dua-langkah/{what}", "/dua-langkah", sandi=PASSWORD, kode=code)


def code_now(secret: bytes, screens: Screens) -> str:
    return totp.code_of(secret, totp.step_of(screens.clock()))


def set_up(screens: Screens, client: FlaskClient) -> tuple[bytes, list[str]]:
    """Set a second step up by the page; return its secret and the recovery codes."""
    post(client, "/dua-langkah/mulai", "/dua-langkah")
    page = client.get("/dua-langkah").get_data(as_text=True)
    found = re.search(r"secret=([A-Z2-7]+)", page)
    assert found is not None
    secret = _unbase(found.group(1))
    answer = prove(client, "pasang", code_now(secret, screens))
    codes = re.findall(r"<li>(\d-[a-z2-9]{5}-[a-z2-9]{5})</li>", answer.get_data(as_text=True))
    assert len(codes) == 10
    return secret, codes


def _unbase(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_a_role_that_needs_it_opens_nothing_before_it_is_set_up(strict: Screens) -> None:
    assert HubConfig().sign_in.is_second_factor_required
    account_with_password(strict, Role.OPERATOR)
    client, _answer = sign_in(strict)
    assert client.get("/").location == "/dua-langkah"
    assert client.get("/alarm").location == "/dua-langkah"
    assert 'class="main-pages"' not in client.get("/dua-langkah").get_data(as_text=True)
    set_up(strict, client)
    assert client.get("/").status_code == 200


def test_a_lurah_of_one_kelurahan_needs_it_and_an_employee_does_not(strict: Screens) -> None:
    assert {Role.OPERATOR, Role.TECHNICIAN, Role.LURAH, Role.ADMIN} <= MUST_HAVE
    assert not must_have({Role.EMPLOYEE, Role.DISPLAY})
    account_with_password(strict, Role.LURAH, kind=ScopeKind.KELURAHAN, scope="6171011001")
    account_with_password(strict, Role.EMPLOYEE, name="budi")
    lurah, _answer = sign_in(strict)
    employee, _answer = sign_in(strict, "budi")
    assert lurah.get("/berkas").location == "/dua-langkah"
    assert employee.get("/").location == "/awal"


def test_after_the_password_the_code_is_asked_for_and_nothing_opens_without(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    secret, _codes = set_up(screens, sign_in(screens)[0])
    client, answer = sign_in(screens)
    assert answer.location == "/masuk/kode"
    assert client.get_cookie("pontive") is None
    assert client.get("/alarm").location.startswith("/masuk")
    screens.clock.advance(seconds=60)
    assert post(client, "/masuk/kode", "/masuk/kode", kode=WRONG).status_code == 401
    assert post(client, "/masuk/kode", "/masuk/kode", kode=code_now(secret, screens)).location == "/"
    assert client.get("/").status_code == 200
    assert client.get_cookie("pontive-code") is None


def test_a_code_is_good_once(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    secret, _codes = set_up(screens, sign_in(screens)[0])
    screens.clock.advance(seconds=60)
    typed = code_now(secret, screens)
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=typed).status_code == 303
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=typed).status_code == 401


def test_a_recovery_code_is_good_once_and_is_nowhere_in_the_clear(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    secret, codes = set_up(screens, sign_in(screens)[0])
    typed = codes[7].upper()
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=typed).status_code == 303
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=typed).status_code == 401
    for one in ("", "x", "9-aaaaa-bbbbb", "7-"):
        assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=one).status_code in (401, 429)
    kept = str(screens.dump())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    with screens.database.reading() as db:
        assert secret not in db.scalars(select(SecondFactor.sealed_secret)).one()
        assert all(one.startswith("$argon2id$") for one in db.scalars(select(RecoveryCode.code_hash)))


def test_wrong_codes_are_counted_for_the_account_whatever_the_browser_and_process(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    secret, _codes = set_up(screens, sign_in(screens)[0])
    screens.clock.advance(seconds=60)
    answers = []
    for _ in range(5):
        answers.append(post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=WRONG).status_code)
        limiter.reset()  # what another process would not know
    assert answers == [401] * 5
    right = code_now(secret, screens)
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=right).status_code == 429
    screens.clock.advance(minutes=11)
    assert post(sign_in(screens)[0], "/masuk/kode", "/masuk/kode", kode=code_now(secret, screens)).location


def test_wrong_passwords_are_counted_in_the_database(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    for _ in range(5):
        assert post(screens.stranger(), "/masuk", name="siti", password="salah").status_code == 401
        limiter.reset()
    assert sign_in(screens)[1].status_code == 429
    screens.clock.advance(minutes=2)
    assert sign_in(screens)[1].status_code == 303


def test_who_waits_too_long_or_lost_the_password_begins_again(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    secret, _codes = set_up(screens, sign_in(screens)[0])
    client, _answer = sign_in(screens)
    screens.clock.advance(minutes=10)
    assert client.get("/masuk/kode").location == "/masuk"
    answer = post(client, "/masuk/kode", "/masuk", kode=code_now(secret, screens))
    assert answer.location == "/masuk"
    assert screens.stranger().get("/masuk/kode").location == "/masuk"


def test_setting_up_needs_the_password_and_ends_other_sessions(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    client, other = sign_in(screens)[0], sign_in(screens)[0]
    post(client, "/dua-langkah/mulai", "/dua-langkah")
    for fields in ({"sandi": "salah", "kode": WRONG}, {"sandi": PASSWORD, "kode": WRONG}):
        page = post(client, "/dua-langkah/pasang", "/dua-langkah", **fields).get_data(as_text=True)
        assert 'role="alert"' in page
    set_up(screens, client)
    assert other.get("/sandi").status_code == 303
    assert client.get("/sandi").status_code == 200


def test_recovery_codes_are_renewed_and_the_phone_is_changed_with_a_code(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    client = sign_in(screens)[0]
    secret, codes = set_up(screens, client)
    screens.clock.advance(seconds=60)
    for address in ("cadangan", "ganti"):
        assert 'role="alert"' in prove(client, address, WRONG).text
    fresh = prove(client, "cadangan", code_now(secret, screens))
    assert "<ol" in fresh.text
    assert prove(client, "ganti", codes[0]).status_code == 200
    screens.clock.advance(seconds=60)
    kode = code_now(secret, screens)
    assert prove(client, "ganti", kode).status_code == 303
    again, _codes = set_up(screens, client)
    assert again != secret


def test_an_administrator_gives_it_back_and_a_stranger_cannot(screens: Screens) -> None:
    account_with_password(screens, Role.OPERATOR)
    client = sign_in(screens)[0]
    set_up(screens, client)
    admin = screens.signed_in(Role.ADMIN, name="kepala")
    assert "dua langkah" in admin.get("/akun?cari=siti").get_data(as_text=True)
    sent = {"akun": "siti", "yakin": "ya"}
    assert post(screens.signed_in(Role.TECHNICIAN), "/akun/dua-langkah", "/sandi", **sent).status_code == 404
    assert post(admin, "/akun/dua-langkah", "/akun", **sent).status_code == 303
    assert client.get("/sandi").status_code == 303
    client, answer = sign_in(screens)
    assert answer.location == "/"
    assert post(admin, "/akun/sesi", "/akun", **sent).status_code == 303
    assert client.get("/sandi").status_code == 303
    with screens.database.reading() as db:
        noted = db.scalars(select(AuditEntry.action).where(AuditEntry.actor == "kepala")).all()
    assert noted == ["session.begin", "factor.reset", "session.end-all"]


def test_one_sees_the_own_sessions_and_ends_others(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    stranger = screens.signed_in(Role.ADMIN)
    client, other, third = (sign_in(screens)[0] for _ in range(3))
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sesi", headers=firefox).text)
    assert token is not None
    listed = re.findall(r'name="sesi" value="(\d+)"', client.get("/sesi").text)
    assert len(listed) == 2
    for wrong in ({}, {"sandi": "bukan kata sandinya"}):
        refused = post(client, "/sesi/akhiri", "/sesi", sesi=listed[0], **wrong)
        assert (refused.status_code, "Kata sandi salah" in refused.text) == (422, True)
    assert [one.get("/sandi").status_code for one in (other, third)] == [200, 200]
    post(client, "/sesi/akhiri", "/sesi", sesi=listed[0], sandi=PASSWORD)
    assert [one.get("/sandi").status_code for one in (other, third)].count(303) == 1
    post(client, "/sesi/akhiri", "/sesi", sandi=PASSWORD)
    assert [one.get("/sandi").status_code for one in (client, other, third, stranger)] == [200, 303, 303, 200]
    assert "0 sesi" not in post(client, "/sesi/akhiri", "/sesi", sandi=PASSWORD).text


def test_a_password_is_not_tried_without_end_at_an_open_browser(screens: Screens) -> None:
    account_with_password(screens, Role.ADMIN)
    client, other = (sign_in(screens)[0] for _ in range(2))
    said = [post(client, "/sesi/akhiri", "/sesi", sandi=f"tebakan {n}").status_code for n in range(5)]
    assert said == [422] * 5
    assert post(client, "/sesi/akhiri", "/sesi", sandi=PASSWORD).status_code == 429
    assert other.get("/sandi").status_code == 200


def test_a_new_password_does_not_lead_past_the_second_step(screens: Screens) -> None:
    account_with_password(screens, Role.OPERATOR)
    set_up(screens, sign_in(screens)[0])
    waiting, _answer = sign_in(screens)
    with screens.database.writing() as db:
        first = reset_password(db, name="siti", now=screens.clock(), actor="test")
    assert waiting.get("/masuk/kode").location == "/masuk", "what waited for the old one is over"
    client = screens.stranger()
    assert post(client, "/masuk", name="siti", password=first).location == "/masuk/kode"
    assert client.get("/sandi").location.startswith("/masuk")


def test_password_fields_are_masked_and_take_what_managers_fill(screens: Screens) -> None:
    login = screens.stranger().get("/masuk").text
    change = screens.signed_in(Role.ADMIN).get("/sandi").text
    fields = re.findall(r"<input[^>]*(?:password|sandi)[^>]*>", login + change)
    fields = [one for one in fields if 'type="hidden"' not in one]
    assert len(fields) == 4
    assert all('type="password"' in one for one in fields)
    assert all(re.search(r'autocomplete="(?:current|new)-password"', one) for one in fields)
    assert not re.search(r"onpaste|maxlength", "".join(fields))


def test_a_sealed_secret_opens_for_its_account_and_key_alone() -> None:
    box = SecretBox(bytes(32))
    sealed = box.seal(b"geheim", 1)
    assert box.open(sealed, 1) == b"geheim"
    for stranger, account in ((box, 2), (SecretBox(bytes([1]) * 32), 1)):
        with pytest.raises(HubError, match="reset the second step"):
            stranger.open(sealed, account)


def test_browsers_are_named() -> None:
    phone = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    assert browser_words(phone) == "Chrome · Android"
    assert browser_words("curl/8.5") == "curl/8.5"
    assert browser_words("") == "?"
