"""What is written when a case moves: the step, its clocks, whom it waits for, the effects. Never commits."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Effect
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.holders import write_waits
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.records import steps_of, told_of
from hub.cases.keeping.steps.clocks import due_of, next_look, running_clocks
from hub.cases.machine.state import Step

# Whom an effect hands a case to is decided before it moves; that it is open again follows from its stage.
_OWN_EFFECTS = frozenset({Effect.ASSIGN_OPD, Effect.ASSIGN_PERSON, Effect.REOPEN})


def add_step(db: Session, case: CaseRecord, step: CaseStep, *, now: datetime) -> CaseStep:
    """Write one more step of a case."""
    last = db.scalar(select(func.max(CaseStep.seq)).where(CaseStep.case_id == case.id)) or 0
    step.case_id, step.seq, step.at = case.id, last + 1, now
    db.add(step)
    db.flush()
    return step


def settle(
    db: Session, engine: CaseEngine, case: CaseRecord, definition: ServiceDefinition, *, now: datetime
) -> frozenset[str]:
    """Write when a case is due and whom it waits for; return the desks."""
    rows = steps_of(db, case)
    steps = [Step(row.action, row.from_stage, row.to_stage, row.account, row.at) for row in rows]
    clocks = running_clocks(definition, steps, engine.working_days(db))
    due = due_of(definition, steps, clocks)
    case.due_at, case.stage_due_at = due.case_at, due.stage_at
    case.paused_since, case.stage_since = due.paused_since, due.stage_since
    case.queue_at = due.queue_at
    case.look_at = next_look(clocks, told_of(db, case), now)
    return write_waits(db, case, definition)


def carry_out(db: Session, engine: CaseEngine, case: CaseRecord, action: Action, *, now: datetime) -> None:
    """Carry out what an action, or the filing of a case, does in the world.

    Raises:
        EffectRefusedError: it cannot be had; the caller takes the whole step back.
        LookupError: nobody registered for an effect: a mistake of the composition, not of the user.
    """
    for effect in action.effects:
        if effect in _OWN_EFFECTS:
            continue
        handler = engine.effects.get(effect)
        if handler is None:
            raise LookupError(
                f"no handler for effect {effect!r} of {case.service}; register it in the engine"
            )
        handler(db, case, action, now)


def tell_listeners(
    db: Session, engine: CaseEngine, case: CaseRecord, step: CaseStep, *, now: datetime
) -> None:
    """Let everybody who asked know of a step."""
    for listener in engine.told:
        listener(db, case, step, now)
