"""Writes everything that one action changes, in the order that the database needs it. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, Action, Stage
from hub.cases.keeping.engine import CaseActor, CaseEngine, Handed
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.records import add_files, encoded, forget_current_opinions, put_answers
from hub.cases.keeping.steps.assigning import Assignment
from hub.cases.keeping.steps.filing import put_corrected
from hub.cases.keeping.steps.settling import add_step, carry_out, settle, tell_listeners
from hub.cases.keeping.telling import tell_next
from hub.cases.machine.rules import Given
from hub.cases.machine.state import CaseState
from hub.people import audit


@dataclass(frozen=True, slots=True)
class Move:
    """An action that the machine agreed to: who does it, with what, and the case afterwards."""

    definition: ServiceDefinition
    action: Action
    after: CaseState
    actor: CaseActor
    assigned: Assignment
    given: Given
    handed: Handed


def write_move(db: Session, engine: CaseEngine, case: CaseRecord, move: Move, *, now: datetime) -> None:
    """Write a move.

    Raises:
        EffectRefusedError: an effect cannot be had; the caller rolls its savepoint back.
    """
    definition, action, actor = move.definition, move.action, move.actor
    source, target = definition.stage(case.stage), definition.stage(move.after.stage)
    step = add_step(db, case, _step_of(move, source, target), now=now)
    add_files(db, case, definition, move.handed.files, step_seq=step.seq, now=now, zone=engine.zone)
    if target.id != source.id:
        forget_current_opinions(db, case)
    case.stage, case.public_status = target.id, target.public_status
    case.opd, case.assigned_account = move.assigned.opd, move.assigned.account
    put_answers(case, move.after.answers, definition.fields, engine)
    if action.is_form_again:
        put_corrected(db, case, definition, move.after.answers)
    case.revision, case.changed_at = case.revision + 1, now
    case.closed_at = now if target.is_end else None
    desks = settle(db, engine, case, definition, now=now)
    carry_out(db, engine, case, action, now=now)
    tell_listeners(db, engine, case, step, now=now)
    detail = f"{action.id}: {source.id} -> {target.id}"
    audit.append(db, at=now, actor=actor.name, action="case.act", target=f"case:{case.number}", detail=detail)
    if target.id != source.id:
        tell_next(db, engine, case, definition, desks=desks, but=actor.account, now=now)


def _step_of(move: Move, source: Stage, target: Stage) -> CaseStep:
    said = move.handed.is_note_public
    role = _role_of(move.actor, move.action.roles or source.roles)
    return CaseStep(
        action=move.action.id,
        from_stage=source.id,
        to_stage=target.id,
        account=move.actor.account,
        role=role,
        capacity=move.actor.capacities.get(role, ""),
        note=move.given.note.strip(),
        remarks=encoded(move.handed.remarks),
        is_public_note=(APPLICANT in target.roles or target.is_end) if said is None else said,
    )


def _role_of(actor: CaseActor, wanted: Sequence[str]) -> str:
    """Return in which role somebody acts: their own before one that they hold for another."""
    held = [role for role in wanted if role in actor.roles]
    return next((role for role in held if role not in actor.capacities), held[0])
