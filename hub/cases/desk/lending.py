"""A role lent for some days: Plt. (vacant office) or Plh. (its holder is away), by a decree. Never commits.

Only what one holds oneself is lent, and only to somebody who works on cases anyway: a lent role
opens no screen of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cases.keeping.models import RoleDelegation
from hub.cases.keeping.telling import say
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.models import Account, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role
from hub.people.service import find_account, grants_of
from hub.people.sessions import Viewer

# BKN's circular 1/SEK/2021 has three months, once prolonged; longer is a new decree.
LONGEST_DAYS = 92
_MOST_DECREE = 80
KINDS = ("plh", "plt")


@dataclass(frozen=True, slots=True)
class Lending:
    """What is lent to whom."""

    grant_id: int
    to_name: str
    kind: str
    first: date
    last: date
    decree: str


@dataclass(frozen=True, slots=True)
class Lent:
    """One delegation with the role and the names of both."""

    row: RoleDelegation
    grant: RoleGrant
    giver: str
    taker: str


def lendable(db: Session, account_id: int, now: datetime) -> list[RoleGrant]:
    """Return the grants that an account may lend."""
    return [
        grant
        for grant in grants_of(db, account_id, now)
        if Permission.CASE_DELEGATE in PERMISSIONS_OF_ROLE[Role(grant.role)] and grant.role != Role.ADMIN
    ]


def lend(db: Session, who: Viewer, wanted: Lending, *, now: datetime, zone: tzinfo) -> RoleDelegation:
    """Lend a role.

    Raises:
        InputError: something typed is wrong; says what and what to do.
    """
    grant = next((one for one in lendable(db, who.account_id, now) if one.id == wanted.grant_id), None)
    if grant is None:
        raise InputError("Pilih peran yang Anda pegang sendiri.")
    taker = find_account(db, wanted.to_name)
    if taker is None or taker.is_disabled or taker.id == who.account_id:
        raise InputError("Tulis nama akun pengganti; akun itu harus aktif dan bukan akun Anda sendiri.")
    if not _works_on_cases(db, taker.id, now):
        raise InputError("Akun pengganti belum memegang peran untuk berkas; minta admin memberinya dulu.")
    if wanted.kind not in KINDS:
        raise InputError("Pilih Plh. atau Plt.")
    _check_days(wanted, now.astimezone(zone).date())
    decree = wanted.decree.strip()
    if not decree:
        raise InputError("Isi nomor surat perintah atau SK.")
    row = RoleDelegation(
        grant_id=grant.id,
        to_account=taker.id,
        kind=wanted.kind,
        valid_from=wanted.first,
        valid_to=wanted.last,
        decree=decree[:_MOST_DECREE],
        made_by=who.account_id,
        made_at=now,
    )
    db.add(row)
    db.flush()
    _note(db, who, row, "role.lend", taker, now)
    days = f"{wanted.first:%d-%m-%Y} sampai {wanted.last:%d-%m-%Y}"
    subject = f"Anda {wanted.kind.capitalize()}. {who.display_name}, {days}"
    say(
        db,
        {taker.id},
        subject,
        [subject, f"Dasar: {row.decree}"],
        link="/berkas",
        about=f"lend:{row.id}",
        now=now,
    )
    return row


def take_back(db: Session, who: Viewer, number: int, *, now: datetime) -> None:
    """End a delegation now; either of the two may.

    Raises:
        NotFoundError: there is none of this number that one has part in.
    """
    row = db.get(RoleDelegation, number)
    if row is None or row.ended_at is not None or who.account_id not in (row.made_by, row.to_account):
        raise NotFoundError(f"delegation {number}")
    row.ended_at = now
    _note(db, who, row, "role.take-back", db.get_one(Account, row.to_account), now)


def lent_by_or_to(db: Session, account_id: int, now: datetime, zone: tzinfo) -> list[Lent]:
    """Return the delegations that an account gave or has, those to come too, the newest first."""
    query = (
        select(RoleDelegation, RoleGrant)
        .join(RoleGrant, RoleGrant.id == RoleDelegation.grant_id)
        .where(
            or_(RoleDelegation.made_by == account_id, RoleDelegation.to_account == account_id),
            RoleDelegation.ended_at.is_(None),
            RoleDelegation.valid_to >= now.astimezone(zone).date(),
        )
        .order_by(RoleDelegation.id.desc())
    )
    rows = [(row, grant) for row, grant in db.execute(query)]
    ids = {number for row, _grant in rows for number in (row.made_by, row.to_account)}
    names = {one.id: one.display_name for one in db.scalars(select(Account).where(Account.id.in_(ids)))}
    return [Lent(row, grant, names[row.made_by], names[row.to_account]) for row, grant in rows]


def _check_days(wanted: Lending, today: date) -> None:
    if wanted.last < wanted.first or wanted.last < today:
        raise InputError("Hari terakhir harus sesudah hari pertama dan belum lewat.")
    if wanted.last - wanted.first > timedelta(days=LONGEST_DAYS):
        raise InputError(f"Paling lama {LONGEST_DAYS} hari; sesudahnya dengan surat perintah baru.")


def _works_on_cases(db: Session, account_id: int, now: datetime) -> bool:
    grants = grants_of(db, account_id, now)
    return any(Permission.CASE_ACT in PERMISSIONS_OF_ROLE[Role(grant.role)] for grant in grants)


def _note(db: Session, who: Viewer, row: RoleDelegation, act: str, taker: Account, now: datetime) -> None:
    grant = db.get_one(RoleGrant, row.grant_id)
    detail = f"{row.kind} {grant.role}@{grant.scope_kind}:{grant.scope_id} {row.valid_from}..{row.valid_to}"
    audit.append(db, at=now, actor=who.name, action=act, target=f"account:{taker.name}", detail=detail)
