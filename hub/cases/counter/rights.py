"""Which part of the city a counter serves, and who may see a NIK whole. One place for all its pages."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.keeping.holders import Hold, holds_of
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.places.areas import read_areas

# Who decides on somebody's papers may compare the NIK with theirs; those who keep the system may not.
REVEALING_ROLES = frozenset(
    {
        Role.WARD_SECTION_HEAD,
        Role.LURAH,
        Role.DISTRICT_SECTION_HEAD,
        Role.CAMAT,
        Role.LICENSING_HEAD,
        Role.POPULATION_CLERK,
        Role.PRIVACY_OFFICER,
    }
)


def counters_of(db: Session, account_id: int, now: datetime) -> tuple[Hold, ...]:
    """Return the counters that an account works at; keeping the system is no counter."""
    return tuple(
        hold
        for hold in holds_of(db, account_id, now)
        if hold.role != Role.ADMIN and Permission.COUNTER_SERVE in PERMISSIONS_OF_ROLE[Role(hold.role)]
    )


def serves(counters: tuple[Hold, ...], kelurahan: str) -> bool:
    """Return whether one of the counters is for citizens of a kelurahan."""
    district = {area.code: area.kecamatan for area in read_areas().kelurahan}.get(kelurahan, "")
    here = {(ScopeKind.KELURAHAN, kelurahan), (ScopeKind.KECAMATAN, district)}
    # An office of the city, as the one for licences, serves everybody.
    everywhere = (ScopeKind.CITY, ScopeKind.OPD)
    return any(hold.kind in everywhere or (hold.kind, hold.scope) in here for hold in counters)


def may_reveal(roles: frozenset[str]) -> bool:
    """Return whether roles that are held for a case let somebody see its applicant's NIK."""
    return bool(REVEALING_ROLES & roles)
