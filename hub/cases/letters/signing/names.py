"""Officials' names under letters: personnel write them from the register, nobody their own. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cases.keeping.models import RoleDelegation
from hub.cases.keeping.versions import all_kept
from hub.cases.letters.models import LetterSignatory
from hub.cases.letters.signing.service import signature_of
from hub.errors import InputError
from hub.people import audit
from hub.people.models import Account, RoleGrant
from hub.people.sessions import Viewer

LEAST_NAME, MOST_NAME, MOST_RANK = 3, 120, 80


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs letters; without a row the name of the account stands under them."""

    account: Account
    full_name: str
    rank: str
    is_written: bool


def signers(db: Session, now: datetime) -> Sequence[Signer]:
    """Return who signs letters now, for an own office or for another's, by name."""
    grants = select(RoleGrant).where(
        RoleGrant.role.in_(_signing_roles(db)), or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now)
    )
    held = db.scalars(grants).all()
    lent = select(RoleDelegation.to_account).where(
        RoleDelegation.grant_id.in_([one.id for one in held]), RoleDelegation.ended_at.is_(None)
    )
    ids = {one.account_id for one in held} | set(db.scalars(lent))
    active = select(Account).where(Account.id.in_(ids), Account.is_disabled.is_(False))
    accounts = db.scalars(active.order_by(Account.display_name))
    rows = {row.account_id: row for row in db.scalars(select(LetterSignatory))}
    return [_signer(account, rows.get(account.id)) for account in accounts]


def name_signer(
    db: Session, account_id: int, *, full_name: str, rank: str, viewer: Viewer, now: datetime
) -> LetterSignatory:
    """Write how somebody's name stands under letters from now on.

    Raises:
        InputError: nobody who signs, oneself, or a name that is none.
    """
    name, rank = " ".join(full_name.split()), " ".join(rank.split())
    if account_id not in {one.account.id for one in signers(db, now)}:
        raise InputError("Akun ini tidak menandatangani surat.")
    if account_id == viewer.account_id:
        raise InputError("Nama Anda sendiri ditulis oleh petugas kepegawaian lain.")
    if not LEAST_NAME <= len(name) <= MOST_NAME or len(rank) > MOST_RANK:
        raise InputError("Isi nama lengkap dengan gelar, 3 sampai 120 huruf; pangkat paling banyak 80 huruf.")
    row = db.get(LetterSignatory, account_id) or LetterSignatory(account_id=account_id)
    row.full_name, row.rank = name, rank
    db.add(row)
    target, detail = f"account:{db.get_one(Account, account_id).name}", f"{name}; {rank}"
    audit.append(db, at=now, actor=viewer.name, action="letter.signatory", target=target, detail=detail)
    return row


def _signer(account: Account, row: LetterSignatory | None) -> Signer:
    if row is None:
        return Signer(account, account.display_name, "", is_written=False)
    return Signer(account, row.full_name, row.rank, is_written=True)


def _signing_roles(db: Session) -> set[str]:
    stages = [stage for definition in all_kept(db) for stage in definition.stages]
    signed = [(stage, action) for stage in stages if (action := signature_of(stage)) is not None]
    return {role for stage, action in signed for role in action.roles or stage.roles}
