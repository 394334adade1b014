"""Fixtures for tests of screens: the application on a small city, and browsers of several people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from hub.app import create_app
from hub.config import HubConfig, SignInSettings, WebSettings
from hub.db import Database
from hub.people import sessions
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.web.guarding.limits import limiter
from tests.browser.sample import SampleCity
from tests.hub.prepared import COMPILED_TEMPLATES, place_empty_database, place_filled_city

START = datetime(2026, 11, 21, 3, 14, 22, tzinfo=UTC)
PASSWORD = "kapal layar kuning di sungai"

# A value for each argument that an address can have.
ARGUMENTS: dict[str, Any] = {
    "device": "pi-jawi",
    "camera": "utara",
    "command_id": 1,
    "number": 101,
    "digest": "0",
    "clip": "20261121t025950z-0badcafe",
    "name": "pontive.css",
    "tail": "A" * 26,
    "event": 1,
    "alarm_id": 1,
    "side": "sesudah",
    "finding": 1,
    "which": "tanda",
    "step": 1,
    "look": 1,
    "shift": 1,
    "version": 1,
    "site": "jawi",
    "quality": "biasa",
    "claim": "0123456789abcdef",
    "code": "KODELACAKX",
    "payload": "A" * 90,
    "letter": "AAAAAAAA",
    "action": "setuju",
    "case_number": "SRT-2026-000001",
    "opinion": "arsitektur",
    "service": "surat-keterangan-usaha",
    "file": 1,
    "room": "media",
    "photo": 1,
    "form": "json",
    "token": "x",
    "kind": "aplikasi",
    "field": "gambar",
    "draft": 1,
    "sha256": "0" * 64,
    "rollout": 1,
    "market": "flamboyan",
    "commodity": "cabai-rawit",
    "assessment": 1,
    "indicator": 42,
    "dataset": "register-aplikasi",
    "act": "package_list",
    "evidence": 1,
    "measure": "camera_availability",
    "opd": 1,
    "line": 1,
    "board": "eksekutif",
    "tile": "kamera",
    "secret": "x",
}

# They answer as long as somebody listens: tested on their own.
ENDLESS = frozenset(
    {"alarms.stream", "boards.stream", "live.stream", "maps.stream", "wall.stream", "camera_status.stream"}
)


class Browser(FlaskClient):
    """Reads every answer to its end, so that files are closed."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})


@dataclass
class FakeClock:
    """Stands until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Screens:
    """The application and what it stands on."""

    app: Flask
    database: Database
    clock: FakeClock
    city: SampleCity
    folder: Path
    _names: int = field(default=0)

    def stranger(self) -> FlaskClient:
        """A browser that nobody signed in."""
        return self.app.test_client()

    def account(self, *roles: Role, name: str = "", kind: ScopeKind = ScopeKind.CITY, scope: str = "") -> str:
        """Make an account that may sign in at once; cheap, without a password that works."""
        self._names += 1
        name = name or f"petugas{self._names}"
        with self.database.writing() as db:
            account = Account(
                name=name,
                display_name=name.title(),
                password_hash="",
                must_change_password=False,
                created_at=self.clock(),
            )
            db.add(account)
            db.flush()
            for role in roles:
                grant = RoleGrant(
                    account_id=account.id,
                    role=role,
                    scope_kind=kind,
                    scope_id=scope,
                    valid_from=self.clock(),
                )
                db.add(grant)
        return name

    def signed_in(
        self, *roles: Role, name: str = "", kind: ScopeKind = ScopeKind.CITY, scope: str = ""
    ) -> FlaskClient:
        """A browser of a new account with these roles."""
        name = self.account(*roles, name=name, kind=kind, scope=scope)
        with self.database.writing() as db:
            account = db.scalars(select(Account).where(Account.name == name)).one()
            token = sessions.begin(db, account=account, now=self.clock(), address="127.0.0.1", agent="test")
        client = self.app.test_client()
        client.set_cookie("pontive", token)
        return client

    def dump(self) -> dict[str, list[Any]]:
        """Everything in the database, to see whether something changed."""
        tables = MetaData()
        tables.reflect(self.database.engine)
        with self.database.reading() as db:
            return {name: sorted(map(repr, db.execute(t.select()))) for name, t in tables.tables.items()}


def csrf_of(client: FlaskClient, page: str = "/masuk") -> str:
    """Return the form token that a page gave to this browser."""
    text = client.get(page, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None, f"{page} has no form"
    return found.group(1)


def post(client: FlaskClient, path: str, page: str = "/masuk", **fields: str) -> TestResponse:
    """Send a form with the token of a page."""
    return client.post(path, data={"csrf_token": csrf_of(client, page), **fields})


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Return (endpoint, path) of everything that answers a method, arguments filled in."""
    found = []
    with app.test_request_context("http://localhost/"):
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                values = {name: ARGUMENTS[name] for name in rule.arguments}
                found.append((rule.endpoint, str(app.url_for(rule.endpoint, **values))))
    return found


def make_config(
    folder: Path, *, second_factor: Literal["required", "optional"] = "optional", **web: Any
) -> HubConfig:
    """The hub as tests have it: nobody needs a second step but where that is what is tested."""
    return HubConfig(
        sign_in=SignInSettings(second_factor=second_factor, key=str(folder / "second-factor.key")),
        database=f"sqlite:///{folder}/hub.db",
        folder=str(folder),
        secret_file=str(folder / "web.secret"),
        web=WebSettings(**web),
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def screens(tmp_path: Path, clock: FakeClock) -> Iterator[Screens]:
    """The application on an empty SQLite database with the sample inventory."""
    place_empty_database(tmp_path)
    config = make_config(tmp_path)
    database = Database(config.database)
    app = create_app(config, now=clock, database=database)
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    app.test_client_class = Browser
    # The clock of these tests stands: every look is a new one.
    app.extensions["pontive-status"].shelf.every_s = 0
    limiter.reset()
    yield Screens(app, database, clock, SampleCity(database, tmp_path), tmp_path)
    database.close()


@pytest.fixture
def city(screens: Screens) -> Screens:
    """The application on a city where things happened."""
    place_filled_city(screens.city, screens.clock())
    return screens
