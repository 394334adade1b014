"""What is changed by hand about an employee reaches doors, and the past stays as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.db import Database
from hub.errors import InputError, NotFoundError
from hub.people import sessions
from hub.people.badges.service import badges_of, issue_badges
from hub.people.enrolment.codes import check_enrolment_code, issue_enrolment_code
from hub.people.models import Account, AuditEntry, LoginSession, Opd, Person, PersonAccount, Unit
from hub.people.permissions import Role
from hub.people.service import add_account
from hub.people.staff.changes import StaffChanges, placements_of

BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def office(database: Database) -> Database:
    with database.writing() as db:
        db.add_all([Opd(number=1, name="Kominfo"), Opd(number=2, name="Satpol PP")])
        db.add(Person(number=101, short_name="Siti", changed_at=BEFORE))
        db.flush()
        db.add_all([Unit(number=11, opd=1, name="Sekretariat"), Unit(number=21, opd=2, name="Regu A")])
        db.flush()
        does(db).place(101, opd=1, unit=11, since=date(2026, 1, 5))
    return database


def does(db: object) -> StaffChanges:
    return StaffChanges(db, actor="dewi", today=TODAY, now=NOW)  # type: ignore[arg-type]  # a session


def places(database: Database) -> list[tuple[int, int, date, date | None]]:
    with database.reading() as db:
        return [(one.opd, one.unit, one.valid_from, one.valid_to) for one in placements_of(db, 101)]


def test_a_new_name_is_sent_to_doors_and_is_not_in_the_chain(office: Database) -> None:
    with office.writing() as db:
        does(db).rename(101, "  Siti   Nur ")
    with office.reading() as db:
        person = db.get_one(Person, 101)
        assert (person.short_name, person.changed_at) == ("Siti Nur", NOW)
        assert "Siti" not in str([(one.object, one.detail) for one in db.scalars(select(AuditEntry))])
    for bad in ("", "W" * 21, "Siti\n\x07"):
        with office.writing() as db, pytest.raises(InputError, match="1-20 huruf"):
            does(db).rename(101, bad)


def test_somebody_who_moves_keeps_the_past(office: Database) -> None:
    with office.writing() as db:
        does(db).place(101, opd=2, unit=21, since=date(2026, 11, 1))
    assert places(office) == [
        (2, 21, date(2026, 11, 1), None),
        (1, 11, date(2026, 1, 5), date(2026, 10, 31)),
    ]
    with office.writing() as db:
        assert db.get_one(Person, 101).opd == 2
        does(db).place(101, opd=2, unit=0, since=date(2026, 11, 1))
        with pytest.raises(InputError, match="sudah ditempatkan sejak 2026-11-01"):
            does(db).place(101, opd=1, unit=11, since=date(2026, 10, 1))
    assert places(office)[0] == (2, 0, date(2026, 11, 1), None)


@pytest.mark.parametrize(
    ("opd", "unit", "words"), [(9, 0, "OPD itu tidak ada"), (1, 21, "bukan bagian"), (1, 99, "bukan bagian")]
)
def test_nobody_is_placed_where_there_is_nothing(office: Database, opd: int, unit: int, words: str) -> None:
    with office.writing() as db, pytest.raises(InputError, match=words):
        does(db).place(101, opd=opd, unit=unit, since=TODAY)


def test_who_leaves_today_has_no_way_in_any_more(office: Database) -> None:
    with office.writing() as db:
        does(db).mark_without_phone(101, may_use_badge=True)
        issue_badges(db, persons=[101], valid_until=TODAY, hub_key=1, today=TODAY, actor="t", now=NOW)
        code = issue_enrolment_code(db, 101, "t", NOW)
        made = add_account(db, name="siti", display_name="", roles=(Role.EMPLOYEE,), now=NOW, actor="t")
        db.add(PersonAccount(account_id=made.account.id, person_number=101))
        sessions.begin(db, account=made.account, now=NOW, address="::1", agent="")
        does(db).leave(101, last_day=TODAY)
        does(db).leave(101, last_day=TODAY)
    with office.writing() as db:
        assert not db.get_one(Person, 101).is_active
        assert badges_of(db, 101)[0].reason == "keluar"
        assert str(check_enrolment_code(db, code, NOW)) == "expired"
        assert db.scalars(select(Account).where(Account.name == "siti")).one().is_disabled
        assert db.scalars(select(LoginSession)).one().ended_at == NOW
    assert places(office) == [(1, 11, date(2026, 1, 5), TODAY)]


def test_who_leaves_later_stays_until_then(office: Database) -> None:
    with office.writing() as db:
        does(db).leave(101, last_day=TODAY + timedelta(days=9))
    with office.reading() as db:
        assert db.get_one(Person, 101).is_active
    assert places(office)[0][3] == TODAY + timedelta(days=9)
    with office.writing() as db, pytest.raises(InputError, match="penempatan terakhir, 2026-01-05"):
        does(db).leave(101, last_day=date(2026, 1, 4))


def test_who_comes_back_is_placed_again(office: Database) -> None:
    with office.writing() as db:
        does(db).leave(101, last_day=date(2026, 10, 31))
        does(db).place(101, opd=1, unit=11, since=TODAY)
    with office.reading() as db:
        assert db.get_one(Person, 101).is_active
    assert places(office) == [(1, 11, TODAY, None), (1, 11, date(2026, 1, 5), date(2026, 10, 31))]


def test_who_gets_a_phone_loses_the_badge(office: Database) -> None:
    with office.writing() as db:
        does(db).mark_without_phone(101, may_use_badge=True)
        issue_badges(db, persons=[101], valid_until=TODAY, hub_key=1, today=TODAY, actor="t", now=NOW)
        for _ in range(2):
            does(db).mark_without_phone(101, may_use_badge=False)
        assert badges_of(db, 101)[0].reason == "tidak lagi tanpa ponsel"
        acts = [one.action for one in db.scalars(select(AuditEntry).order_by(AuditEntry.seq))]
    assert acts[1:] == ["staff.badge-allowed", "badge.issue", "staff.badge-forbidden", "badge.revoke"]


def test_nobody_cannot_be_changed(office: Database) -> None:
    with office.writing() as db, pytest.raises(NotFoundError):
        does(db).rename(999, "X")
    with office.writing() as db:
        db.add(Person(number=102, short_name="Budi", changed_at=BEFORE))
        db.flush()
        does(db).leave(102, last_day=TODAY)
        assert not db.get_one(Person, 102).is_active
