"""Who holds which role for one case: grants with scope and dates, delegation, and the person it was given to.

One rule for everything: a case waits at *desks* (``lurah@kelurahan:61.71.04.1004``), a grant is a
desk, and whoever has one of the case's desks holds the role here. The same rule answers "may they?"
for one case and fills the inbox for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Opinion, Reach, Stage
from hub.cases.keeping.engine import CaseActor
from hub.cases.keeping.models import CaseRecord, CaseWait, RoleDelegation
from hub.cases.keeping.versions import of_case
from hub.people.models import Account, Opd, RoleGrant
from hub.people.permissions import ScopeKind
from hub.people.service import grants_of
from hub.people.sessions import Viewer
from hub.places.models import Device
from hub.places.owning.opds import owner_key

# West Indonesian time has no daylight saving (Keppres 41/1987); a delegation's days are the city's.
_WIB = timezone(timedelta(hours=7))
SYSTEM_ACTOR = CaseActor(None, "system", frozenset({SYSTEM}))
# Which scopes of a grant count at a stage; an area holds the smaller ones in it.
_COUNTING: dict[Reach, frozenset[ScopeKind]] = {
    Reach.CITY: frozenset(ScopeKind) - {ScopeKind.UNIT},
    Reach.OPD: frozenset({ScopeKind.CITY, ScopeKind.OPD}),
    Reach.KECAMATAN: frozenset({ScopeKind.CITY, ScopeKind.KECAMATAN}),
    Reach.KELURAHAN: frozenset({ScopeKind.CITY, ScopeKind.KECAMATAN, ScopeKind.KELURAHAN}),
    Reach.ASSIGNED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A role in a scope, now; ``capacity`` when it is held for somebody else."""

    role: str
    kind: ScopeKind
    scope: str
    capacity: str = ""

    @property
    def desk(self) -> str:
        """The desk that it is."""
        return desk_of(self.role, self.kind, self.scope)


def desk_of(role: str, kind: ScopeKind, scope: str) -> str:
    """Return the name of a desk."""
    return f"{role}@{kind}" if kind is ScopeKind.CITY else f"{role}@{kind}:{scope}"


def holds_of(db: Session, account_id: int, now: datetime) -> tuple[Hold, ...]:
    """Return what an account holds now: its own grants, and those it was lent by a delegation."""
    own = [
        Hold(each.role, ScopeKind(each.scope_kind), each.scope_id) for each in grants_of(db, account_id, now)
    ]
    lent = [
        Hold(grant.role, ScopeKind(grant.scope_kind), grant.scope_id, capacity_of(delegation))
        for grant, delegation in _lent_to(db, account_id, now)
    ]
    return (*own, *lent)


def capacity_of(delegation: RoleDelegation) -> str:
    """Return how somebody acts for another: "Plh., SK 800/12/2026"."""
    return f"{delegation.kind.capitalize()}., {delegation.decree}"


def places_of(db: Session, case: CaseRecord) -> dict[ScopeKind, str]:
    """Return in which scopes a case lies."""
    device = None if case.camera_device is None else db.get(Device, case.camera_device)
    found = {
        ScopeKind.CITY: "",
        ScopeKind.OPD: "" if case.opd is None else str(case.opd),
        ScopeKind.KECAMATAN: case.kecamatan or "",
        ScopeKind.KELURAHAN: case.kelurahan or "",
        ScopeKind.SITE: "" if device is None else device.site,
    }
    return {kind: scope for kind, scope in found.items() if scope or kind is ScopeKind.CITY}


def desks(role: str, reach: Reach, places: dict[ScopeKind, str]) -> frozenset[str]:
    """Return the desks whose holders have ``role`` for a case that lies in these places."""
    return frozenset(desk_of(role, kind, scope) for kind, scope in places.items() if kind in _COUNTING[reach])


def actor_for(db: Session, *, case: CaseRecord, viewer: Viewer, now: datetime) -> CaseActor:
    """Return who a viewer is for a case at its present stage.

    Nobody decides on what they asked for themselves: the applicant is the applicant, whatever else.
    """
    if case.applicant_account == viewer.account_id:
        return CaseActor(viewer.account_id, viewer.name, frozenset({APPLICANT}))
    stage = of_case(db, case).stage(case.stage)
    places = places_of(db, case)
    # Who was given the case acts on it from any part of the city that it lies in, and from no other.
    reach = Reach.CITY if case.assigned_account == viewer.account_id else stage.reach
    here = [
        hold
        for hold in holds_of(db, viewer.account_id, now)
        if hold.desk in desks(hold.role, reach, places) | desks(hold.role, stage.reach, places)
    ]
    own = {hold.role for hold in here if not hold.capacity}
    capacities = {hold.role: hold.capacity for hold in here if hold.role not in own}
    return CaseActor(viewer.account_id, viewer.name, frozenset(hold.role for hold in here), capacities)


def may_give(db: Session, *, case: CaseRecord, opinion: Opinion, account_id: int, now: datetime) -> bool:
    """Return whether an account may give an opinion: its role, in the OPD that it is asked of."""
    if case.applicant_account == account_id:
        return False
    stage = of_case(db, case).stage(case.stage)
    wanted = opinion_desks(db, stage, opinion, places_of(db, case))
    return any(hold.desk in wanted for hold in holds_of(db, account_id, now))


def opinion_desks(
    db: Session, stage: Stage, opinion: Opinion, places: dict[ScopeKind, str]
) -> frozenset[str]:
    """Return the desks that an opinion is asked of."""
    if not opinion.opd:
        return desks(opinion.role, stage.reach, places)
    number = opd_number(db, opinion.opd)
    there = {ScopeKind.CITY: ""} | ({} if number is None else {ScopeKind.OPD: str(number)})
    return desks(opinion.role, Reach.OPD, there)


def opd_number(db: Session, name: str) -> int | None:
    """Return the number of an OPD by any of its names, or ``None`` when the city has none of it."""
    wanted = owner_key(name)
    found = (
        opd.number for opd in db.scalars(select(Opd).order_by(Opd.number)) if owner_key(opd.name) == wanted
    )
    return next(found, None) if name else None


def write_waits(db: Session, case: CaseRecord, definition: ServiceDefinition) -> frozenset[str]:
    """Write anew whom a case waits for, and return the desks; a closed one waits for nobody."""
    db.execute(delete(CaseWait).where(CaseWait.case_id == case.id))
    stage = definition.stage(case.stage)
    if stage.is_end:
        return frozenset()
    places = places_of(db, case)
    wanted = {desk for role in staff(stage.roles) for desk in desks(role, stage.reach, places)}
    for opinion in stage.opinions:
        wanted |= opinion_desks(db, stage, opinion, places)
    if stage.reach is Reach.ASSIGNED and case.assigned_account is not None:
        wanted.add(f"@account:{case.assigned_account}")
    for desk in wanted:
        row = CaseWait(
            case_id=case.id, desk=desk, service=case.service, stage=case.stage, queue_at=case.queue_at
        )
        db.add(row)
    db.flush()
    return frozenset(wanted)


def accounts_at(db: Session, wanted: Iterable[str], now: datetime) -> set[int]:
    """Return the open accounts that sit at one of some desks, also for somebody else."""
    names = set(wanted)
    roles = {name.partition("@")[0] for name in names}
    grants = db.scalars(
        select(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.valid_from <= now,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now),
        )
    ).all()
    held = [each for each in grants if desk_of(each.role, ScopeKind(each.scope_kind), each.scope_id) in names]
    own = {each.account_id for each in held}
    lent = select(RoleDelegation.to_account).where(
        RoleDelegation.grant_id.in_([each.id for each in held]), *_in_force(now)
    )
    return own | set(db.scalars(lent))


def staff(roles: Iterable[str]) -> Iterator[str]:
    """Return the roles that accounts hold: not the applicant's, not the system's."""
    return (role for role in roles if role not in (APPLICANT, SYSTEM))


def _lent_to(db: Session, account_id: int, now: datetime) -> list[tuple[RoleGrant, RoleDelegation]]:
    query = (
        select(RoleGrant, RoleDelegation)
        .join(RoleDelegation, RoleDelegation.grant_id == RoleGrant.id)
        .where(
            RoleDelegation.to_account == account_id,
            RoleGrant.valid_from <= now,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > now),
            *_in_force(now),
        )
    )
    return [(grant, delegation) for grant, delegation in db.execute(query)]


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = now.astimezone(_WIB).date()
    return (
        RoleDelegation.ended_at.is_(None),
        RoleDelegation.valid_from <= today,
        RoleDelegation.valid_to >= today,
    )
