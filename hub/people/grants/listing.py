"""Accounts with what they hold, for whoever may see them. A few queries, however many there are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hub.people.grants.holding import Hold
from hub.people.grants.service import GrantDesk
from hub.people.models import Account, Opd, Person, PersonAccount, Placement, RoleGrant, Unit
from hub.people.permissions import Role, ScopeKind
from hub.people.reach import Reach
from hub.people.second_factor.models import SecondFactor
from hub.places.models import Kecamatan, Kelurahan

MAX_SHOWN = 100


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role an account holds or will hold; ``scope`` is words."""

    id: int
    role: Role
    kind: ScopeKind
    scope: str
    valid_from: datetime
    valid_to: datetime | None
    decree: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account; ``person`` is the employee behind it, if any."""

    name: str
    display_name: str
    person: int | None
    is_disabled: bool
    is_own: bool
    may_act: bool
    has_second_factor: bool
    grants: tuple[GrantLine, ...]


class AccountList:
    """The accounts that somebody may see: of employees within reach, and with roles within reach."""

    def __init__(self, db: Session, reach: Reach, desk: GrantDesk, *, account_id: int, now: datetime) -> None:
        """Take a session, for whom it answers and what they may do."""
        self._db, self._reach, self._desk = db, reach, desk
        self._account_id, self._now = account_id, now
        self._opds = {opd.number: opd.name for opd in db.scalars(select(Opd))}
        self._units = {unit.number: unit for unit in db.scalars(select(Unit))}
        self._areas = {area.code: area.name for area in db.scalars(select(Kecamatan))}
        self._areas |= {area.code: area.name for area in db.scalars(select(Kelurahan))}
        has_one = select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
        self._with_factor = frozenset(db.scalars(has_one))
        self._grants: dict[int, list[RoleGrant]] = defaultdict(list)
        for grant in db.scalars(select(RoleGrant).order_by(RoleGrant.id).where(_is_not_over(now))):
            self._grants[grant.account_id].append(grant)

    def find(self, words: str, role: Role | None = None) -> tuple[AccountLine, ...]:
        """Return accounts by letters of their names, those with a role only if asked for."""
        query = (
            select(Account, PersonAccount.person_number)
            .join(PersonAccount, PersonAccount.account_id == Account.id, isouter=True)
            .order_by(Account.name)
        )
        if words:
            names = (Account.name, Account.display_name)
            query = query.where(or_(*(column.icontains(words, autoescape=True) for column in names)))
        if role is not None:
            holders = [
                account
                for account, grants in self._grants.items()
                if any(grant.role == role for grant in grants)
            ]
            query = query.where(Account.id.in_(holders))
        people = self._people_within()
        rows = self._db.execute(query).all()
        seen = [(account, person) for account, person in rows if self._is_within(account.id, person, people)]
        return tuple(self._line(account, person) for account, person in seen[:MAX_SHOWN])

    def one(self, name: str) -> AccountLine | None:
        """Return the account of exactly this name, if it may be seen."""
        wanted = name.strip().casefold()
        return next((line for line in self.find(wanted) if line.name == wanted), None)

    def of_grant(self, grant_id: int) -> AccountLine | None:
        """Return the account that holds a grant, if it may be seen."""
        grant = self._db.get(RoleGrant, grant_id)
        account = self._db.get(Account, grant.account_id) if grant is not None else None
        return self.one(account.name) if account is not None else None

    def _people_within(self) -> frozenset[int]:
        if self._reach.is_city:
            return frozenset()
        is_now = or_(Placement.valid_to.is_(None), Placement.valid_to >= self._now.date())
        placed = select(Placement.person_number).where(self._reach.condition(), is_now)
        known = select(Person.number).where(Person.opd.in_(self._reach.opds))
        return frozenset(self._db.scalars(placed)) | frozenset(self._db.scalars(known))

    def _is_within(self, account_id: int, person: int | None, people: frozenset[int]) -> bool:
        if self._reach.is_city or person in people:
            return True
        return any(self._is_ours(grant) for grant in self._grants.get(account_id, ()))

    def _is_ours(self, grant: RoleGrant) -> bool:
        number = int(grant.scope_id) if grant.scope_id.isdecimal() else -1
        if grant.scope_kind == ScopeKind.OPD:
            return number in self._reach.opds
        unit = self._units.get(number) if grant.scope_kind == ScopeKind.UNIT else None
        return unit is not None and self._reach.holds(unit.opd, unit.number)

    def _line(self, account: Account, person: int | None) -> AccountLine:
        grants = self._grants.get(account.id, [])
        is_own = account.id == self._account_id
        return AccountLine(
            name=account.name,
            display_name=account.display_name,
            person=person,
            is_disabled=account.is_disabled,
            is_own=is_own,
            has_second_factor=account.id in self._with_factor,
            may_act=not is_own and self._desk.may_act_on(grants),
            grants=tuple(self._grant_line(grant) for grant in grants),
        )

    def _grant_line(self, grant: RoleGrant) -> GrantLine:
        return GrantLine(
            id=grant.id,
            role=Role(grant.role),
            kind=ScopeKind(grant.scope_kind),
            scope=self._scope_words(grant),
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            decree=grant.decree,
            may_withdraw=self._desk.may_act_on([grant]),
        )

    def _scope_words(self, grant: RoleGrant) -> str:
        number = int(grant.scope_id) if grant.scope_id.isdecimal() else -1
        if grant.scope_kind == ScopeKind.OPD:
            return self._opds.get(number, grant.scope_id)
        if grant.scope_kind == ScopeKind.UNIT and number in self._units:
            return self._units[number].name
        return self._areas.get(grant.scope_id, grant.scope_id)


def grantable(desk: GrantDesk, offices: list[tuple[ScopeKind, str]]) -> tuple[Role, ...]:
    """Return the roles that somebody may hand out in at least one of some scopes."""
    return tuple(
        role for role in Role if any(desk.may(Hold(role, kind, scope, None)) for kind, scope in offices)
    )


def _is_not_over(now: datetime) -> ColumnElement[bool]:
    return or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now)
