"""A city with two OPDs, an operator, and the officers who answer for each OPD."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.people import sessions
from hub.people.models import Account, Opd, RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.hub.screens import Screens, post

PURPOSE = "revenue"


@dataclass
class Room:
    """Who works with findings."""

    city: Screens
    operator: FlaskClient
    officer: FlaskClient  # of OPD 1
    other: FlaskClient  # of OPD 2

    def take(self, camera: str = "selatan", **fields: str) -> str:
        """Take the newest still out; return the address of the page to mark on."""
        answer = post(
            self.operator, "/temuan/ambil", perangkat="pi-jawi", kamera=camera, tujuan=PURPOSE, **fields
        )
        return str(answer.location)

    def make(self, camera: str = "selatan", **fields: str) -> str:
        """Mark a finding and send it to OPD 1; return the address of its page."""
        wanted = {
            "kiri": "40", "atas": "30,5", "lebar": "20", "tinggi": "20", "jenis": "billboard",
            "keterangan": "papan di tikungan", "kirim": "ya", "opd": "1", **fields,
        }  # fmt: skip
        return str(post(self.operator, self.take(camera), **wanted).location)


def officer_of(city: Screens, opd: int, name: str) -> FlaskClient:
    """A browser of an account that answers for one OPD."""
    city.account(name=name)
    with city.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one()
        db.add(
            RoleGrant(
                account_id=account.id,
                role=Role.LIAISON,
                scope_kind=ScopeKind.OPD,
                scope_id=str(opd),
                valid_from=city.clock(),
            )
        )
        token = sessions.begin(db, account=account, now=city.clock(), address="127.0.0.1", agent="test")
    client = city.app.test_client()
    client.set_cookie("pontive", token)
    return client


@pytest.fixture
def room(city: Screens) -> Room:
    with city.database.writing() as db:
        db.add(Opd(number=2, name="Satuan Polisi Pamong Praja"))
    return Room(
        city,
        city.signed_in(Role.OPERATOR, name="oki"),
        officer_of(city, 1, "rina"),
        officer_of(city, 2, "tono"),
    )
