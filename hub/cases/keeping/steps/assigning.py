"""To which OPD and which person an action hands a case. Reads who is there, writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Effect, Reach, Stage
from hub.cases.keeping.engine import CaseActor
from hub.cases.keeping.holders import accounts_at, desks, holds_of, opd_number, places_of, staff
from hub.cases.keeping.models import CaseRecord
from hub.cases.machine.answers import Answers, Fault
from hub.people.models import Opd
from hub.people.permissions import ScopeKind

OPD_FIELD, PERSON_FIELD = "opd", "petugas"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The OPD and the person that a case has after an action."""

    opd: int | None
    account: int | None


def assignment_of(
    db: Session,
    case: CaseRecord,
    definition: ServiceDefinition,
    action: Action,
    actor: CaseActor,
    answers: Answers,
    *,
    to_opd: int | None,
    to_account: int | None,
    now: datetime,
) -> Assignment | Fault:
    """Return whose a case is after an action, or what was chosen wrong."""
    source, target = definition.stage(case.stage), definition.stage(action.to)
    opd, account = case.opd, case.assigned_account if _goes_on(source, target) else None
    if Effect.ASSIGN_OPD in action.effects:
        chosen = to_opd if to_opd is not None else case.opd or suggested_opd(db, definition, answers)
        if chosen is None or db.get(Opd, chosen) is None:
            return Fault(OPD_FIELD, "Pilih OPD yang menangani.")
        opd, account = chosen, None if chosen != case.opd else account
    elif loses_opd(definition, action):
        opd, account = opd_number(db, definition.opd), None
    if Effect.ASSIGN_PERSON not in action.effects:
        return Assignment(opd, account)
    if to_account is not None and to_account not in assignable(db, case, target, opd, now=now):
        return Fault(PERSON_FIELD, "Orang ini tidak memegang peran untuk tahap berikutnya; pilih yang lain.")
    return Assignment(opd, to_account if to_account is not None else _own(db, case, target, opd, actor, now))


def assignable(
    db: Session, case: CaseRecord, target: Stage, opd: int | None, *, now: datetime
) -> frozenset[int]:
    """Return the accounts that a case can be given to for a stage: who holds a role of it here."""
    places = places_of(db, case) | {ScopeKind.OPD: "" if opd is None else str(opd)}
    there = {kind: scope for kind, scope in places.items() if scope or kind is ScopeKind.CITY}
    reach = Reach.CITY if target.reach is Reach.ASSIGNED else target.reach
    wanted = {desk for role in staff(target.roles) for desk in desks(role, reach, there)}
    return frozenset(accounts_at(db, wanted, now)) - {case.applicant_account}


def suggested_opd(db: Session, definition: ServiceDefinition, answers: Answers) -> int | None:
    """Return the OPD that the chosen answers name, as the category of a complaint does."""
    for field in definition.fields:
        for choice in field.choices:
            if choice.opd and choice.id in answers.get(field.id, ()):
                return opd_number(db, choice.opd)
    return None


def loses_opd(definition: ServiceDefinition, action: Action) -> bool:
    """Return whether a case goes back to where an OPD is chosen for it."""
    target = definition.stage(action.to)
    return any(Effect.ASSIGN_OPD in each.effects for each in target.actions)


def _goes_on(source: Stage, target: Stage) -> bool:
    """Return whether the next stage is for the same people: else nobody in particular has the case."""
    return source.id == target.id or bool(set(staff(source.roles)) & set(staff(target.roles)))


def _own(
    db: Session, case: CaseRecord, target: Stage, opd: int | None, actor: CaseActor, now: datetime
) -> int | None:
    """Return the actor, if they can go on with the case themselves; else nobody in particular."""
    if actor.account is None or not set(target.roles) & {h.role for h in holds_of(db, actor.account, now)}:
        return None
    return actor.account if actor.account in assignable(db, case, target, opd, now=now) else None
