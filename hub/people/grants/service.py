"""Roles are handed out and withdrawn, accounts are made, disabled and given new passwords.

Everything asks :mod:`hub.people.grants.holding` first, and is noted. An account is out of reach
for whoever does not hold all that it holds: else an OPD's admin could become the city's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.errors import InputError, NotFoundError
from hub.people import audit, sessions
from hub.people.grants.holding import Hold, covers
from hub.people.models import Account, Opd, RoleGrant, Unit
from hub.people.permissions import Role, ScopeKind
from hub.people.second_factor.service import reset_factor
from hub.people.second_factor.waiting import end_waiting
from hub.people.service import find_account, grants_of, reset_password
from hub.places.models import Kecamatan, Kelurahan, Site

MAX_DECREE = 80
_NOT_HELD = "Anda hanya dapat memberi atau mencabut peran yang Anda pegang sendiri, di lingkup dan masa itu."
_NOT_YOURS = "Akun ini memegang peran di luar kewenangan Anda."


@dataclass(frozen=True, slots=True)
class Grant:
    """What is to be handed out.

    The scope is the number of an OPD or unit, the code of an area, the id of a point, or empty for
    the city.
    """

    role: Role
    kind: ScopeKind
    scope: str
    valid_from: datetime
    valid_to: datetime | None
    decree: str


class GrantDesk:
    """Acts on accounts and roles in the name of one account, at a time."""

    def __init__(self, db: Session, *, account_id: int, actor: str, now: datetime) -> None:
        """Take a session and who acts."""
        self._db, self._account_id, self._actor, self._now = db, account_id, actor, now
        self._own = tuple(hold_of(grant) for grant in grants_of(db, account_id, now))
        self._opd_of_unit = {unit.number: unit.opd for unit in db.scalars(select(Unit))}

    def may(self, hold: Hold) -> bool:
        """Return whether this role may be handed out or withdrawn."""
        return covers(self._own, hold, self._opd_of_unit)

    def may_act_on(self, grants: list[RoleGrant]) -> bool:
        """Return whether an account that holds these may be acted on at all."""
        return all(self.may(_without_end(grant, self._own)) for grant in grants)

    def give(self, name: str, grant: Grant) -> None:
        """Hand a role out.

        Raises:
            InputError: no such account or scope, dates that cannot be, or the actor holds less.
        """
        account = find_account(self._db, name)
        if account is None:
            raise InputError("Tidak ada akun dengan nama itu; periksa ejaannya.")
        if grant.valid_to is not None and grant.valid_to <= max(grant.valid_from, self._now):
            raise InputError("Akhir masa harus sesudah mulainya dan sesudah hari ini.")
        if not grant.decree.strip():
            raise InputError("Isi nomor SK atau dasar penugasannya.")
        self._check_scope(grant)
        if not self.may(Hold(grant.role, grant.kind, grant.scope, grant.valid_to)):
            raise InputError(_NOT_HELD)
        self._db.add(
            RoleGrant(
                account_id=account.id,
                role=grant.role,
                scope_kind=grant.kind,
                scope_id=grant.scope,
                valid_from=grant.valid_from,
                valid_to=grant.valid_to,
                decree=grant.decree.strip()[:MAX_DECREE],
            )
        )
        self._db.flush()
        self._note("role.grant", account, _words_of(grant.role, grant.kind, grant.scope), grant.decree)

    def withdraw(self, grant_id: int) -> None:
        """End a role now; what it allowed ends with it, sessions go on.

        Raises:
            NotFoundError: no such grant, or it is over.
            InputError: the actor holds less, or nobody would be left to manage the city.
        """
        grant = self._db.get(RoleGrant, grant_id)
        if grant is None or (grant.valid_to is not None and grant.valid_to <= self._now):
            raise NotFoundError(f"peran {grant_id}")
        if not self.may(_without_end(grant, self._own)):
            raise InputError(_NOT_HELD)
        if self._is_last_admin(grant):
            raise InputError("Ini admin kota yang terakhir; beri peran itu kepada akun lain dulu.")
        grant.valid_to = self._now
        account = self._db.get_one(Account, grant.account_id)
        self._note("role.withdraw", account, _words_of(grant.role, grant.scope_kind, grant.scope_id))

    def set_disabled(self, name: str, *, is_disabled: bool) -> None:
        """Close an account and sign it out everywhere, or open it again.

        Raises:
            InputError: no such account, one's own, the last admin's, or one that holds more.
        """
        account = self._account(name)
        grants = grants_of(self._db, account.id, self._now)
        if is_disabled and any(self._is_last_admin(grant) for grant in grants):
            raise InputError("Ini admin kota yang terakhir; beri peran itu kepada akun lain dulu.")
        account.is_disabled = is_disabled
        if is_disabled:
            sessions.end_all(self._db, account_id=account.id, now=self._now)
        self._note("account.disable" if is_disabled else "account.enable", account)

    def new_password(self, name: str) -> str:
        """Give an account a random password and sign it out everywhere; return it, to be told once.

        Raises:
            InputError: no such account, one's own, or one that holds more.
        """
        account = self._account(name)
        sessions.end_all(self._db, account_id=account.id, now=self._now)
        return reset_password(self._db, name=account.name, now=self._now, actor=self._actor)

    def reset_second_factor(self, name: str) -> None:
        """Take the second step away from an account and sign it out everywhere.

        Raises:
            InputError: no such account, one's own, or one that holds more.
        """
        account = self._account(name)
        sessions.end_all(self._db, account_id=account.id, now=self._now)
        end_waiting(self._db, account.id)
        reset_factor(self._db, account=account, actor=self._actor, now=self._now)

    def end_sessions(self, name: str) -> None:
        """Sign an account out everywhere.

        Raises:
            InputError: no such account, one's own, or one that holds more.
        """
        account = self._account(name)
        sessions.end_all(self._db, account_id=account.id, now=self._now)
        self._note("session.end-all", account)

    def _account(self, name: str) -> Account:
        account = find_account(self._db, name)
        if account is None:
            raise InputError("Tidak ada akun dengan nama itu; periksa ejaannya.")
        if account.id == self._account_id:
            raise InputError("Ini akun Anda sendiri; kata sandi diganti di menu akun.")
        if not self.may_act_on(future_and_present(self._db, account.id, self._now)):
            raise InputError(_NOT_YOURS)
        return account

    def _check_scope(self, grant: Grant) -> None:
        if grant.kind is ScopeKind.CITY:
            return
        places = {
            ScopeKind.KECAMATAN: Kecamatan,
            ScopeKind.KELURAHAN: Kelurahan,
            ScopeKind.SITE: Site,
        }
        offices = {ScopeKind.OPD: Opd, ScopeKind.UNIT: Unit}
        number = int(grant.scope) if grant.scope.isdecimal() and len(grant.scope) < 11 else 0
        if grant.kind in places:
            found: object = self._db.get(places[grant.kind], grant.scope)
        else:
            found = self._db.get(offices[grant.kind], number)
        if found is None:
            raise InputError("Pilih lingkup dari daftar: seluruh kota, wilayah, OPD, atau unit.")

    def _is_last_admin(self, grant: RoleGrant) -> bool:
        if (grant.role, grant.scope_kind) != (Role.ADMIN, ScopeKind.CITY):
            return False
        others = (
            select(RoleGrant.id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                RoleGrant.role == Role.ADMIN,
                RoleGrant.scope_kind == ScopeKind.CITY,
                RoleGrant.account_id != grant.account_id,
                RoleGrant.valid_from <= self._now,
                RoleGrant.valid_to.is_(None),
                Account.is_disabled.is_(False),
            )
        )
        return self._db.scalar(others.limit(1)) is None

    def _note(self, action: str, account: Account, *details: str) -> None:
        detail, target = "; ".join(details), f"account:{account.name}"
        audit.append(self._db, at=self._now, actor=self._actor, action=action, target=target, detail=detail)


def hold_of(grant: RoleGrant) -> Hold:
    """Return a grant as what it holds."""
    return Hold(Role(grant.role), ScopeKind(grant.scope_kind), grant.scope_id, grant.valid_to)


def future_and_present(db: Session, account_id: int, now: datetime) -> list[RoleGrant]:
    """Return the grants of an account that are not over."""
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now)
    )
    return list(db.scalars(query.order_by(RoleGrant.id)))


def _without_end(grant: RoleGrant, own: tuple[Hold, ...]) -> Hold:
    """Return a grant as what must be held to take it away: its scope, whoever outlasts whom.

    An acting head whose own role ends in June may withdraw a role that would go on until July.
    """
    hold = hold_of(grant)
    ends = [one.until for one in own if one.until is not None]
    return Hold(hold.role, hold.kind, hold.scope, min(ends)) if ends else hold


def _words_of(role: str, kind: str, scope: str) -> str:
    return f"{role} in {kind}{f' {scope}' if scope else ''}"
