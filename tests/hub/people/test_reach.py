"""For whom a permission of an account holds, and who is there."""

from datetime import UTC, date, datetime

import pytest

from hub.db import Database
from hub.people.models import Opd, Person, Placement, Unit
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.reach import Reach, opds_within, own_number, people_found, people_within, reach_of
from hub.people.service import add_account, grants_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DAY = date(2026, 11, 21)


@pytest.fixture
def office(database: Database) -> Database:
    """Siti in unit 11 of OPD 1, Budi in unit 21 of OPD 2."""
    with database.writing() as db:
        for person, name, opd, unit in ((101, "Siti N.", 1, 11), (102, "Budi S.", 2, 21)):
            db.add(Opd(number=opd, name=f"OPD {opd}"))
            db.add(Person(number=person, short_name=name, opd=opd, changed_at=NOW))
            db.flush()
            db.add(Unit(number=unit, opd=opd, name=f"Unit {unit}"))
            db.add(Placement(person_number=person, opd=opd, unit=unit, valid_from=date(2026, 1, 5)))
    return database


def test_a_grant_reaches_its_opd_or_unit_and_no_further(office: Database) -> None:
    with office.writing() as db:
        made = add_account(db, name="kadis", display_name="", roles=(Role.SUPERIOR,), now=NOW, actor="t")
        (grant,) = grants_of(db, made.account.id, NOW)
        for kind, scope, seen in (
            (ScopeKind.CITY, "", {101, 102}),
            (ScopeKind.OPD, "1", {101}),
            (ScopeKind.UNIT, "21", {102}),
            (ScopeKind.UNIT, "x", set()),
            (ScopeKind.KELURAHAN, "1", set()),
        ):
            grant.scope_kind, grant.scope_id = kind, scope
            db.flush()
            reach = reach_of(db, made.account.id, Permission.HADIR_SEE, NOW)
            people = people_within(db, reach, DAY, DAY)
            assert {person.number for person in people} == seen, kind
            assert all(reach.holds(person.opd, person.unit) for person in people)
            assert len(opds_within(db, reach, DAY)) == len(seen)
            assert reach_of(db, made.account.id, Permission.HADIR_VERIFY, NOW) == Reach(is_city=False)
        assert own_number(db, made.account.id) is None


def test_one_opd_is_picked_out(office: Database) -> None:
    with office.reading() as db:
        (only,) = people_within(db, Reach(is_city=True), DAY, DAY, opd=2)
    assert (only.number, only.unit_name) == (102, "Unit 21")


def test_people_are_found_by_number_or_by_letters_of_the_name(office: Database) -> None:
    with office.reading() as db:
        for words, found in (
            ("101", [101]),
            (" sIt", [101]),
            ("i", [102, 101]),
            ("10", []),
            ("", [102, 101]),
        ):
            people = people_found(db, Reach(is_city=True), words, DAY)
            assert [person.number for person in people] == found, words
