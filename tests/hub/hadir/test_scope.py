"""Every address of the office side, walked by people of one OPD or unit: others are as if not there."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from hub.hadir.blueprints import OFFICE
from hub.hadir.models import HoursPeriod, PersonLeave, PublicHoliday, WorkCalendar
from hub.hadir.results.publishing.outcomes import settle
from hub.people.models import Opd, Person, Placement, Unit
from hub.people.permissions import Role, ScopeKind
from tests.hub.hadir.conftest import WIB, Office, of_opd
from tests.hub.screens import Screens, addresses

MONDAY = date(2026, 11, 16)
STRANGER, STRANGERS_OPD, STRANGERS_UNIT = "Xaver Asing", "Dinas Terlarang", "Bidang Terlarang"
SECRETS = (STRANGER, STRANGERS_OPD, STRANGERS_UNIT, "rahasia")
NAMES = frozenset(blueprint.name for blueprint in OFFICE)


@pytest.fixture
def office(city: Screens) -> Office:
    office = Office(city.database)
    with city.database.writing() as db:
        db.add(Opd(number=2, name=STRANGERS_OPD))
        db.flush()
        db.add(Unit(number=21, opd=2, name=STRANGERS_UNIT))
        db.add(Person(number=201, short_name=STRANGER, opd=2, changed_at=city.clock()))
        db.flush()
        db.add(Placement(person_number=201, opd=2, unit=21, valid_from=MONDAY))
        week = '{"0": ["08:00", "15:00"]}'
        for scope, number in (("opd", 2), ("unit", 21), ("person", 201)):
            of = {"scope": scope, "scope_number": number}
            db.add(PublicHoliday(day=MONDAY, kind="local", name="libur rahasia", **of))
            db.add(HoursPeriod(name="periode rahasia", first=MONDAY, last=MONDAY, hours=week, **of))
            db.add(WorkCalendar(name="jam rahasia", valid_from=MONDAY, hours=week, **of))
        db.add(
            PersonLeave(
                person_number=201, kind="C", first=MONDAY, last=MONDAY, part="whole", document="SK rahasia"
            )
        )
    for person in (101, 201):
        office.day(person, MONDAY, "07:45")
    office.scan(201, city.clock(), clock="unknown", assurance="weak")
    office.delivered(city.clock())
    with city.database.writing() as db:
        settle(db, persons=None, first=MONDAY, last=MONDAY, zone=WIB, now=city.clock())
    return office


def walked(city: Screens, client: FlaskClient, query: str) -> int:
    """Open every address; return how many answered."""
    answered = 0
    for endpoint, path in addresses(city.app, "GET"):
        if endpoint.split(".")[0] not in NAMES:
            continue
        answer = client.get(path.replace("101", "201") + query)
        assert answer.status_code in (200, 204, 404), path
        seen = answer.data.decode("utf-8", "replace")
        assert [word for word in SECRETS if word in seen] == [], (path, query)
        assert '"number":201' not in seen, path
        answered += answer.status_code == 200
    return answered


@pytest.mark.parametrize(
    ("role", "scope", "kind"),
    [
        (Role.PERSONNEL, "1", ScopeKind.OPD),
        (Role.SUPERIOR, "1", ScopeKind.OPD),
        (Role.PERSONNEL, "11", ScopeKind.UNIT),
        (Role.SUPERIOR, "11", ScopeKind.UNIT),
        (Role.PERSONNEL, "99", ScopeKind.OPD),
    ],
)
def test_nobody_of_another_opd_is_seen_at_any_address(
    city: Screens, office: Office, role: Role, scope: str, kind: ScopeKind
) -> None:
    client = of_opd(city, role, scope, "petugas", kind)
    assert walked(city, client, "?bulan=2026-11&month=2026-11") >= 8
    walked(city, client, "?opd=2&bulan=2026-11&month=2026-11")
    walked(city, client, "?opd=2&unit=21&q=Xaver&baris=1&bulan=2026-11&month=2026-11")


def test_who_answers_for_the_city_sees_them_at_those_addresses(city: Screens, office: Office) -> None:
    client = city.signed_in(Role.PERSONNEL)
    seen = "".join(
        client.get(path + "?opd=2&bulan=2026-11&q=Xaver").get_data(as_text=True)
        for endpoint, path in addresses(city.app, "GET")
        if endpoint.split(".")[0] in NAMES and not path.endswith((".pdf", ".xlsx"))
    )
    assert [word for word in SECRETS if word not in seen] == []


def test_publishing_beyond_reach_publishes_nothing(city: Screens, office: Office) -> None:
    client = of_opd(city, Role.PERSONNEL, "1", "kepegawaian")
    before = city.dump()["day_outcome"]
    page = client.get("/hadir/terbit?opd=1").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/hadir/terbit?opd=2&bulan=2026-11", data={"csrf_token": token}).status_code == 303
    assert city.dump()["day_outcome"] == before
