"""Which rows somebody sees and edits: the one place where that is decided.

The whole city: all. An OPD: the rows it owns today, to see and to edit. A kecamatan or kelurahan: to see
what lies there. Rows without an owner are the city's: everybody who sees registers sees them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session

from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of
from hub.places.areas import read_areas
from hub.registers.keeping.models import RegisterOwner, RegisterRow


@dataclass(frozen=True, slots=True)
class RegisterReach:
    """How far registers are seen, or edited."""

    is_city: bool
    opds: frozenset[int] = frozenset()
    wards: frozenset[str] = frozenset()
    has_free: bool = False  # rows that nobody owns

    def holds(self, owner: int | None, kelurahan: str = "") -> bool:
        """Return whether a row is within reach."""
        if self.is_city or (owner is None and self.has_free):
            return True
        return owner in self.opds or (bool(kelurahan) and kelurahan in self.wards)

    def condition(self) -> ColumnElement[bool]:
        """Return the same as a condition on rows joined with today's owners."""
        if self.is_city:
            return true()
        wanted = [RegisterOwner.opd.in_(self.opds), RegisterRow.kelurahan.in_(self.wards)]
        if self.has_free:
            wanted.append(RegisterOwner.opd.is_(None))
        return or_(*wanted)


EVERYTHING = RegisterReach(is_city=True)


def owned_on(day: date) -> ColumnElement[bool]:
    """Return what joins rows with their owners of a day."""
    return and_(
        RegisterOwner.row_id == RegisterRow.id,
        RegisterOwner.valid_from <= day,
        or_(RegisterOwner.valid_to.is_(None), RegisterOwner.valid_to > day),
    )


def register_reach(db: Session, account_id: int, permission: Permission, now: datetime) -> RegisterReach:
    """Return how far an account's permission reaches now."""
    grants = [
        grant
        for grant in grants_of(db, account_id, now)
        if permission in PERMISSIONS_OF_ROLE[Role(grant.role)]
    ]
    ids = {kind: {one.scope_id for one in grants if one.scope_kind == kind} for kind in ScopeKind}
    is_seeing = permission is Permission.REGISTER_SEE
    districts = ids[ScopeKind.KECAMATAN]
    wards = {area.code for area in read_areas().kelurahan if area.kecamatan in districts}
    return RegisterReach(
        is_city=any(one.scope_kind == ScopeKind.CITY for one in grants),
        opds=frozenset(int(one) for one in ids[ScopeKind.OPD] if one.isdecimal() and len(one) < 10),
        wards=frozenset(wards | ids[ScopeKind.KELURAHAN]) if is_seeing else frozenset(),
        has_free=is_seeing and bool(grants),
    )
