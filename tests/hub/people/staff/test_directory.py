"""The list of employees: filtered, paged, complete, and cheap however long it is. On both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, insert

from hub.db import Database
from hub.people.badges.service import issue_badges
from hub.people.enrolment.codes import issue_enrolment_code
from hub.people.models import Account, Opd, Person, PersonAccount, PhoneKey, Placement, Unit
from hub.people.reach import Reach
from hub.people.staff.directory import PAGE_SIZE, Directory, StaffLine, Standing, Wanted

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CITY = Reach(is_city=True)


def phone(person: int, slot: int, *, is_revoked: bool = False) -> PhoneKey:
    return PhoneKey(
        person_number=person,
        slot=slot,
        algorithm="ed25519",
        public_key=bytes([person % 256, slot]) * 16,
        enrolled_at=NOW,
        revoked_at=NOW if is_revoked else None,
    )


@pytest.fixture
def office(database: Database) -> Database:
    """One employee in each state; 108 works in OPD 2 since a week, 109 was never placed."""
    with database.writing() as db:
        db.add_all([Opd(number=1, name="Kominfo"), Opd(number=2, name="Satpol PP")])
        db.flush()
        db.add_all([Unit(number=11, opd=1, name="Sekretariat"), Unit(number=21, opd=2, name="Regu A")])
        for number in range(101, 110):
            db.add(Person(number=number, short_name=f"P {number}", opd=1, changed_at=NOW))
        db.flush()
        for number in range(101, 109):
            db.add(Placement(person_number=number, opd=1, unit=11, valid_from=date(2026, 1, 5)))
        week_ago = TODAY - timedelta(days=7)
        db.add(Placement(person_number=108, opd=2, unit=21, valid_from=week_ago))
        db.add(Placement(person_number=101, opd=2, unit=21, valid_from=TODAY + timedelta(days=9)))
        db.add_all([phone(101, 0), phone(101, 1, is_revoked=True), phone(102, 0, is_revoked=True)])
        for number in (103, 104):
            db.get_one(Person, number).may_use_badge = True
        db.get_one(Person, 103).pin_hash = b"x" * 48
        db.flush()
        issue_badges(
            db,
            persons=[103],
            valid_until=TODAY + timedelta(days=300),
            hub_key=1,
            today=TODAY,
            actor="t",
            now=NOW,
        )
        issue_enrolment_code(db, 105, "t", NOW)
        db.get_one(Person, 106).is_active = False
        account = Account(
            name="p107",
            display_name="",
            password_hash="",
            must_change_password=False,
            is_disabled=True,
            created_at=NOW,
        )
        db.add(account)
        db.flush()
        db.add(PersonAccount(account_id=account.id, person_number=107))
    return database


def numbers(database: Database, wanted: Wanted, reach: Reach = CITY, now: datetime = NOW) -> list[int]:
    with database.reading() as db:
        return list(Directory(db, reach, today=TODAY, now=now).numbers(wanted))


def one(database: Database, number: int, reach: Reach = CITY) -> StaffLine | None:
    with database.reading() as db:
        return Directory(db, reach, today=TODAY, now=NOW).one(number)


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (Standing.ACTIVE, [101, 102, 103, 104, 105, 107, 108, 109]),
        (Standing.WITHOUT, [102, 105, 107, 108, 109]),
        (Standing.PHONE, [101]),
        (Standing.REVOKED, [102]),
        (Standing.CODE, [105]),
        (Standing.BADGE_USER, [103, 104]),
        (Standing.NO_BADGE, [104]),
        (Standing.NO_PIN, [104]),
        (Standing.LEFT, [106]),
    ],
)
def test_each_standing_lists_its_people(office: Database, standing: Standing, found: list[int]) -> None:
    assert numbers(office, Wanted(standing=standing)) == found


def test_a_code_that_ran_out_is_no_open_code(office: Database) -> None:
    assert numbers(office, Wanted(standing=Standing.CODE), now=NOW + timedelta(days=4)) == []


def test_words_find_by_name_or_number_and_no_pattern(office: Database) -> None:
    assert numbers(office, Wanted(words="p 10")) == [101, 102, 103, 104, 105, 107, 108, 109]
    assert numbers(office, Wanted(words=" 104 ")) == [104]
    for nothing in ("%", "_", "10%", "9" * 40):
        assert numbers(office, Wanted(words=nothing)) == [], nothing


def test_people_are_where_they_work_today(office: Database) -> None:
    assert numbers(office, Wanted(opd=2)) == [108]
    assert numbers(office, Wanted(unit=21)) == [108]
    assert numbers(office, Wanted(opd=1, unit=21)) == []
    assert numbers(office, Wanted(), Reach(is_city=False, opds=frozenset({2}))) == [108]
    assert numbers(office, Wanted(), Reach(is_city=False, units=frozenset({21}))) == [108]
    assert numbers(office, Wanted(), Reach(is_city=False)) == []
    assert one(office, 108, Reach(is_city=False, opds=frozenset({1}))) is None
    unplaced = one(office, 109, Reach(is_city=False, opds=frozenset({1})))
    assert unplaced is not None
    assert (unplaced.opd, unplaced.unit) == (1, 0)


def test_a_line_says_how_somebody_stands(office: Database) -> None:
    first, third, seventh = (one(office, number) for number in (101, 103, 107))
    assert first is not None
    assert (first.phones, first.revoked_phones, first.opd_name, first.unit_name) == (
        1,
        1,
        "Kominfo",
        "Sekretariat",
    )
    assert third is not None
    assert (third.badge, third.badge_until, third.has_pin) == (1, TODAY + timedelta(days=300), True)
    assert seventh is not None
    assert (seventh.account, seventh.is_account_disabled, seventh.code_until) == ("p107", True, None)


def test_some_are_given_by_name_and_strangers_left_out(office: Database) -> None:
    with office.reading() as db:
        directory = Directory(db, Reach(is_city=False, opds=frozenset({1})), today=TODAY, now=NOW)
        assert [line.number for line in directory.some([105, 101, 108, 999])] == [101, 105]


def test_six_thousand_are_paged_with_two_queries_a_page(office: Database) -> None:
    rows = [
        {
            "number": n,
            "short_name": f"Q {n}",
            "opd": 1,
            "is_active": True,
            "may_use_badge": False,
            "changed_at": NOW,
        }
        for n in range(1_000, 7_000)
    ]
    places = [
        {"person_number": row["number"], "opd": 1, "unit": 11, "valid_from": date(2026, 1, 5)} for row in rows
    ]
    with office.writing() as db:
        db.execute(insert(Person), rows)
        db.execute(insert(Placement), places)
    statements: list[str] = []
    event.listen(
        office.engine,
        "before_cursor_execute",
        lambda *given: given[2] == "BEGIN" or statements.append(given[2]),
    )
    with office.reading() as db:
        page = Directory(db, CITY, today=TODAY, now=NOW).page(Wanted(words="q"), 3)
    assert len(statements) == 2
    assert (page.total, page.pages, page.page, page.first) == (6_000, 120, 3, 101)
    assert [line.number for line in page.lines] == list(range(1_100, 1_100 + PAGE_SIZE))
    with office.reading() as db:
        directory = Directory(db, CITY, today=TODAY, now=NOW)
        assert directory.page(Wanted(words="q"), 999).page == 120
        empty = directory.page(Wanted(words="zzz"), 5)
    assert (empty.total, empty.page, empty.pages, empty.lines) == (0, 1, 1, ())
