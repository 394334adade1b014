"""Security headers, cookies, hosts and sizes, on every answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.app import MAX_BODY_BYTES, create_app
from hub.db import Base, Database
from hub.people import sessions
from hub.people.models import Account
from hub.people.permissions import Role
from hub.web.guarding.headers import CONTENT_SECURITY_POLICY
from tests.hub.screens import ENDLESS, START, Browser, FakeClock, Screens, addresses, csrf_of, make_config


def check_headers(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def every_answer(city: Screens, client: FlaskClient) -> list[TestResponse]:
    answers = [
        client.open(path, method=method)
        for method in ("GET", "POST", "TRACE", "PUT")
        for endpoint, path in addresses(city.app, "GET" if method in ("TRACE", "PUT") else method)
        if endpoint not in ENDLESS or method != "GET"
    ]
    return [*answers, client.get("/tidak-ada"), client.get("/", headers={"Host": "evil.example"})]


@pytest.mark.parametrize("is_stranger", [True, False])
def test_headers_are_on_every_route_and_every_error(city: Screens, is_stranger: bool) -> None:
    client = city.stranger() if is_stranger else city.signed_in(Role.ADMIN)
    answers = every_answer(city, client)
    assert {answer.status_code for answer in answers} >= {400, 404, 405}
    for answer in answers:
        check_headers(answer)


def test_no_page_has_inline_scripts_styles_or_foreign_addresses(city: Screens) -> None:
    for answer in (*every_answer(city, city.signed_in(Role.ADMIN)), city.stranger().get("/masuk")):
        if answer.mimetype != "text/html":
            continue
        text = answer.get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), answer.request.path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), answer.request.path
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text), answer.request.path


def test_a_foreign_host_name_is_refused(screens: Screens) -> None:
    answer = screens.stranger().get("/masuk", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)


def test_a_forged_forwarded_address_is_not_believed(screens: Screens) -> None:
    client = screens.stranger()
    token = csrf_of(client)
    for number in range(21):
        forged = {"X-Forwarded-For": f"10.0.0.{number}"}
        fields = {"csrf_token": token, "name": f"a{number}", "password": ""}
        answer = client.post("/masuk", data=fields, headers=forged)
    assert answer.status_code == 429


def test_a_body_one_byte_too_long_is_refused(screens: Screens) -> None:
    client = screens.stranger()
    fits = b"a=" + b"x" * (MAX_BODY_BYTES - 2)
    form = "application/x-www-form-urlencoded"
    assert client.post("/masuk", data=fits, content_type=form).status_code == 400
    answer = client.post("/masuk", data=fits + b"x", content_type=form)
    assert answer.status_code == 413
    check_headers(answer)


def test_personal_pages_are_not_stored(city: Screens) -> None:
    client = city.signed_in(Role.ADMIN)
    for path in ("/", "/sandi", "/perangkat/pi-jawi", "/kamera/pi-jawi/utara"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_no_address_holds_a_number_as_long_as_a_nik_or_nip(city: Screens) -> None:
    text = city.signed_in(Role.ADMIN).get("/").get_data(as_text=True)
    for found in re.findall(r'(?:href|src|action)="([^"]+)"', text):
        assert not re.search(r"(?<!\d)(\d{16}|\d{18})(?!\d)", found), found


class TlsBrowser(Browser):
    """Comes by TLS."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"base_url": "https://localhost", **options})


class TestBehindTls:
    """Cookies and transport security where the browser speaks TLS."""

    @pytest.fixture
    def client(self, tmp_path: Path) -> Iterator[FlaskClient]:
        config = make_config(tmp_path, is_behind_tls=True)
        database = Database(config.database)
        Base.metadata.create_all(database.engine)
        with database.writing() as db:
            account = Account(
                name="siti",
                display_name="Siti",
                password_hash="",
                must_change_password=False,
                created_at=START,
            )
            db.add(account)
            db.flush()
            token = sessions.begin(db, account=account, now=START, address="::1", agent="")
        app = create_app(config, now=FakeClock(), database=database)
        app.test_client_class = TlsBrowser
        client = app.test_client()
        client.set_cookie("__Host-pontive", token, secure=True)
        yield client
        database.close()

    def test_cookies_are_bound_to_host_and_tls(self, client: FlaskClient) -> None:
        token = csrf_of(client, "/sandi")
        came_from = {"Referer": "https://localhost/sandi"}
        answer = client.post("/keluar", data={"csrf_token": token}, headers=came_from)
        cookies = [*answer.headers.getlist("Set-Cookie"), *client.get("/masuk").headers.getlist("Set-Cookie")]
        assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-pontive", "__Host-pontive-form"}
        for cookie in cookies:
            for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
                assert flag in cookie, cookie

    def test_transport_security_lasts_a_year(self, client: FlaskClient) -> None:
        assert "max-age=31536000" in client.get("/masuk").headers["Strict-Transport-Security"]


def test_on_a_plain_port_cookies_still_cannot_be_read_by_scripts(screens: Screens) -> None:
    answer = screens.stranger().get("/masuk")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" not in answer.headers
