"""How far a permission of an account reaches: the city, some OPDs, some units. And who is there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from hub.people.models import Opd, Person, PersonAccount, Placement, Unit
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of

# Whoever finds more should type more letters.
MAX_FOUND = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """For whom a permission holds."""

    is_city: bool
    opds: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()

    def holds(self, opd: int, unit: int) -> bool:
        """Return whether somebody of this place is within reach."""
        return self.is_city or opd in self.opds or unit in self.units

    def condition(self) -> ColumnElement[bool]:
        """Return the same as a condition on :class:`Placement`."""
        if self.is_city:
            return true()
        if not self.opds and not self.units:
            return false()
        return or_(Placement.opd.in_(self.opds), Placement.unit.in_(self.units))


@dataclass(frozen=True, slots=True)
class PlacedPerson:
    """Somebody and where they work on a day."""

    number: int
    name: str
    opd: int
    unit: int
    unit_name: str


def reach_of(db: Session, account_id: int, permission: Permission, now: datetime) -> Reach:
    """Return how far an account's permission reaches now."""
    grants = [
        grant
        for grant in grants_of(db, account_id, now)
        if permission in PERMISSIONS_OF_ROLE[Role(grant.role)]
    ]

    def numbers(kind: ScopeKind) -> frozenset[int]:
        found = (grant.scope_id for grant in grants if grant.scope_kind == kind)
        return frozenset(int(number) for number in found if number.isdecimal())

    return Reach(
        is_city=any(grant.scope_kind == ScopeKind.CITY for grant in grants),
        opds=numbers(ScopeKind.OPD),
        units=numbers(ScopeKind.UNIT),
    )


def people_within(
    db: Session, reach: Reach, first: date, last: date, *, opd: int | None = None, also_left: bool = False
) -> tuple[PlacedPerson, ...]:
    """Return who worked within reach on one of the days, with their last place, by name.

    ``also_left``: with those who have left the city since; their months stay theirs.
    """
    query = (
        select(Person, Placement, Unit)
        .join(Placement, Placement.person_number == Person.number)
        .join(Unit, Unit.number == Placement.unit, isouter=True)
        .where(
            reach.condition(),
            true() if also_left else Person.is_active.is_(True),
            Placement.valid_from <= last,
            or_(Placement.valid_to.is_(None), Placement.valid_to >= first),
        )
        .order_by(Placement.valid_from)
    )
    if opd is not None:
        query = query.where(Placement.opd == opd)
    found = {
        person.number: PlacedPerson(
            person.number, person.short_name, place.opd, place.unit, unit.name if unit else ""
        )
        for person, place, unit in db.execute(query)
    }
    return tuple(sorted(found.values(), key=lambda person: (person.name.casefold(), person.number)))


def people_found(db: Session, reach: Reach, words: str, day: date) -> tuple[PlacedPerson, ...]:
    """Return who works within reach on a day and has this number, or these letters in the name."""
    wanted = words.strip().casefold()
    return tuple(
        one
        for one in people_within(db, reach, day, day)
        if wanted == str(one.number) or (not wanted.isdecimal() and wanted in one.name.casefold())
    )[:MAX_FOUND]


def opds_within(db: Session, reach: Reach, day: date) -> tuple[Opd, ...]:
    """Return the OPDs in which somebody is within reach on a day, in order of their numbers."""
    query = select(Placement.opd).where(
        reach.condition(),
        Placement.valid_from <= day,
        or_(Placement.valid_to.is_(None), Placement.valid_to >= day),
    )
    return tuple(db.scalars(select(Opd).where(Opd.number.in_(query)).order_by(Opd.number)))


def uses_badge(db: Session, account_id: int) -> bool:
    """Return whether the person behind an account goes without a phone, and so has a PIN to keep."""
    number = own_number(db, account_id)
    person = None if number is None else db.get(Person, number)
    return person is not None and person.may_use_badge


def own_number(db: Session, account_id: int) -> int | None:
    """Return the person behind an account, if it is known."""
    row = db.get(PersonAccount, account_id)
    return None if row is None else row.person_number
