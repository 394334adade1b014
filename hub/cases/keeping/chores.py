"""What happens to cases by itself: who must know that time runs out, and what the system does when it is up.

Each share of each promised time is told once, also when the hub was away meanwhile.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Escalation, Reach
from hub.cases.keeping.engine import CaseEngine
from hub.cases.keeping.holders import SYSTEM_ACTOR, accounts_at, desks, places_of
from hub.cases.keeping.models import CaseEscalation, CaseRecord
from hub.cases.keeping.records import steps_of, told_of
from hub.cases.keeping.service import act_on
from hub.cases.keeping.steps.clocks import (
    AGAIN_AFTER,
    CASE_CLOCK,
    RunningClock,
    exact,
    key_of,
    percent,
    running_clocks,
)
from hub.cases.keeping.steps.settling import settle
from hub.cases.keeping.telling import tell_late
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Given, Refused
from hub.cases.machine.state import Step
from hub.db import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0
MOST_AT_ONCE = 100


class CaseKeeper:
    """Turned by ingest; see ``hub/wiring.py``."""

    def __init__(self, *, database: Database, engine: CaseEngine, now: Callable[[], datetime]) -> None:
        """Take collaborators; nothing is read yet."""
        self._database, self._engine, self._now = database, engine, now

    def __call__(self) -> bool:
        """Look at some of the cases whose time has come; return whether there may be more."""
        now = self._now()
        with self._database.reading() as db:
            is_any = db.scalars(select(CaseRecord.id).where(CaseRecord.look_at <= now).limit(1)).first()
        if is_any is None:
            return False
        with self._database.writing() as db:
            return look(db, self._engine, now) == MOST_AT_ONCE


def look(db: Session, engine: CaseEngine, now: datetime) -> int:
    """Look at the cases whose time has come; return at how many.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        now: The present; each case is put off beyond it, whatever happens.
    """
    query = select(CaseRecord).where(CaseRecord.look_at <= now).order_by(CaseRecord.look_at, CaseRecord.id)
    cases = db.scalars(query.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    for case in cases:
        _look_safely(db, engine, case, now)
    return len(cases)


def _look_safely(db: Session, engine: CaseEngine, case: CaseRecord, now: datetime) -> None:
    """Look at one case; whatever is wrong with it keeps nobody else's clock from running."""
    try:
        with db.begin_nested():
            _look_at(db, engine, case, now)
    except OperationalError:
        raise  # it is the database's trouble, not this case's: all are looked at again
    except Exception:
        log.exception("case %s: its clocks cannot be looked at; again in %s", case.id, AGAIN_AFTER)
        case.look_at = now + AGAIN_AFTER
        db.flush()


def _look_at(db: Session, engine: CaseEngine, case: CaseRecord, now: datetime) -> None:
    definition = of_case(db, case)
    told = told_of(db, case)
    for clock in _clocks_of(db, engine, case, definition):
        used = clock.promise.used(now)
        for escalation in clock.rule.escalations:
            if key_of(clock, escalation.at) not in told and used >= clock.promise.amount * exact(
                escalation.at
            ):
                _escalate(db, engine, case, definition, clock, escalation, now)
        if clock.rule.then and used >= clock.promise.amount * Fraction(1):
            _act_alone(db, engine, case, clock.rule.then, now)
            # It may have moved: its clocks are others now.
            break
    settle(db, engine, case, of_case(db, case), now=now)
    if case.look_at is not None and case.look_at <= now:
        case.look_at = now + AGAIN_AFTER


def pass_over(db: Session, engine: CaseEngine, case: CaseRecord, now: datetime) -> None:
    """Count the shares of promised time that are used up as told, to nobody: the case comes from elsewhere.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        case: Newly brought in, with steps of days long past.
        now: The present; what runs out after it is told as for every case.
    """
    definition = of_case(db, case)
    for clock in _clocks_of(db, engine, case, definition):
        used = clock.promise.used(now)
        for escalation in clock.rule.escalations:
            if used >= clock.promise.amount * exact(escalation.at):
                _note(db, case, clock, escalation, told=0, now=now)
    settle(db, engine, case, definition, now=now)


def _clocks_of(
    db: Session, engine: CaseEngine, case: CaseRecord, definition: ServiceDefinition
) -> tuple[RunningClock, ...]:
    rows = steps_of(db, case)
    steps = [Step(row.action, row.from_stage, row.to_stage, row.account, row.at) for row in rows]
    return running_clocks(definition, steps, engine.working_days(db))


def _escalate(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    definition: ServiceDefinition,
    clock: RunningClock,
    escalation: Escalation,
    now: datetime,
) -> None:
    reach = Reach.CITY if clock.name == CASE_CLOCK else definition.stage(case.stage).reach
    accounts = accounts_at(db, desks(escalation.to, reach, places_of(db, case)), now)
    share = percent(escalation.at)
    tell_late(db, engine, case, definition, accounts=accounts, percent=share, clock=clock.name, now=now)
    _note(db, case, clock, escalation, told=len(accounts), now=now)


def _note(
    db: Session, case: CaseRecord, clock: RunningClock, escalation: Escalation, *, told: int, now: datetime
) -> None:
    share = percent(escalation.at)
    row = CaseEscalation(case_id=case.id, clock=clock.name, began_at=clock.promise.begin, percent=share)
    row.role, row.told, row.at = escalation.to, told, now
    db.add(row)
    db.flush()


def _act_alone(db: Session, engine: CaseEngine, case: CaseRecord, action: str, now: datetime) -> None:
    said = act_on(db, engine=engine, case=case, actor=SYSTEM_ACTOR, action=action, given=Given(), now=now)
    if isinstance(said, Refused):
        # A definition that lets the system act promises that it can; somebody must look at this one.
        log.error("case %s: the system could not %s: %s", case.number, action, said.reason)
