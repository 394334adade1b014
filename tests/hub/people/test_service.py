"""Accounts and the audit chain, on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import argon2
import pytest
from sqlalchemy import delete, update

from hub.db import Database
from hub.errors import InputError
from hub.people import audit, sessions
from hub.people.models import Account, AuditEntry, RoleGrant
from hub.people.permissions import Permission, Role, ScopeKind
from hub.people.service import add_account, check_login, reset_password, roles_of

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_malformed_or_taken_name_is_refused(database: Database) -> None:
    with database.writing() as db:
        add_account(db, name="siti", display_name="", roles=(), now=NOW, actor="test")
        for name in ("siti", "Siti", "a", "a b", "1a", "a" * 41):
            with pytest.raises(InputError):
                add_account(db, name=name, display_name="", roles=(), now=NOW, actor="test")


def test_a_password_for_nobody_is_refused(database: Database) -> None:
    with database.writing() as db, pytest.raises(InputError, match="user add"):
        reset_password(db, name="siti", now=NOW, actor="test")


def test_a_weak_hash_is_renewed_at_login(database: Database) -> None:
    with database.writing() as db:
        add_account(db, name="siti", display_name="", roles=(), now=NOW, actor="test")
        weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash("kapal layar kuning")
        db.execute(update(Account).values(password_hash=weak))
    with database.writing() as db:
        account = check_login(db, name="siti", password="kapal layar kuning", now=NOW)
        assert account is not None
        assert account.password_hash != weak


@pytest.mark.parametrize(
    ("kind", "begins", "ends", "is_held"),
    [
        (ScopeKind.CITY, -DAY, None, True),
        (ScopeKind.CITY, -DAY, DAY, True),
        (ScopeKind.CITY, DAY, None, False),
        (ScopeKind.CITY, -2 * DAY, -DAY, False),
        (ScopeKind.CITY, -DAY, timedelta(), False),
        (ScopeKind.KELURAHAN, -DAY, None, False),
    ],
)
def test_a_grant_counts_between_its_dates_and_for_its_scope(
    database: Database, kind: ScopeKind, begins: timedelta, ends: timedelta | None, is_held: bool
) -> None:
    with database.writing() as db:
        account = add_account(db, name="siti", display_name="", roles=(), now=NOW, actor="test").account
        grant = RoleGrant(
            account_id=account.id,
            role=Role.OPERATOR,
            scope_kind=kind,
            valid_from=NOW + begins,
            valid_to=None if ends is None else NOW + ends,
        )
        db.add(grant)
        db.flush()
        assert roles_of(db, account.id, NOW) == ({Role.OPERATOR} if is_held else frozenset())


def test_a_viewer_holds_what_the_roles_say(database: Database) -> None:
    with database.writing() as db:
        account = add_account(db, name="siti", display_name="Siti", roles=(Role.DISPLAY,), now=NOW, actor="t")
        token = sessions.begin(db, account=account.account, now=NOW, address="::1", agent="x" * 500)
        viewer = sessions.find_viewer(db, token, NOW)
        assert viewer is not None
        assert viewer.may(Permission.BOARD_DISPLAY)
        assert not viewer.may(Permission.CAMERA_STILL)
        assert sessions.find_viewer(db, token + "x", NOW) is None


def write_entries(database: Database, count: int) -> None:
    for number in range(count):
        with database.writing() as db:
            audit.append(db, at=NOW, actor="siti", action="a.b", target=f"t:{number}", detail="é")


def test_a_whole_chain_is_found_whole(database: Database) -> None:
    with database.reading() as db:
        assert audit.first_broken(db) is None
    write_entries(database, 5)
    with database.reading() as db:
        assert audit.first_broken(db) is None


def test_a_moment_of_the_citys_own_clock_keeps_the_chain_whole(database: Database) -> None:
    with database.writing() as db:
        at = NOW.astimezone(ZoneInfo("Asia/Pontianak"))
        audit.append(db, at=at, actor="siti", action="a.b", target="t")
    with database.reading() as db:
        assert audit.first_broken(db) is None


def test_a_changed_entry_is_found(database: Database) -> None:
    write_entries(database, 5)
    with database.writing() as db:
        db.execute(update(AuditEntry).where(AuditEntry.object == "t:2").values(actor="budi"))
    with database.reading() as db:
        broken = audit.first_broken(db)
        entry = db.get(AuditEntry, broken)
        assert entry is not None
        assert entry.object == "t:2"


def test_a_removed_entry_is_found(database: Database) -> None:
    write_entries(database, 5)
    with database.writing() as db:
        db.execute(delete(AuditEntry).where(AuditEntry.object == "t:1"))
    with database.reading() as db:
        entry = db.get(AuditEntry, audit.first_broken(db))
        assert entry is not None
        assert entry.object == "t:2"
