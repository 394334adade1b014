"""One-time codes for phones: issued once, tried five times, good for three days and one phone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.db import Database
from hub.errors import InputError
from hub.people import audit
from hub.people.enrolment.codes import (
    ALPHABET,
    LIFETIME,
    MAX_TRIES,
    Refusal,
    check_enrolment_code,
    issue_enrolment_code,
    use_up,
)
from hub.people.models import AuditEntry, EnrolmentCode, Person

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


@pytest.fixture
def staffed(database: Database) -> Database:
    with database.writing() as db:
        db.add(Person(number=101, short_name="Siti", opd=7, changed_at=NOW))
        db.add(Person(number=102, short_name="Budi", opd=7, is_active=False, changed_at=NOW))
    return database


def issue(database: Database, now: datetime = NOW) -> str:
    with database.writing() as db:
        return issue_enrolment_code(db, 101, "admin-opd", now)


def check(database: Database, typed: str, now: datetime = NOW) -> Refusal | int:
    with database.writing() as db:
        found = check_enrolment_code(db, typed, now)
        return found if isinstance(found, Refusal) else found.person_number


def test_a_code_is_twelve_letters_that_nobody_mistakes(staffed: Database) -> None:
    code = issue(staffed)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(code) <= set(ALPHABET) | {"-"}
    assert not set("ILOU01") & set(ALPHABET)


@pytest.mark.parametrize("written", ["{}", " {} ", "{lower}", "{bare}", "{spaced}"])
def test_it_is_found_however_it_is_written(staffed: Database, written: str) -> None:
    code = issue(staffed)
    typed = written.format(
        code, lower=code.lower(), bare=code.replace("-", ""), spaced=code.replace("-", " ")
    )
    assert check(staffed, typed) == 101


def test_neither_table_nor_audit_holds_it_and_the_audit_says_who_issued_it(staffed: Database) -> None:
    code = issue(staffed)
    with staffed.reading() as db:
        row = db.scalars(select(EnrolmentCode)).one()
        secret = code.replace("-", "")[4:]
        assert secret.encode() not in row.digest + row.salt
        entries = db.scalars(select(AuditEntry)).all()
        told = [(entry.actor, entry.action, entry.object) for entry in entries]
        assert told == [("admin-opd", "enrolment.issue", "person:101")]
        assert not any(secret[:4] in entry.detail for entry in entries)
        assert audit.first_broken(db) is None


@pytest.mark.parametrize("typed", ["", "K7MP", "ZZZZ-ZZZZ-ZZZZ", "K7MP-3QXD-9FTW-9FTW", "ä" * 12])
def test_a_code_that_was_never_issued_is_unknown(staffed: Database, typed: str) -> None:
    assert check(staffed, typed) is Refusal.UNKNOWN


def test_after_five_wrong_secrets_the_right_one_is_refused_too(staffed: Database) -> None:
    code = issue(staffed)
    wrong = code[:5] + ("AAAA-AAAA" if code[5] != "A" else "BBBB-BBBB")
    answers = [check(staffed, wrong) for _ in range(MAX_TRIES)]
    assert answers == [Refusal.UNKNOWN] * (MAX_TRIES - 1) + [Refusal.BLOCKED]
    assert check(staffed, code) is Refusal.BLOCKED
    with staffed.reading() as db:
        assert [entry.action for entry in db.scalars(select(AuditEntry))][-1] == "enrolment.blocked"


def test_it_expires_after_three_days(staffed: Database) -> None:
    code = issue(staffed)
    assert check(staffed, code, NOW + LIFETIME - timedelta(seconds=1)) == 101
    assert check(staffed, code, NOW + LIFETIME) is Refusal.EXPIRED


def test_it_enrols_one_phone(staffed: Database) -> None:
    code = issue(staffed)
    with staffed.writing() as db:
        use_up(db, db.scalars(select(EnrolmentCode)).one(), NOW)
    assert check(staffed, code) is Refusal.USED


def test_a_new_code_takes_the_place_of_an_open_one(staffed: Database) -> None:
    first, second = issue(staffed), issue(staffed, NOW + timedelta(hours=1))
    assert check(staffed, first, NOW + timedelta(hours=1)) is Refusal.EXPIRED
    assert check(staffed, second, NOW + timedelta(hours=1)) == 101


def test_who_left_gets_no_code_and_can_use_none(staffed: Database) -> None:
    code = issue(staffed)
    with staffed.writing() as db:
        db.get_one(Person, 101).is_active = False
    assert check(staffed, code) is Refusal.EXPIRED
    for number in (101, 102, 999):
        with staffed.writing() as db, pytest.raises(InputError, match=str(number)):
            issue_enrolment_code(db, number, "admin-opd", NOW)
