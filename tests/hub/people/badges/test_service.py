"""Badges are issued to whom they may be, replaced, revoked, and always noted."""

from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from edge.wire.hadir.codes import BadgeCode, public_bytes_of, read_code
from hub.db import Database
from hub.errors import InputError
from hub.people.audit import first_broken
from hub.people.badges import service
from hub.people.badges.models import Badge
from hub.people.models import AuditEntry
from hub.signing import HubKeys
from tests.hub.people.badges.conftest import NOW, TODAY, UNTIL


def issue(database: Database, *persons: int, until: date = UNTIL, hub_key: int = 1) -> tuple[Badge, ...]:
    with database.writing() as db:
        return service.issue_badges(
            db, persons=persons, valid_until=until, hub_key=hub_key, today=TODAY, actor="dewi", now=NOW
        )


def to_print(
    database: Database, *persons: int, today: date = TODAY, hub_key: int = 1
) -> list[tuple[int, int]]:
    with database.writing() as db:
        badges = service.badges_to_print(
            db, persons=persons, valid_until=UNTIL, hub_key=hub_key, today=today, actor="dewi", now=NOW
        )
        return [(badge.person_number, badge.serial) for badge in badges]


def test_a_card_says_who_where_and_until_when_signed_by_the_hub(office: Database) -> None:
    key = Ed25519PrivateKey.generate()
    badges = issue(office, 101, 106)
    with office.reading() as db:
        first, second = service.printed(db, badges, HubKeys(key))
    assert (first.name, first.opd, first.number) == ("Pegawai 101", "Dinas Kominfo", "101-1")
    assert second.opd == "Satuan Polisi Pamong Praja"
    code = read_code(first.code)
    assert isinstance(code, BadgeCode)
    assert (code.person, code.serial, code.valid_until, code.hub_key) == (101, 1, UNTIL, 1)
    assert code.is_signed_by(public_bytes_of(key))


def test_a_new_badge_makes_the_one_before_worthless(office: Database) -> None:
    issue(office, 101)
    issue(office, 101, 102)
    with office.reading() as db:
        assert service.revoked_badges(db) == ((101, 1),)
        newest, older = service.badges_of(db, 101)
    assert (newest.serial, newest.revoked_at) == (2, None)
    assert (older.revoked_by, older.reason) == ("dewi", "diganti kartu baru")


def test_a_badge_that_still_lasts_is_printed_again_and_not_renewed(office: Database) -> None:
    issue(office, 101)
    assert to_print(office, 101, 102) == [(101, 1), (102, 1)]
    assert to_print(office, 101, 102) == [(101, 1), (102, 1)]


def test_a_badge_notes_the_number_of_the_key_its_card_is_signed_with(office: Database) -> None:
    first, second = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    rotated = HubKeys(second, former=(first.public_key(),))
    issue(office, 101, hub_key=HubKeys(first).badge_number)
    to_print(office, 101, 102, hub_key=rotated.badge_number)
    with office.reading() as db:
        badges = [service.badges_of(db, person)[0] for person in (101, 102)]
        cards = [read_code(one.code) for one in service.printed(db, badges, rotated)]
    assert [badge.hub_key for badge in badges] == [card.hub_key for card in cards] == [2, 2]
    assert all(card.is_signed_by(public_bytes_of(second)) for card in cards)


def test_a_badge_that_soon_runs_out_is_renewed(office: Database) -> None:
    issue(office, 101, until=TODAY + timedelta(days=59))
    issue(office, 102, until=TODAY + timedelta(days=60))
    assert to_print(office, 101, 102) == [(101, 2), (102, 1)]


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), TODAY + timedelta(days=731)])
def test_a_last_day_that_cannot_be_is_refused(office: Database, until: date) -> None:
    with pytest.raises(InputError, match="paling lama 24 bulan"):
        issue(office, 101, until=until)


@pytest.mark.parametrize("stranger", [105, 107, 999])
def test_who_has_a_phone_or_left_or_is_nobody_gets_none(office: Database, stranger: int) -> None:
    with pytest.raises(InputError, match=f"tanpa ponsel; belum bertanda: nomor {stranger}"):
        issue(office, 101, stranger)
    with office.reading() as db:
        assert db.scalars(select(Badge)).all() == []


def test_many_that_may_not_are_named_in_part(office: Database) -> None:
    with pytest.raises(InputError, match=r"209 dan 2 lagi"):
        issue(office, *range(200, 212))


def test_holders_are_those_marked_as_without_a_phone(office: Database) -> None:
    with office.reading() as db:
        assert service.holders(db) == (101, 102, 103, 104, 106)
        assert service.holders(db, opd=2) == (106,)


def test_a_revoked_badge_is_in_the_list_for_doors_once(office: Database) -> None:
    issue(office, 101, 102)
    with office.writing() as db:
        for _ in range(2):
            service.revoke_badge(db, person=101, serial=1, reason=" hilang ", actor="dewi", now=NOW)
        service.revoke_all_of(db, person=102, reason="pindah", actor="dewi", now=NOW)
        service.revoke_all_of(db, person=103, reason="pindah", actor="dewi", now=NOW)
        assert service.revoked_badges(db) == ((101, 1), (102, 1))
        assert not service.is_good(db.get_one(Badge, (101, 1)), TODAY)
        acts = [(one.action, one.object, one.detail) for one in db.scalars(select(AuditEntry))]
        assert acts == [
            ("badge.issue", "badges:2", "101-1,102-1"),
            ("badge.revoke", "badge:101-1", "101-1"),
            ("badge.revoke", "badge:102-1", "102-1"),
        ]
        assert first_broken(db) is None


def test_a_badge_that_is_none_cannot_be_revoked(office: Database) -> None:
    with office.writing() as db, pytest.raises(InputError, match="Kartu 101-7 tidak ada"):
        service.revoke_badge(db, person=101, serial=7, reason="", actor="dewi", now=NOW)


def test_nobody_has_more_badges_than_a_code_can_count(office: Database) -> None:
    with office.writing() as db:
        db.add(
            Badge(
                person_number=101,
                serial=service.MAX_SERIAL,
                hub_key=1,
                valid_until=UNTIL,
                issued_at=NOW,
                issued_by="dewi",
            )
        )
    with pytest.raises(InputError, match="semua 65535 nomor kartu"):
        issue(office, 101)
