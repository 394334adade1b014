"""Which actions an actor has on a case, why not the others, and the case afterwards. Pure.

The same function answers "show this button?" and "carry this out": what a screen offers and what
the service accepts can never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from hub.cases.definition.form import Field
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Effect, Stage
from hub.cases.machine.answers import Answers, Fault, cleaned, faults_in, holds
from hub.cases.machine.state import Actor, CaseState, Step


class Refusal(StrEnum):
    """Why an action is not possible; the words are the screen's."""

    NO_SUCH_ACTION = "no-such-action"
    NOT_YOURS = "not-yours"  # the role is not held here: to this person the case has no such action
    NOT_NOW = "not-now"  # its conditions do not hold
    OWN_CASE = "own-case"
    FOUR_EYES = "four-eyes"
    OPINIONS_MISSING = "opinions-missing"
    OPINIONS_AGAINST = "opinions-against"
    NOTE_MISSING = "note-missing"
    FILES_MISSING = "files-missing"
    ANSWERS_WRONG = "answers-wrong"
    # What only a service with a database and people before it can find.
    CHANGED_MEANWHILE = "changed-meanwhile"  # somebody else was first, or the button was pressed twice
    SIGNATURE_MISSING = "signature-missing"  # a signature needs its owner's PIN or password once more
    NO_SUCH_SERVICE = "no-such-service"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody hands in with an action; ``files`` names the requirements that files came for."""

    note: str = ""
    answers: Mapping[str, Sequence[str]] | None = None
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that was not carried out; ``faults`` name fields, ``missing`` requirements."""

    reason: Refusal
    faults: tuple[Fault, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The case afterwards, and what the service around the machine must carry out."""

    case: CaseState
    effects: tuple[Effect, ...] = ()


def actions_of(definition: ServiceDefinition, case: CaseState, actor: Actor) -> tuple[Action, ...]:
    """Return what ``actor`` can do now, in the definition's order; notes and files are asked later."""
    stage = definition.stage(case.stage)
    return tuple(action for action in stage.actions if _obstacle(stage, action, case, actor) is None)


def act(
    definition: ServiceDefinition,
    case: CaseState,
    actor: Actor,
    action_id: str,
    given: Given,
    *,
    at: datetime,
) -> Done | Refused:
    """Carry out an action, or say what stands in its way; the case given is never changed."""
    stage = definition.stage(case.stage)
    action = next((each for each in stage.actions if each.id == action_id), None)
    if action is None:
        return Refused(Refusal.NO_SUCH_ACTION)
    obstacle = _obstacle(stage, action, case, actor)
    if obstacle is not None:
        return Refused(obstacle)
    asked = asked_by(definition, action)
    answers = cleaned(asked, given.answers or {}, known=case.answers)
    refused = _incomplete(action, given, _wrong(definition, asked, answers, case.answers), case)
    if refused is not None:
        return refused
    step = Step(action.id, stage.id, action.to, actor.account, at)
    after = replace(
        case,
        stage=action.to,
        answers={**_kept(case.answers, asked), **answers},
        files=case.files | given.files,
        opinions={} if action.to != stage.id else case.opinions,
        steps=(*case.steps, step),
    )
    return Done(after, action.effects)


def give_opinion(
    definition: ServiceDefinition, case: CaseState, actor: Actor, opinion_id: str, *, is_favourable: bool
) -> Done | Refused:
    """Keep a technical opinion; a second one of the same kind replaces the first until the case moves."""
    stage = definition.stage(case.stage)
    opinion = next((each for each in stage.opinions if each.id == opinion_id), None)
    if opinion is None:
        return Refused(Refusal.NO_SUCH_ACTION)
    if opinion.role not in actor.roles:
        return Refused(Refusal.NOT_YOURS)
    if _is_own(case, actor):
        return Refused(Refusal.OWN_CASE)
    return Done(replace(case, opinions={**case.opinions, opinion_id: is_favourable}))


def asked_by(definition: ServiceDefinition, action: Action) -> tuple[Field, ...]:
    """Return the fields of the form that belongs to an action."""
    again = definition.first_form if action.is_form_again else ()
    return (*again, *(field for field in definition.fields if field.id in action.asks))


def begin(definition: ServiceDefinition, given: Given, *, applicant: int | None) -> CaseState | Refused:
    """Begin a case with the service's first form.

    Args:
        definition: The newest version of the service.
        given: Answers and files.
        applicant: The account of the applicant, when there is one.
    """
    answers = cleaned(definition.first_form, given.answers or {})
    faults = _wrong(definition, definition.first_form, answers)
    if faults:
        return Refused(Refusal.ANSWERS_WRONG, faults=faults)
    missing = _missing_files(definition, answers, given.files)
    if missing:
        return Refused(Refusal.FILES_MISSING, missing=missing)
    return CaseState(definition.start, applicant=applicant, answers=answers, files=given.files)


def _missing_files(definition: ServiceDefinition, answers: Answers, files: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        each.id
        for each in definition.first_files
        if each.is_required and holds(each.needed_if, answers) and each.id not in files
    )


def _obstacle(stage: Stage, action: Action, case: CaseState, actor: Actor) -> Refusal | None:
    """Return what keeps this actor from this action before anything is handed in."""
    if not actor.roles & set(action.roles or stage.roles):
        return Refusal.NOT_YOURS
    if not all(holds(condition, case.answers) for condition in action.only_if):
        return Refusal.NOT_NOW
    if action.is_signature and _is_own(case, actor):
        return Refusal.OWN_CASE
    if action.is_four_eyes and _has_handled(case, actor):
        return Refusal.FOUR_EYES
    if action.needs_opinions and not all(each.id in case.opinions for each in stage.opinions):
        return Refusal.OPINIONS_MISSING
    if action.needs_opinions == "favourable" and not all(case.opinions.values()):
        return Refusal.OPINIONS_AGAINST
    return None


def _wrong(
    definition: ServiceDefinition, fields: Sequence[Field], answers: Answers, known: Answers | None = None
) -> tuple[Fault, ...]:
    return faults_in(fields, answers, known=known or {}, is_for_paper=definition.document is not None)


def _incomplete(action: Action, given: Given, faults: tuple[Fault, ...], case: CaseState) -> Refused | None:
    """Return what is missing of that which an action asks for."""
    if action.needs_note and not given.note.strip():
        return Refused(Refusal.NOTE_MISSING)
    if faults:
        return Refused(Refusal.ANSWERS_WRONG, faults=faults)
    missing = tuple(name for name in action.needs_files if name not in given.files | case.files)
    return Refused(Refusal.FILES_MISSING, missing=missing) if missing else None


def _kept(answers: Answers, asked: Sequence[Field]) -> dict[str, tuple[str, ...]]:
    """Return the answers that a new form does not replace: what it leaves out is taken back."""
    replaced = {field.id for field in asked}
    return {name: texts for name, texts in answers.items() if name not in replaced}


def _is_own(case: CaseState, actor: Actor) -> bool:
    return actor.account is not None and actor.account in case.owners | {case.applicant}


def _has_handled(case: CaseState, actor: Actor) -> bool:
    """Whether the actor had a hand in it elsewhere; sending it back from here is no reason to be barred."""
    before = {step.account for step in case.steps if step.from_stage != case.stage} | {case.applicant}
    return actor.account is not None and actor.account in before | case.helpers | case.owners
