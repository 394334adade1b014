"""Random cases of every way through the real database: no step is lost, nothing is done without the role."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import APPLICANT, SYSTEM, Action, Stage
from hub.cases.keeping.models import CaseRecord, CaseStep, CaseWait
from hub.cases.keeping.service import SYSTEM_ACTOR, applicant_actor, opine
from hub.cases.machine.rules import Refusal, Refused
from hub.people import audit
from tests.hub.cases.keeping.test_access import one_of_each_way
from tests.hub.cases.office import Office

WAYS = one_of_each_way()
STEPS = 8


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_random_walk_keeps_every_step_and_asks_for_every_role(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    stranger = office.account("display")
    for definition in chance.sample(WAYS, 5):
        number = office.file(definition.code).number
        for done in range(1, STEPS):
            case = office.read(number)
            stage = definition.stage(case.stage)
            if not stage.actions:
                break
            action = chance.choice(stage.actions)
            assert office.act_fully(number, stranger, action.id) == Refused(Refusal.NOT_YOURS)
            with_opinions(office, number, stage)
            before = office.read(number).revision
            said = by_whoever_may(office, number, stage, action)
            assert isinstance(said, CaseRecord), (definition.code, stage.id, action.id, said, seed)
            assert (said.stage, said.revision) == (action.to, before + 1)
            check(office, definition, number, steps=done + 1)
    with office.database.reading() as db:
        assert audit.first_broken(db) is None


def by_whoever_may(office: Office, number: str, stage: Stage, action: Action) -> CaseRecord | Refused:
    """Do it as somebody new who holds the role: four eyes never stand in the way."""
    role = (action.roles or stage.roles)[0]
    if role not in (APPLICANT, SYSTEM):
        return office.act_fully(number, office.account(role), action.id)
    with office.writing() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        actor = SYSTEM_ACTOR if role == SYSTEM else applicant_actor(case)
        return office.act_in(db, case, actor, action.id)


def with_opinions(office: Office, number: str, stage: Stage) -> None:
    for opinion in stage.opinions:
        giver = office.account(opinion.role)
        with office.writing() as db:
            case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
            said = opine(
                db,
                engine=office.engine,
                case=case,
                actor=office.actor(db, case, giver),
                opinion=opinion.id,
                is_favourable=True,
                note="baik",
                now=office.now,
            )
            assert isinstance(said, CaseRecord)


def check(office: Office, definition: ServiceDefinition, number: str, *, steps: int) -> None:
    """What must hold after each step."""
    with office.database.reading() as db:
        case = db.scalars(select(CaseRecord).where(CaseRecord.number == number)).one()
        stage = definition.stage(case.stage)
        assert db.scalar(select(func.count()).where(CaseStep.case_id == case.id)) == steps, "a step was lost"
        assert (case.closed_at is not None) == stage.is_end
        assert case.public_status == stage.public_status
        waits = set(db.scalars(select(CaseWait.desk).where(CaseWait.case_id == case.id)))
        roles = {desk.partition("@")[0] for desk in waits}
        asked = {*stage.roles, *(opinion.role for opinion in stage.opinions)} - {APPLICANT, SYSTEM}
        assert roles == (set() if stage.is_end else asked)
