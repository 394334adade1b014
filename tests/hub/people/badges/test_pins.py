"""PINs of badges: chosen or made, kept as a hash, known to doors at once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from edge.wire.hadir.pin import is_pin
from hub.db import Database
from hub.errors import InputError
from hub.people.badges.pins import is_easily_guessed, reset_pin, set_pin
from hub.people.models import AuditEntry, Person

BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def office(database: Database) -> Database:
    with database.writing() as db:
        db.add(Person(number=101, short_name="Siti", changed_at=BEFORE))
    return database


def test_a_chosen_pin_is_kept_as_a_hash_and_doors_hear_of_it(office: Database) -> None:
    with office.writing() as db:
        set_pin(db, person=101, pin="4821", actor="siti", now=NOW)
    with office.reading() as db:
        person = db.get_one(Person, 101)
        (entry,) = db.scalars(select(AuditEntry))
    assert person.pin_hash is not None
    assert is_pin("4821", person.pin_hash)
    assert person.changed_at == NOW
    assert (entry.actor, entry.action, entry.object, entry.detail) == ("siti", "pin.set", "person:101", "")


def test_a_made_pin_is_told_once_and_is_the_one_that_counts(office: Database) -> None:
    with office.writing() as db:
        pin = reset_pin(db, person=101, actor="dewi", now=NOW)
    with office.reading() as db:
        kept = db.get_one(Person, 101).pin_hash
        entries = str(
            [(entry.action, entry.object, entry.detail) for entry in db.scalars(select(AuditEntry))]
        )
    assert len(pin) == 6
    assert kept is not None
    assert is_pin(pin, kept)
    assert pin not in entries


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("123", "mudah ditebak"),
        ("48a1", "4 sampai 6 angka"),
        ("", "4 sampai 6 angka"),
        ("4821973", "4 sampai 6"),
    ],
)
def test_what_is_no_pin_is_refused(office: Database, pin: str, words: str) -> None:
    with office.writing() as db, pytest.raises(InputError, match=words):
        set_pin(db, person=101, pin=pin, actor="siti", now=NOW)


def test_nobody_has_no_pin(office: Database) -> None:
    with office.writing() as db, pytest.raises(InputError, match="nomor 999 tidak ada"):
        set_pin(db, person=999, pin="4821", actor="siti", now=NOW)


@pytest.mark.parametrize(
    ("pin", "is_easy"),
    [("1111", True), ("1234", True), ("9876", True), ("4821", False), ("1357", False), ("1122", False)],
)
def test_pins_that_everybody_tries_first_are_known(pin: str, is_easy: bool) -> None:
    assert is_easily_guessed(pin) is is_easy


def test_a_made_pin_is_never_an_easy_one(office: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.people.badges import pins

    made = iter((0, 123456, 482190))
    monkeypatch.setattr(pins.secrets, "randbelow", lambda _limit: next(made))
    with office.writing() as db:
        assert reset_pin(db, person=101, actor="dewi", now=NOW) == "482190"
