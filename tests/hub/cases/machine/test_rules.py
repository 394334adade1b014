"""Every shipped definition driven at random, and each refusal once on purpose."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Action, Effect, Stage
from hub.cases.machine.answers import faults_in
from hub.cases.machine.rules import Done, Given, Refusal, Refused, act, actions_of, begin, give_opinion
from hub.cases.machine.state import Actor, CaseState
from tests.hub.cases.definition.test_reading import SOUND
from tests.hub.cases.shipped import ROLES, SHIPPED

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
TRIAL = msgspec.convert(SOUND, ServiceDefinition)
APPLICANT_ACCOUNT, CLERK, OTHER = 1, 2, 3
EVERY_ROLE = sorted(ROLES | {APPLICANT, SYSTEM})


def answer(field: Field, chance: random.Random) -> list[str]:
    """A good answer."""
    if field.choices:
        return [chance.choice(field.choices).id]
    known = {
        FieldKind.NUMBER: f"{field.least or 1:g}",
        FieldKind.MONEY: f"{field.least or 5000:g}",
        FieldKind.DATE: "2020-02-29",
        FieldKind.TIME: "07:30",
        FieldKind.YES_NO: chance.choice(["yes", "no"]),
        FieldKind.PHONE: "081234567890",
        FieldKind.EMAIL: "siti@contoh.id",
        FieldKind.NIK: "6171014508900001",
        FieldKind.PLACE: "0.000000,109.322000",
        FieldKind.KELURAHAN: "61.71.04.1004",
        FieldKind.CAMERA: "pi-tugu/cam1",
    }
    text = "jalan berlubang di depan sekolah"
    return [known.get(field.kind, text[: int(field.most or len(text))])]


def filled(definition: ServiceDefinition, chance: random.Random) -> Given:
    return Given(
        note="sudah dilihat",
        answers={field.id: answer(field, chance) for field in definition.fields},
        files=frozenset(requirement.id for requirement in definition.requirements),
    )


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda definition: definition.code)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_random_case_never_ends_in_a_dead_end(definition: ServiceDefinition, seed: int) -> None:
    chance = random.Random(seed)
    everything = filled(definition, chance)
    case = begin(definition, everything, applicant=APPLICANT_ACCOUNT)
    assert isinstance(case, CaseState)
    at, accounts = NOON, count(10)
    for _ in range(40):
        stage = definition.stage(case.stage)
        case = with_opinions(definition, case, chance)
        roles = frozenset(chance.sample(EVERY_ROLE, chance.randrange(len(EVERY_ROLE))))
        actor = Actor(next(accounts), roles)
        offered = actions_of(definition, case, actor)
        for action in stage.actions:
            done = act(definition, case, actor, action.id, everything, at=at)
            may = bool(roles & set(action.roles or stage.roles))
            assert may or isinstance(done, Refused), "an action without permission"
            assert isinstance(done, Done) == (action in offered), "what is offered is what is accepted"
        if not offered:
            assert stage.is_end or not roles & {r for a in stage.actions for r in (a.roles or stage.roles)}
            continue
        done = act(definition, case, actor, chance.choice(offered).id, everything, at=at)
        assert isinstance(done, Done)
        assert done.case.steps[:-1] == case.steps, "a step was lost"
        assert faults_in(definition.fields, {**everything_counts(definition, everything)}) == ()
        case, at = done.case, at + timedelta(minutes=1)


def with_opinions(definition: ServiceDefinition, case: CaseState, chance: random.Random) -> CaseState:
    """The case after those who were asked for their opinion gave it."""
    committee = Actor(4, frozenset(EVERY_ROLE))
    for opinion in definition.stage(case.stage).opinions:
        said = give_opinion(definition, case, committee, opinion.id, is_favourable=chance.random() < 0.7)
        assert isinstance(said, Done)
        case = said.case
    return case


def everything_counts(definition: ServiceDefinition, given_: Given) -> dict[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in (given_.answers or {}).items()}


def refused(outcome: Done | Refused | CaseState) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


def trial_case() -> CaseState:
    case = begin(
        TRIAL,
        Given(answers={"size": ["5"], "use": ["home"], "new": ["yes"]}, files=frozenset({"map"})),
        applicant=APPLICANT_ACCOUNT,
    )
    assert isinstance(case, CaseState)
    return case


LIAISON = Actor(CLERK, frozenset({"liaison"}))
FULL = Given(answers={"extra": ["ya"]}, files=frozenset({"map"}))


def test_a_stranger_a_wrong_name_and_the_own_case_are_refused() -> None:
    case = trial_case()
    stranger = Actor(OTHER, frozenset({"lurah"}))
    owner = Actor(APPLICANT_ACCOUNT, frozenset({"liaison"}))
    assert refused(act(TRIAL, case, stranger, "terbitkan", FULL, at=NOON)).reason is Refusal.NOT_YOURS
    assert refused(act(TRIAL, case, LIAISON, "terbang", FULL, at=NOON)).reason is Refusal.NO_SUCH_ACTION
    assert refused(act(TRIAL, case, owner, "terbitkan", FULL, at=NOON)).reason is Refusal.OWN_CASE
    assert actions_of(TRIAL, case, stranger) == ()


def test_opinions_are_waited_for_and_given_by_those_who_may() -> None:
    case = trial_case()
    assert refused(act(TRIAL, case, LIAISON, "terbitkan", FULL, at=NOON)).reason is Refusal.OPINIONS_MISSING
    owner = Actor(APPLICANT_ACCOUNT, frozenset({"liaison"}))
    stranger = Actor(OTHER, frozenset())
    for actor, opinion, reason in (
        (stranger, "plan", Refusal.NOT_YOURS),
        (owner, "plan", Refusal.OWN_CASE),
        (LIAISON, "moon", Refusal.NO_SUCH_ACTION),
    ):
        assert refused(give_opinion(TRIAL, case, actor, opinion, is_favourable=True)).reason is reason
    given_ = give_opinion(TRIAL, case, LIAISON, "plan", is_favourable=False)
    assert isinstance(given_, Done)
    done = act(TRIAL, given_.case, LIAISON, "terbitkan", FULL, at=NOON)
    assert isinstance(done, Done), "all given is enough where 'all' is asked for"
    assert done.effects == (Effect.ISSUE_DOCUMENT,)
    assert (done.case.stage, done.case.opinions) == ("terbit", {})


def with_action(**changes: object) -> ServiceDefinition:
    """The trial service whose one action is changed."""
    stage: Stage = TRIAL.stages[0]
    action: Action = msgspec.structs.replace(stage.actions[0], needs_opinions="", only_if=(), **changes)
    first = msgspec.structs.replace(stage, actions=(action,))
    return msgspec.structs.replace(TRIAL, stages=(first, TRIAL.stages[1]))


def test_an_unfavourable_opinion_stands_in_the_way_where_all_must_be_good() -> None:
    definition = with_action()
    stage = definition.stages[0]
    action = msgspec.structs.replace(stage.actions[0], needs_opinions="favourable")
    strict = msgspec.structs.replace(
        definition, stages=(msgspec.structs.replace(stage, actions=(action,)), definition.stages[1])
    )
    said = give_opinion(strict, trial_case(), LIAISON, "plan", is_favourable=False)
    assert isinstance(said, Done)
    assert (
        refused(act(strict, said.case, LIAISON, "terbitkan", FULL, at=NOON)).reason
        is Refusal.OPINIONS_AGAINST
    )


def test_what_is_asked_with_an_action_must_be_given() -> None:
    noted = with_action(needs_note=True)
    assert (
        refused(act(noted, trial_case(), LIAISON, "terbitkan", FULL, at=NOON)).reason is Refusal.NOTE_MISSING
    )
    nothing = refused(act(with_action(), trial_case(), LIAISON, "terbitkan", Given(), at=NOON))
    assert (nothing.reason, nothing.faults[0].field) == (Refusal.ANSWERS_WRONG, "extra")
    bare = msgspec.structs.replace(with_action(asks=(), needs_files=("photo",)))
    no_file = refused(act(bare, trial_case(), LIAISON, "terbitkan", Given(), at=NOON))
    assert (no_file.reason, no_file.missing) == (Refusal.FILES_MISSING, ("photo",))


def test_an_action_whose_condition_does_not_hold_is_not_there() -> None:
    case = begin(TRIAL, Given(answers={"size": ["5"], "use": ["home"], "new": ["no"]}), applicant=None)
    assert isinstance(case, CaseState), "the file is only needed when the building is new"
    condition = msgspec.structs.replace(TRIAL.stages[0].actions[0].only_if[0], values=("yes",))
    stage = TRIAL.stages[0]
    action = msgspec.structs.replace(stage.actions[0], only_if=(condition,), needs_opinions="")
    only_new = msgspec.structs.replace(
        TRIAL, stages=(msgspec.structs.replace(stage, actions=(action,)), TRIAL.stages[1])
    )
    assert refused(act(only_new, case, LIAISON, "terbitkan", FULL, at=NOON)).reason is Refusal.NOT_NOW


def test_a_form_is_refused_with_all_that_is_missing() -> None:
    wrong = refused(begin(TRIAL, Given(answers={"size": ["99"]}), applicant=None))
    assert [fault.field for fault in wrong.faults] == ["size", "use", "new"]
    early = msgspec.structs.replace(with_action(needs_files=()), clock=None)
    answers = {"size": ["5"], "use": ["home"], "new": ["yes"]}
    assert refused(begin(early, Given(answers=answers), applicant=None)).missing == ("map",)


def test_four_eyes_bars_who_handled_it_elsewhere_but_not_who_sent_it_back() -> None:
    letter = next(each for each in SHIPPED if each.code == "surat-keterangan-usaha")
    everything = filled(letter, random.Random(1))
    case = begin(letter, everything, applicant=APPLICANT_ACCOUNT)
    assert isinstance(case, CaseState)
    lurah = Actor(30, frozenset({"lurah", "ward-section-head"}))
    head = Actor(20, frozenset({"ward-section-head"}))
    clerk = Actor(10, frozenset({"counter-clerk"}))

    def walk(case: CaseState, *ways: tuple[Actor, str]) -> CaseState:
        for actor, action in ways:
            done = act(letter, case, actor, action, everything, at=NOON)
            assert isinstance(done, Done), (action, done)
            case = done.case
        return case

    sent_back = walk(case, (clerk, "lengkap"), (head, "setuju"), (lurah, "kembalikan"), (head, "setuju"))
    assert walk(sent_back, (lurah, "tanda_tangan")).stage == "terbit"
    alone = walk(case, (clerk, "lengkap"), (lurah, "setuju"))
    assert refused(act(letter, alone, lurah, "tanda_tangan", everything, at=NOON)).reason is Refusal.FOUR_EYES
