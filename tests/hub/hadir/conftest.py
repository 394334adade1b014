"""A small office with people, hours and scans, on both databases."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.db import Database
from hub.hadir.models import DoorScan, DoorWatermark, ReaderService
from hub.hadir.results.publishing.outcomes import results
from hub.hadir.results.rules import DayResult
from hub.people.models import Account, PersonAccount, RoleGrant
from hub.people.permissions import Role, ScopeKind
from tests.browser.sample import SampleCity
from tests.hub.screens import Screens, city, clock, screens

WIB = ZoneInfo("Asia/Pontianak")
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
# Readers stand since long before.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def local(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), WIB).astimezone(UTC)


@dataclass
class Office:
    """Writes scans and watermarks in the name of doors."""

    database: Database
    seq: int = field(default=0)

    def scan(
        self, person: int, at: datetime, *, token: str = "", device: str = "pi-balai", **marks: object
    ) -> None:
        self.seq += 1
        values = {
            "device": device,
            "epoch": "00000000000000ab",
            "seq": self.seq + 1000,
            "door": "pintu",
            "person": person,
            "method": "phone",
            "assurance": "strong",
            "token": token or f"{self.seq:032x}",
            "flags": "",
            "roster_version": 1,
            "issued_at": at,
            "at": at,
            "clock": "synced",
            "received_at": at,
            "is_late": False,
            "is_repeated": False,
        }
        with self.database.writing() as db:
            db.add(DoorScan(**(values | marks)))

    def day(self, person: int, day: date, *times: str) -> None:
        for text in times:
            self.scan(person, local(day, text))

    def delivered(self, until: datetime = NOW, since: datetime = LONG_AGO) -> None:
        with self.database.writing() as db:
            db.merge(DoorWatermark(device="pi-balai", complete_until=until))
            db.merge(ReaderService(device="pi-balai", site="balai", since=since))

    @staticmethod
    def first() -> date:
        """The first of a month with 31 days."""
        return date(2026, 10, 1)

    def result(self, person: int, day: date) -> DayResult | None:
        with self.database.reading() as db:
            _inputs, found = results(db, persons=[person], first=day, last=day, zone=WIB)
        return found.get((person, day))


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    city = SampleCity(database, tmp_path)
    city.load()
    city.employ(NOW)
    return Office(database)


def of_opd(city: Screens, role: Role, scope: str, name: str, kind: ScopeKind = ScopeKind.OPD) -> FlaskClient:
    """A browser of somebody with a role in one OPD or unit."""
    client = city.signed_in(role, name=name, kind=kind)
    with city.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == name)).one()
        db.scalars(select(RoleGrant).where(RoleGrant.account_id == account.id)).one().scope_id = scope
    return client


def linked(city: Screens, client_name: str, person: int) -> None:
    """Make an account that of a person."""
    with city.database.writing() as db:
        account = db.scalars(select(Account).where(Account.name == client_name)).one()
        db.add(PersonAccount(account_id=account.id, person_number=person))


def text_of(client: FlaskClient, path: str) -> str:
    """The text of a page."""
    return client.get(path).get_data(as_text=True)


__all__ = ["city", "clock", "screens"]
