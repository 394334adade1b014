"""One case as an officer sees it: facts, files, what happened, what they can do, whose opinion is asked."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.definition.form import FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Action, Effect, Opinion, Stage
from hub.cases.desk.wording import answer_words
from hub.cases.keeping.engine import CaseActor
from hub.cases.keeping.holders import may_give
from hub.cases.keeping.models import CaseFile, CaseOpinion, CaseRecord, CaseStep
from hub.cases.keeping.records import FILED, answers_of, files_of, opinions_of, remarks_of, state_of, steps_of
from hub.cases.keeping.seeing import may_read
from hub.cases.keeping.service import actor_for
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import actions_of
from hub.cases.machine.state import Actor
from hub.people.models import Account, Opd
from hub.people.permissions import Role
from hub.people.role_words import role_words
from hub.people.sessions import Viewer


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer in words; ``is_long`` stands below its label instead of beside it."""

    label: str
    text: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class FileGroup:
    """The files of one requirement."""

    label: str
    files: tuple[CaseFile, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that happened, in words."""

    step: CaseStep
    what: str
    stage: str
    who: str
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """An opinion that is asked for, what was said so far, and whether the viewer is asked."""

    opinion: Opinion
    given: CaseOpinion | None
    who: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the viewer has; ``is_plain``: pressing it is all there is to it."""

    action: Action
    is_plain: bool
    is_back: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """All of it; not ``is_readable`` for who is only told of it: then without what citizens handed in."""

    case: CaseRecord
    is_readable: bool
    definition: ServiceDefinition
    stage: Stage
    actor: CaseActor
    facts: tuple[Fact, ...]
    files: tuple[FileGroup, ...]
    steps: tuple[StepLine, ...]
    offers: tuple[Offer, ...]
    opinions: tuple[OpinionLine, ...]
    opd: str
    assigned: str


def page_of(db: Session, case: CaseRecord, viewer: Viewer, *, now: datetime, zone: tzinfo) -> CasePage:
    """Put the page of a case together for a viewer who may see it."""
    definition = of_case(db, case)
    stage = definition.stage(case.stage)
    actor = actor_for(db, case=case, viewer=viewer, now=now)
    state = state_of(db, case, now=now, zone=zone)
    names = _Names(db)
    opd = None if case.opd is None else db.get(Opd, case.opd)
    is_readable = may_read(db, case, account_id=viewer.account_id, now=now)
    return CasePage(
        case=case,
        is_readable=is_readable,
        definition=definition,
        stage=stage,
        actor=actor,
        facts=_facts(definition, case, is_readable=is_readable),
        files=_files(db, definition, case) if is_readable else (),
        steps=tuple(_line(step, definition, names) for step in reversed(steps_of(db, case))),
        offers=tuple(
            _offer(each) for each in actions_of(definition, state, Actor(actor.account, actor.roles))
        ),
        opinions=_opinions(db, case, stage, viewer.account_id, names, now),
        opd="" if opd is None else opd.name,
        assigned=names.of(case.assigned_account),
    )


class _Names:
    """Names of accounts, each read once."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._known: dict[int, str] = {}

    def of(self, account_id: int | None) -> str:
        if account_id is None:
            return ""
        if account_id not in self._known:
            query = select(Account.display_name).where(Account.id == account_id)
            self._known[account_id] = self._db.scalars(query).first() or str(account_id)
        return self._known[account_id]


def _facts(definition: ServiceDefinition, case: CaseRecord, *, is_readable: bool) -> tuple[Fact, ...]:
    answers = answers_of(case)
    return tuple(
        Fact(field.label, answer_words(field, answers[field.id]), field.kind is FieldKind.LONG_TEXT)
        for field in definition.fields
        if answers.get(field.id) and (is_readable or field.is_public)
    )


def _files(db: Session, definition: ServiceDefinition, case: CaseRecord) -> tuple[FileGroup, ...]:
    rows = [row for row in files_of(db, case) if not row.is_hidden]
    labels = {each.id: each.label for each in definition.requirements}
    wanted = list(dict.fromkeys(row.requirement for row in rows))
    return tuple(
        FileGroup(labels.get(name, name), tuple(row for row in rows if row.requirement == name))
        for name in wanted
    )


def _line(step: CaseStep, definition: ServiceDefinition, names: _Names) -> StepLine:
    labels = {field.id: field.label for field in definition.fields}
    labels |= {each.id: each.label for each in definition.requirements}
    remarks = tuple((labels.get(name, name), text) for name, text in remarks_of(step).items())
    return StepLine(
        step, _what(step, definition), definition.stage(step.to_stage).label, _who(step, names), remarks
    )


def _what(step: CaseStep, definition: ServiceDefinition) -> str:
    if step.action == FILED:
        return str(_("Diajukan"))
    actions = definition.stage(step.from_stage).actions
    return next((each.label for each in actions if each.id == step.action), step.action)


def _who(step: CaseStep, names: _Names) -> str:
    if step.role == SYSTEM:
        return str(_("sistem"))
    if step.role == APPLICANT:
        name = names.of(step.account)
        return str(_("pemohon, lewat %(name)s", name=name) if name else _("pemohon"))
    role = role_words().get(Role(step.role), step.role)
    parts = [names.of(step.account), f"{step.capacity} {role}" if step.capacity else role]
    return ", ".join(part for part in parts if part)


def _offer(action: Action) -> Offer:
    asks = (action.needs_note, action.asks, action.is_form_again, action.needs_files, action.is_signature)
    assigns = {Effect.ASSIGN_OPD, Effect.ASSIGN_PERSON} & set(action.effects)
    return Offer(action, is_plain=not any(asks) and not assigns, is_back=action.needs_note)


def _opinions(
    db: Session, case: CaseRecord, stage: Stage, account_id: int, names: _Names, now: datetime
) -> tuple[OpinionLine, ...]:
    current = {row.opinion: row for row in opinions_of(db, case) if row.is_current}
    return tuple(
        OpinionLine(
            opinion=each,
            given=current.get(each.id),
            who=names.of(current[each.id].account) if each.id in current else "",
            is_mine=may_give(db, case=case, opinion=each, account_id=account_id, now=now),
        )
        for each in stage.opinions
    )
