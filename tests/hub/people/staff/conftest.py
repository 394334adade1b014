"""Two OPDs and the admin of one of them; persons 101-107 of OPD 1 are those of the sample city."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hub.people.models import Account, Opd, Person, Placement, RoleGrant, Unit
from hub.people.permissions import Role, ScopeKind
from hub.people.staff.changes import StaffChanges
from tests.hub.screens import Screens, csrf_of

NOW = datetime(2026, 11, 21, 3, 14, 22, tzinfo=UTC)
TODAY = date(2026, 11, 21)
OTHER = 201


@dataclass
class Personnel:
    """The screens, and who looks at them."""

    screens: Screens

    def admin(self) -> FlaskClient:
        return self.screens.signed_in(Role.ADMIN)

    def officer(self, opd: int = 1, role: Role = Role.PERSONNEL) -> FlaskClient:
        """A browser of somebody with a role for one OPD."""
        return self.scoped(role, ScopeKind.OPD, str(opd))

    def scoped(self, role: Role, kind: ScopeKind, scope: str, name: str = "") -> FlaskClient:
        client = self.screens.signed_in(role, name=name, kind=kind)
        with self.screens.database.writing() as db:
            newest = db.scalars(select(RoleGrant).order_by(RoleGrant.id.desc()).limit(1)).one()
            newest.scope_id = scope
        return client

    def give_signing_key(self) -> Ed25519PrivateKey:
        """Let the hub have a key of its own, for badges; return it."""
        key, path = Ed25519PrivateKey.generate(), self.screens.folder / "hub-signing.key"
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        here = self.screens.app.extensions["pontive"]
        config = msgspec.structs.replace(here.config, signing_key=str(path))
        self.screens.app.extensions["pontive"] = replace(here, config=config)
        return key

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.screens.database.writing() as db:
            yield db

    def person(self, number: int) -> Person:
        with self.screens.database.reading() as db:
            return db.get_one(Person, number)

    def changes(self, db: Session) -> StaffChanges:
        return StaffChanges(db, actor="test", today=TODAY, now=NOW + timedelta(seconds=1))

    def account(self, name: str) -> Account:
        with self.screens.database.reading() as db:
            return db.scalars(select(Account).where(Account.name == name)).one()


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Post a form with the token of this browser."""
    return client.post(path, data={"csrf_token": csrf_of(client, "/sandi"), **fields})


def said(client: FlaskClient, answer: TestResponse) -> str:
    """Follow an answer to the page it leads to; return that page."""
    assert answer.status_code == 303, answer.status_code
    return str(client.get(answer.location).get_data(as_text=True))


@pytest.fixture
def personnel(city: Screens) -> Personnel:
    with city.database.writing() as db:
        db.add(Opd(number=2, name="Satuan Polisi Pamong Praja"))
        db.flush()
        db.add(Unit(number=21, opd=2, name="Regu A"))
        db.add(Unit(number=12, opd=1, name="Sekretariat"))
        for number, name in ((OTHER, "Orang Lain"), (202, "Budi Lain")):
            db.add(Person(number=number, short_name=name, opd=2, changed_at=NOW))
            db.flush()
            db.add(Placement(person_number=number, opd=2, unit=21, valid_from=date(2026, 1, 5)))
    return Personnel(city)
