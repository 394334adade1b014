"""Whose account it is: made with a one-time code, or tied to the person the code was issued for.

Never decides that a code is good; :mod:`hub.people.enrolment.codes` does.
"""

import re
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account, Person, PersonAccount, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import add_account, change_password, find_account, grants_of


class Step(StrEnum):
    """What somebody with a good code does next."""

    MAKE_ACCOUNT = "make-account"
    SIGN_IN = "sign-in"
    ENROL = "enrol"
    LINK = "link"  # enrol, and tie this account to the person
    OTHER_PERSON = "other-person"


def next_step(db: Session, person: int, account_id: int | None) -> Step:
    """Return what comes next for the holder of a person's code.

    Args:
        db: Any session.
        person: For whom the code was issued.
        account_id: Who is signed in in this browser.
    """
    owner = db.scalars(select(PersonAccount).where(PersonAccount.person_number == person)).first()
    if account_id is None:
        return Step.MAKE_ACCOUNT if owner is None else Step.SIGN_IN
    if owner is not None:
        return Step.ENROL if owner.account_id == account_id else Step.OTHER_PERSON
    return Step.LINK if db.get(PersonAccount, account_id) is None else Step.OTHER_PERSON


def suggested_name(person: Person) -> str:
    """Return an account name such as ``budi.101``; the person may choose another."""
    letters = re.sub(r"[^a-z]", "", person.short_name.casefold().split(" ")[0])
    return f"{letters or 'pegawai'}.{person.number}"


def make_own_account(db: Session, *, person: int, name: str, password: str, now: datetime) -> Account:
    """Make the account of a person with the password that the person chose.

    Raises:
        InputError: the name is malformed or taken, or the person has an account already.
    """
    if next_step(db, person, None) is not Step.MAKE_ACCOUNT:
        raise InputError("Pegawai ini sudah punya akun; masuk dengan akun itu.")
    if find_account(db, name) is not None:
        raise InputError(
            "Nama akun itu sudah dipakai; pilih nama lain, misalnya dengan angka di belakangnya."
        )
    shown = db.get_one(Person, person).short_name
    made = add_account(
        db, name=name, display_name=shown, roles=(Role.EMPLOYEE,), now=now, actor=f"person:{person}"
    )
    change_password(db, account=made.account, password=password, now=now)
    _tie(db, person=person, account=made.account, now=now)
    return made.account


def link_account(db: Session, *, person: int, account: Account, now: datetime) -> None:
    """Tie an account to a person, and let it open the pages about oneself.

    Raises:
        InputError: one of the two belongs to somebody else already.
    """
    step = next_step(db, person, account.id)
    if step is Step.OTHER_PERSON:
        raise InputError("Kode ini untuk pegawai lain. Keluar dulu, lalu masuk dengan akun pegawai itu.")
    if step is Step.LINK:
        _tie(db, person=person, account=account, now=now)
    held = {Role(grant.role) for grant in grants_of(db, account.id, now)}
    if not any(Permission.HADIR_OWN in PERMISSIONS_OF_ROLE[role] for role in held):
        grant = RoleGrant(
            account_id=account.id, role=Role.EMPLOYEE, scope_kind=ScopeKind.CITY, valid_from=now
        )
        db.add(grant)
        db.flush()


def _tie(db: Session, *, person: int, account: Account, now: datetime) -> None:
    db.add(PersonAccount(account_id=account.id, person_number=person))
    db.flush()
    audit.append(db, at=now, actor=account.name, action="account.link", target=f"person:{person}")
