"""One past case walked again with another version of its service. Pure.

What was recorded is handed to the same machine that works on cases. Answers to questions that did
not exist then are not made up: they are missing, and that is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import msgspec

from hub.cases.clock.working_days import WorkingDays
from hub.cases.definition.form import FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.records import FILED
from hub.cases.keeping.steps.clocks import due_of, running_clocks
from hub.cases.machine.answers import Answers
from hub.cases.machine.rules import Given, Refusal, Refused, act, begin
from hub.cases.machine.state import Actor, CaseState, Step

# Stands for a NIK that the store keeps sealed: nobody reads it for a simulation.
_SOME_NIK = "6171014508900001"


class Outcome(StrEnum):
    """How a case would go."""

    SAME = "same"
    OTHER = "other"  # every step can be made, but it leads elsewhere
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class PastStep:
    """One recorded step, and what came with it."""

    step: Step
    role: str
    note: str
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class PastOpinion:
    """One recorded opinion."""

    stage: str
    opinion: str
    is_favourable: bool
    account: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case as it was recorded; the first step is the filing."""

    number: str
    definition: ServiceDefinition
    applicant: int | None
    answers: Answers
    steps: tuple[PastStep, ...]
    opinions: tuple[PastOpinion, ...]


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks of one version say of a case: when it was due, and how many stages ran late."""

    due_at: datetime | None
    late_stages: int


@dataclass(frozen=True, slots=True)
class Replay:
    """What would have become of a case. ``stage`` and ``action`` tell where it is stuck or turns off."""

    number: str
    outcome: Outcome
    stage: str = ""
    action: str = ""
    reason: Refusal | None = None
    details: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()  # labels of questions and files that did not exist then
    before: Clocks | None = None
    after: Clocks | None = None


def replay(past: PastCase, new: ServiceDefinition, working_days: WorkingDays) -> Replay:
    """Walk a past case with another version.

    Args:
        past: As it was recorded.
        new: The version to try.
        working_days: The city's.
    """
    begun, unasked = _begun(past, new)
    if isinstance(begun, Refused):
        details = (*(fault.text for fault in begun.faults), *_file_labels(new, begun.missing))
        found = Replay(past.number, Outcome.STUCK, new.start, FILED, begun.reason, details)
    else:
        found = _walked(past, new, begun)
    if found.outcome is Outcome.STUCK:
        return replace(found, unasked=unasked)
    steps, others = [each.step for each in past.steps], _steps_again(past, new)
    return replace(
        found,
        unasked=unasked,
        before=_clocks(past.definition, steps, working_days),
        after=_clocks(new, others, working_days),
    )


def _begun(past: PastCase, new: ServiceDefinition) -> tuple[CaseState | Refused, tuple[str, ...]]:
    """Begin the case; what was not asked then does not stand in its way, and is named."""
    known = {field.id for field in past.definition.first_form}
    brought = {each.id for each in past.definition.first_files}
    answers = _readable(past, new)
    given = Given(answers=answers, files=past.steps[0].files)
    asked = tuple(field for field in new.first_form if field.id in known)
    wanted = tuple(each for each in new.first_files if each.id in brought)
    unasked = (
        *(field.label for field in new.first_form if field.id not in known and field.is_required),
        *(each.label for each in new.first_files if each.id not in brought and each.is_required),
    )
    later = tuple(field for field in new.fields if field not in new.first_form)
    others = tuple(each for each in new.requirements if each not in new.first_files)
    tried = msgspec.structs.replace(new, fields=(*asked, *later), requirements=(*wanted, *others))
    return begin(tried, given, applicant=past.applicant), unasked


def _walked(past: PastCase, new: ServiceDefinition, case: CaseState) -> Replay:
    turned = Replay(past.number, Outcome.SAME)
    if new.start != past.steps[0].step.to_stage:
        turned = Replay(past.number, Outcome.OTHER, new.start, FILED)
    for index, recorded in enumerate(past.steps[1:], start=1):
        case = _with_opinions(past, new, case, past.steps[index - 1].step.at, recorded.step.at)
        stage, action = case.stage, recorded.step.action
        actor = Actor(recorded.step.account, frozenset({recorded.role}))
        given = Given(recorded.note, _readable(past, new), recorded.files)
        done = act(new, case, actor, action, given, at=recorded.step.at)
        if isinstance(done, Refused):
            details = (*(fault.text for fault in done.faults), *_file_labels(new, done.missing))
            return Replay(past.number, Outcome.STUCK, stage, action, done.reason, details)
        case = done.case
        if case.stage != recorded.step.to_stage and turned.outcome is Outcome.SAME:
            turned = Replay(past.number, Outcome.OTHER, stage, action)
    return turned


def _steps_again(past: PastCase, new: ServiceDefinition) -> list[Step]:
    """Return the same steps with the stages that they lead to in the new version; it was walked before."""
    steps, stage = [replace(past.steps[0].step, to_stage=new.start)], new.start
    for recorded in past.steps[1:]:
        action = next(each for each in new.stage(stage).actions if each.id == recorded.step.action)
        steps.append(replace(recorded.step, from_stage=stage, to_stage=action.to))
        stage = action.to
    return steps


def _with_opinions(
    past: PastCase, new: ServiceDefinition, case: CaseState, since: datetime, until: datetime
) -> CaseState:
    asked = {opinion.id for opinion in new.stage(case.stage).opinions}
    given = [each for each in past.opinions if since <= each.at <= until]
    opinions = {each.opinion: each.is_favourable for each in given if each.opinion in asked}
    helpers = case.helpers | {each.account for each in given}
    return replace(case, opinions={**case.opinions, **opinions}, helpers=helpers)


def _clocks(definition: ServiceDefinition, steps: Sequence[Step], working_days: WorkingDays) -> Clocks:
    """Return what the clocks said: of the whole case before its end, of each stage when it was left."""
    late = 0
    for index in range(1, len(steps)):
        before = steps[:index]
        due = due_of(definition, before, running_clocks(definition, before, working_days))
        is_left = steps[index].from_stage != steps[index].to_stage
        late += is_left and due.stage_at is not None and steps[index].at > due.stage_at
    open_ = list(steps)
    while len(open_) > 1 and definition.stage(open_[-1].to_stage).is_end:
        open_.pop()
    due = due_of(definition, open_, running_clocks(definition, open_, working_days))
    return Clocks(due.case_at, late)


def _readable(past: PastCase, new: ServiceDefinition) -> Mapping[str, tuple[str, ...]]:
    niks = {
        field.id for each in (past.definition, new) for field in each.fields if field.kind is FieldKind.NIK
    }
    return {name: (_SOME_NIK,) if name in niks else texts for name, texts in past.answers.items()}


def _file_labels(definition: ServiceDefinition, names: Sequence[str]) -> tuple[str, ...]:
    labels = {each.id: each.label for each in definition.requirements}
    return tuple(labels.get(name, name) for name in names)
