"""Every role at every stage of every service: exactly the actions of its definition, and none elsewhere."""

from dataclasses import replace

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Stage
from hub.cases.keeping.engine import Applicant
from hub.cases.keeping.records import state_of
from hub.cases.keeping.seeing import case_for, concerned, may_see
from hub.cases.keeping.service import actor_for
from hub.cases.machine.rules import Refusal, Refused, actions_of
from hub.cases.machine.state import Actor
from hub.people.permissions import Role, ScopeKind
from hub.people.sessions import Viewer
from tests.hub.cases.office import OTHER_WARD, PUPR, ZONE, Office
from tests.hub.cases.shipped import SHIPPED


def one_of_each_way() -> list[ServiceDefinition]:
    """Letters go three ways only: each way once."""
    found = {(each.stages, each.clock): each for each in SHIPPED}
    return list(found.values())


def is_for(role: Role, stage: Stage, action: Action) -> bool:
    return role.value in (action.roles or stage.roles)


def test_each_role_has_what_the_definition_gives_it_and_nobody_elsewhere_anything(office: Office) -> None:
    here = {role: office.account(role) for role in Role}
    elsewhere = {role: office.account(role, kind=ScopeKind.KELURAHAN, scope=OTHER_WARD) for role in Role}
    offered = 0
    for definition in one_of_each_way():
        number = office.file(definition.code).number
        for stage in definition.stages:
            offered += check_stage(office, definition, stage, number, here, elsewhere)
    assert offered >= 90, "the walk went past the actions"


def check_stage(
    office: Office,
    definition: ServiceDefinition,
    stage: Stage,
    number: str,
    here: dict[Role, Viewer],
    elsewhere: dict[Role, Viewer],
) -> int:
    """Compare what is offered at one stage with the definition; return how much was."""
    offered = 0
    with office.database.reading() as db:
        case = case_for(db, here[_someone(definition)], number, now=office.now)
        assert case is not None
        case.stage, case.opd = stage.id, PUPR
        opinions = {each.id: True for each in stage.opinions}
        state = replace(state_of(db, case, now=office.now, zone=ZONE), opinions=opinions)
        for role in Role:
            actor = actor_for(db, case=case, viewer=here[role], now=office.now)
            got = {each.id for each in actions_of(definition, state, Actor(actor.account, actor.roles))}
            wanted = {each.id for each in stage.actions if is_for(role, stage, each)}
            assert got == wanted, (definition.code, stage.id, role)
            offered += len(got)
            if wanted:
                other = actor_for(db, case=case, viewer=elsewhere[role], now=office.now)
                assert not other.roles, (definition.code, stage.id, role)
            if stage.id == definition.start:
                assert not may_see(db, case, account_id=elsewhere[role].account_id, now=office.now)
        db.rollback()
    return offered


def _someone(definition: ServiceDefinition) -> Role:
    return Role(next(role for role, _reach in sorted(concerned(definition))))


def test_who_has_nothing_to_do_with_a_service_sees_no_case_of_it_and_does_nothing(office: Office) -> None:
    for definition in one_of_each_way():
        number = office.file(definition.code).number
        roles = {role for role, _reach in concerned(definition)}
        roles |= {opinion.role for stage in definition.stages for opinion in stage.opinions}
        stranger = office.account(*(role for role in Role if role.value not in roles))
        with office.database.reading() as db:
            assert case_for(db, stranger, number, now=office.now) is None, definition.code
        for action in definition.stage(definition.start).actions:
            said = office.act_fully(number, stranger, action.id)
            assert said == Refused(Refusal.NOT_YOURS), (definition.code, action.id)


def test_an_applicant_decides_nothing_on_what_they_asked_for(office: Office) -> None:
    clerk = office.account("licensing-verifier", "licensing-head")
    number = office.file("pbg", Applicant(account=clerk.account_id, name="Budi")).number
    assert office.act_fully(number, clerk, "lengkap") == Refused(Refusal.NOT_YOURS)
