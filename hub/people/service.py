"""Accounts: made, changed, checked. Takes a session, never commits, never reads a request."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.people.second_factor.waiting import end_waiting
from hub.people.signing_in.passwords import hash_password, is_password, make_password, needs_rehash

# A password on a slip of paper must be used within a week.
HANDED_OUT_FOR = timedelta(days=7)

_NAME = re.compile(r"\A[a-z][a-z0-9._-]{1,39}\Z")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account and the password that was made for it; shown once, kept nowhere."""

    account: Account
    password: str


def find_account(db: Session, name: str) -> Account | None:
    """Return the account of this name, whatever its case."""
    return db.scalars(select(Account).where(Account.name == name.strip().casefold())).first()


def add_account(
    db: Session, *, name: str, display_name: str, roles: tuple[Role, ...], now: datetime, actor: str
) -> NewAccount:
    """Make an account with a random password that must be changed at the first login.

    Raises:
        InputError: the name is malformed or taken.
    """
    if not _NAME.match(name):
        raise InputError(f"nama akun {name!r}: pakai 2-40 huruf kecil, angka, titik, _ atau -")
    if find_account(db, name) is not None:
        raise InputError(f"nama akun {name!r} sudah dipakai; pilih nama lain atau buat sandi baru untuknya")
    password = make_password()
    account = Account(
        name=name,
        display_name=display_name or name,
        password_hash=hash_password(password),
        must_change_password=True,
        password_expires_at=now + HANDED_OUT_FOR,
        created_at=now,
    )
    db.add(account)
    db.flush()
    for role in roles:
        db.add(RoleGrant(account_id=account.id, role=role, scope_kind=ScopeKind.CITY, valid_from=now))
    listed = ",".join(roles)
    audit.append(db, at=now, actor=actor, action="account.add", target=f"account:{name}", detail=listed)
    return NewAccount(account, password)


def reset_password(db: Session, *, name: str, now: datetime, actor: str) -> str:
    """Give an account a random password that must be changed at the next login, and return it.

    Raises:
        InputError: there is no such account.
    """
    account = find_account(db, name)
    if account is None:
        raise InputError(f"tidak ada akun {name!r}; buat dulu dengan 'pontive-hub user add'")
    password = make_password()
    account.password_hash = hash_password(password)
    account.must_change_password = True
    account.password_expires_at = now + HANDED_OUT_FOR
    end_waiting(db, account.id)
    audit.append(db, at=now, actor=actor, action="password.reset", target=f"account:{account.name}")
    return password


def change_password(db: Session, *, account: Account, password: str, now: datetime) -> None:
    """Set the password that its owner chose; its strength was checked by the form."""
    account.password_hash = hash_password(password)
    account.must_change_password = False
    account.password_expires_at = None
    audit.append(db, at=now, actor=account.name, action="password.change", target=f"account:{account.name}")


def check_login(db: Session, *, name: str, password: str, now: datetime) -> Account | None:
    """Return the account if the password is right and may be used; the same time for each answer."""
    account = find_account(db, name)
    is_right = is_password(password, account.password_hash if account else None)
    if account is None or not is_right or not may_sign_in(account, now):
        # Somebody may have typed the password into the name's field: the name is not kept.
        target = f"account:{account.name}" if account else "account:?"
        audit.append(db, at=now, actor="system", action="login.refused", target=target)
        return None
    if needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def may_sign_in(account: Account, now: datetime) -> bool:
    """Return whether an account is open and its handed-out password, if it has one, still counts."""
    expires_at = account.password_expires_at
    return not account.is_disabled and (expires_at is None or now < expires_at)


# Asked with every request: built once.
_GRANTS = select(RoleGrant).where(
    RoleGrant.account_id == bindparam("account"), RoleGrant.valid_from <= bindparam("now")
)


def grants_of(db: Session, account_id: int, now: datetime) -> list[RoleGrant]:
    """Return the grants in force, whatever their scope."""
    grants = db.scalars(_GRANTS, {"account": account_id, "now": now})
    return [grant for grant in grants if grant.valid_to is None or now < grant.valid_to]


def roles_of(db: Session, account_id: int, now: datetime) -> frozenset[Role]:
    """Return the roles in force for the whole city; narrower grants open no city-wide screen."""
    return roles_in(grants_of(db, account_id, now))


def roles_in(grants: Iterable[RoleGrant], *, is_city_only: bool = True) -> frozenset[Role]:
    """Return the roles of grants, those for a part of the city only if asked for."""
    return frozenset(
        Role(grant.role) for grant in grants if not is_city_only or grant.scope_kind == ScopeKind.CITY
    )
