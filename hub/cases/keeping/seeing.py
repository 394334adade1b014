"""Which cases somebody may see: those that a role of theirs has to do with at some stage, where it reaches.

What is not seen is not there: 404 for a stranger and for a colleague of another kelurahan alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Reach
from hub.cases.keeping.holders import Hold, desks, holds_of, opinion_desks, places_of, staff
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.versions import all_kept, of_case
from hub.people.permissions import ScopeKind
from hub.people.sessions import Viewer
from hub.places.models import Device


def case_for(db: Session, viewer: Viewer, number: str, *, now: datetime) -> CaseRecord | None:
    """Return a case by its number if the viewer's roles have to do with it; ``None`` means 404."""
    case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).first()
    if case is None or not may_see(db, case, account_id=viewer.account_id, now=now):
        return None
    return case


def may_see(db: Session, case: CaseRecord, *, account_id: int, now: datetime) -> bool:
    """Return whether an account's roles have to do with a case: work on it, or be told that it is late."""
    return _has_part(db, case, account_id, now, also_told=True)


def may_read(db: Session, case: CaseRecord, *, account_id: int, now: datetime) -> bool:
    """Return whether an account works on a case at some stage, and so may read its papers.

    Who is only told that time runs out sees where it stands, not what citizens handed in.
    """
    return _has_part(db, case, account_id, now, also_told=False)


def _has_part(db: Session, case: CaseRecord, account_id: int, now: datetime, *, also_told: bool) -> bool:
    holds = holds_of(db, account_id, now)
    definition, places = of_case(db, case), places_of(db, case)
    own = {hold.desk for hold in holds}
    wanted = concerned(definition, also_told=also_told)
    if case.assigned_account == account_id:
        wanted |= {(role, Reach.CITY) for role, _reach in wanted}
    if any(own & desks(role, reach, places) for role, reach in wanted):
        return True
    return any(
        own & opinion_desks(db, stage, opinion, places)
        for stage in definition.stages
        for opinion in stage.opinions
    )


def concerned(definition: ServiceDefinition, *, also_told: bool = True) -> frozenset[tuple[str, Reach]]:
    """Return which roles have to do with a service, and how far each must reach for it.

    Args:
        definition: Of the service.
        also_told: Also those who are only told that time runs out.
    """
    found: set[tuple[str, Reach]] = set()
    for stage in definition.stages:
        roles = {*stage.roles, *(role for action in stage.actions for role in action.roles)}
        roles |= {each.to for each in stage.clock.escalations} if stage.clock and also_told else set()
        found |= {(role, stage.reach) for role in staff(roles)}
    if definition.clock is not None and also_told:
        found |= {(each.to, Reach.CITY) for each in definition.clock.escalations}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Branch:
    """Some services in one part of the city; ``where`` is a condition on :class:`CaseRecord`."""

    services: tuple[str, ...]
    where: ColumnElement[bool]

    @property
    def condition(self) -> ColumnElement[bool]:
        """Both as one condition."""
        return and_(CaseRecord.service.in_(self.services), self.where)


def branches_of(db: Session, account_id: int, now: datetime) -> tuple[Branch, ...]:
    """Return which cases an account may see, as a few simple conditions that each have an index."""
    services: dict[tuple[ScopeKind, str], set[str]] = defaultdict(set)
    definitions = all_kept(db)
    for hold in holds_of(db, account_id, now):
        for definition in definitions:
            if _has_to_do(hold, definition):
                services[(hold.kind, hold.scope)].add(definition.code)
    return tuple(
        Branch(tuple(sorted(codes)), _lies_in(db, kind, scope)) for (kind, scope), codes in _widest(services)
    )


def _has_to_do(hold: Hold, definition: ServiceDefinition) -> bool:
    here = {hold.kind: hold.scope}
    if any(hold.desk in desks(role, reach, here) for role, reach in concerned(definition)):
        return True
    return any(
        opinion.role == hold.role and hold.kind in (ScopeKind.CITY, ScopeKind.OPD)
        for stage in definition.stages
        for opinion in stage.opinions
        # A named OPD gives its opinion on cases that are not its own: they stand in its inbox alone.
        if not opinion.opd or hold.kind is ScopeKind.CITY
    )


def _widest(
    services: dict[tuple[ScopeKind, str], set[str]],
) -> Iterator[tuple[tuple[ScopeKind, str], set[str]]]:
    """Leave out of narrower scopes what is seen for the whole city anyway."""
    everywhere = services.get((ScopeKind.CITY, ""), set())
    for key, codes in services.items():
        left = codes if key[0] is ScopeKind.CITY else codes - everywhere
        if left:
            yield key, left


def _lies_in(db: Session, kind: ScopeKind, scope: str) -> ColumnElement[bool]:
    conditions: dict[ScopeKind, ColumnElement[bool]] = {
        ScopeKind.CITY: true(),
        ScopeKind.OPD: CaseRecord.opd == (int(scope) if scope.isdecimal() and len(scope) < 10 else -1),
        ScopeKind.KECAMATAN: CaseRecord.kecamatan == scope,
        ScopeKind.KELURAHAN: CaseRecord.kelurahan == scope,
    }
    if kind is ScopeKind.SITE:
        return CaseRecord.camera_device.in_(_devices_at(db, scope))
    return conditions[kind]


def _devices_at(db: Session, site: str) -> Iterable[str]:
    return db.scalars(select(Device.id).where(Device.site == site)).all()
