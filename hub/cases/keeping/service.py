"""Cases filed and acted on: step, clocks, effects, audit entry and messages in one transaction.

Two people at once, or one who presses twice: exactly one wins, the other is told so. What the
machine (``hub.cases.machine.rules``) refuses leaves no trace. Takes a session, never commits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.definition.form import Requirement
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, Action
from hub.cases.keeping.engine import (
    NOTHING_MORE,
    Applicant,
    AttachedFile,
    CaseActor,
    CaseEngine,
    EffectRefusedError,
    Handed,
    Place,
)
from hub.cases.keeping.holders import SYSTEM_ACTOR, actor_for
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.records import FILED, add_files, state_of
from hub.cases.keeping.seeing import case_for
from hub.cases.keeping.steps.assigning import assignment_of
from hub.cases.keeping.steps.filing import file_faults, may_begin, new_record
from hub.cases.keeping.steps.moving import Move, write_move
from hub.cases.keeping.steps.opining import opine
from hub.cases.keeping.steps.settling import add_step, carry_out, settle, tell_listeners
from hub.cases.keeping.telling import tell_next
from hub.cases.keeping.versions import newest, of_case
from hub.cases.machine.answers import Fault
from hub.cases.machine.rules import Given, Refusal, Refused, act, begin
from hub.cases.machine.state import Actor, CaseState
from hub.people import audit
from hub.people.models import Account

# What other parts of the engine need of it, from one place.
__all__ = [
    "NOTHING_MORE",
    "SYSTEM_ACTOR",
    "Handed",
    "act_on",
    "actor_for",
    "applicant_actor",
    "case_for",
    "file_case",
    "opine",
]


def applicant_actor(case: CaseRecord) -> CaseActor:
    """Return the applicant as actor; the caller has checked that it is they: by account, code or PIN."""
    return CaseActor(case.applicant_account, "applicant", frozenset({APPLICANT}))


def file_case(
    db: Session,
    *,
    engine: CaseEngine,
    service: str,
    given: Given,
    applicant: Applicant,
    files: Sequence[AttachedFile] = (),
    place: Place | None = None,
    title: str = "",
    now: datetime,
) -> CaseRecord | Refused:
    """Begin a case with the newest version of a service.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        service: Code of the service.
        given: Answers; ``files`` names requirements that are met without a file of this request.
        applicant: Who asks.
        files: That went through the safe door.
        place: Where it is about, when the answers do not say.
        title: One line for lists; left out: the answer to "title", or what the service is called.
        now: The present.

    Returns:
        The case, with its number and tracking code; or why not, with every fault.
    """
    definition = newest(db, service)
    if definition is None:
        return Refused(Refusal.NO_SUCH_SERVICE)
    if not may_begin(definition, applicant):
        return Refused(Refusal.NOT_YOURS)
    given = replace(given, files=given.files | {file.requirement for file in files})
    begun = begin(definition, given, applicant=applicant.account)
    wrong = file_faults(definition.first_files, files)
    if isinstance(begun, Refused) or wrong:
        return _with_faults(begun, wrong)
    try:
        with db.begin_nested():
            case = new_record(
                db,
                engine,
                definition,
                begun,
                applicant=applicant,
                place=place or Place(),
                title=title,
                now=now,
            )
            return _filed(db, engine, case, definition, applicant, files, now)
    except EffectRefusedError as error:
        return _refused_by(error)


def act_on(
    db: Session,
    *,
    engine: CaseEngine,
    case: CaseRecord,
    actor: CaseActor,
    action: str,
    given: Given,
    handed: Handed = NOTHING_MORE,
    seen: int | None = None,
    now: datetime,
) -> CaseRecord | Refused:
    """Carry out an action, whole or not at all.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        case: As it was read.
        actor: Of :func:`actor_for`, or :func:`applicant_actor`.
        action: Its id at the present stage.
        given: Note and answers; files come in ``handed``.
        handed: What comes besides.
        seen: The case's ``revision`` on the page that was answered; left out: as ``case`` was read.
        now: The present.

    Returns:
        The case afterwards; or why not. ``changed-meanwhile``: somebody was first, or it is the second press.
    """
    seen = case.revision if seen is None else seen
    db.refresh(case, with_for_update=True)
    if case.revision != seen:
        return Refused(Refusal.CHANGED_MEANWHILE)
    definition = of_case(db, case)
    before = state_of(db, case, now=now, zone=engine.zone)
    given = _whole(given, handed)
    done = act(definition, before, Actor(actor.account, actor.roles), action, given, at=now)
    if isinstance(done, Refused):
        return done
    chosen = next(each for each in definition.stage(before.stage).actions if each.id == action)
    wrong = file_faults(_files_for(definition, chosen), handed.files)
    if wrong:
        return Refused(Refusal.ANSWERS_WRONG, faults=wrong)
    if chosen.is_signature and not handed.is_signed:
        return Refused(Refusal.SIGNATURE_MISSING)
    assigned = assignment_of(
        db, case, definition, chosen, actor, done.case.answers,
        to_opd=handed.to_opd, to_account=handed.to_account, now=now,
    )  # fmt: skip
    if isinstance(assigned, Fault):
        return Refused(Refusal.ANSWERS_WRONG, faults=(assigned,))
    move = Move(definition, chosen, done.case, actor, assigned, given, handed)
    try:
        with db.begin_nested():
            write_move(db, engine, case, move, now=now)
    except EffectRefusedError as error:
        return _refused_by(error)
    return case


def _filed(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    definition: ServiceDefinition,
    applicant: Applicant,
    files: Sequence[AttachedFile],
    now: datetime,
) -> CaseRecord:
    by = applicant.filed_by if applicant.filed_by is not None else applicant.account
    account = None if by is None else db.get(Account, by)
    name = account.name if account is not None else ("system" if applicant.is_system else "applicant")
    step = CaseStep(action=FILED, from_stage="", to_stage=case.stage, account=by, role=APPLICANT)
    add_step(db, case, step, now=now)
    add_files(db, case, definition, files, step_seq=step.seq, now=now, zone=engine.zone)
    desks = settle(db, engine, case, definition, now=now)
    filing = Action(id=FILED, label=definition.label, to=case.stage, effects=definition.effects)
    carry_out(db, engine, case, filing, now=now)
    tell_listeners(db, engine, case, step, now=now)
    detail = f"{definition.code} v{definition.version}"
    audit.append(db, at=now, actor=name, action="case.file", target=f"case:{case.number}", detail=detail)
    tell_next(db, engine, case, definition, desks=desks, but=by, now=now)
    return case


def _whole(given: Given, handed: Handed) -> Given:
    """Return what is given with its files, and remarks on fields as a note when nothing else was said."""
    said = "\n".join(text.strip() for text in handed.remarks.values() if text.strip())
    files = given.files | {file.requirement for file in handed.files}
    return replace(given, note=given.note if given.note.strip() else said, files=files)


def _files_for(definition: ServiceDefinition, action: Action) -> tuple[Requirement, ...]:
    again = definition.first_files if action.is_form_again else ()
    return (*again, *(each for each in definition.requirements if each.id in action.needs_files))


def _with_faults(begun: CaseState | Refused, wrong: tuple[Fault, ...]) -> Refused:
    """Return one refusal that names all: of the answers and of the files."""
    if not isinstance(begun, Refused):
        return Refused(Refusal.ANSWERS_WRONG, faults=wrong)
    return replace(begun, faults=(*begun.faults, *wrong))


def _refused_by(error: EffectRefusedError) -> Refused:
    return Refused(Refusal.NOT_NOW, faults=(Fault("", str(error)),))
