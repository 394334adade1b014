"""What waits for somebody's signature, and the signature itself. Never commits.

Whether it may be given is for the case engine: this only finds the action that signs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from hub.cases.definition.service import ServiceDefinition
from hub.cases.definition.stages import Action, Stage
from hub.cases.keeping.engine import CaseActor, CaseEngine, Handed
from hub.cases.keeping.holders import holds_of
from hub.cases.keeping.models import CaseRecord, CaseWait
from hub.cases.keeping.records import state_of
from hub.cases.keeping.service import act_on, actor_for
from hub.cases.keeping.versions import all_kept, of_case
from hub.cases.machine.rules import Given, Refusal, Refused, act, actions_of
from hub.cases.machine.state import Actor
from hub.people.sessions import Viewer

# A signer looks at the most urgent first; who has more, signs some and sees the next.
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits for a signature.

    ``capacity`` is set when it is signed for somebody else; ``obstacle`` when this person may not.
    """

    case: CaseRecord
    definition: ServiceDefinition
    actor: CaseActor
    signature: Action
    others: tuple[Action, ...]
    obstacle: Refusal | None = None

    @property
    def capacity(self) -> str:
        """How it is signed for somebody else, as "Plh., SK 800/12"."""
        stage = self.definition.stage(self.case.stage)
        role = next((role for role in self.signature.roles or stage.roles if role in self.actor.roles), "")
        return self.actor.capacities.get(role, "")


def signature_of(stage: Stage) -> Action | None:
    """Return the action of a stage that signs."""
    return next((action for action in stage.actions if action.is_signature), None)


def waiting_for(db: Session, engine: CaseEngine, viewer: Viewer, now: datetime) -> Sequence[Waiting]:
    """Return what waits for a signature at the desks of somebody, the most urgent first."""
    stages = {
        (definition.code, stage.id)
        for definition in all_kept(db)
        for stage in definition.stages
        if signature_of(stage) is not None
    }
    desks = {hold.desk for hold in holds_of(db, viewer.account_id, now)}
    query = (
        select(CaseRecord)
        .join(CaseWait, CaseWait.case_id == CaseRecord.id)
        .where(CaseWait.desk.in_(desks), tuple_(CaseWait.service, CaseWait.stage).in_(stages))
        .order_by(CaseRecord.queue_at, CaseRecord.id)
        .distinct()
        .limit(MOST_SHOWN)
    )
    found = (waiting(db, engine, case, viewer, now) for case in db.scalars(query).all())
    return [one for one in found if one is not None]


def waiting(
    db: Session, engine: CaseEngine, case: CaseRecord, viewer: Viewer, now: datetime
) -> Waiting | None:
    """Return what somebody could sign of a case; ``None``: it waits for no signature of theirs.

    Who signs for an office sees a request of their own, and that another must sign it.
    """
    definition = of_case(db, case)
    signature = signature_of(definition.stage(case.stage))
    if signature is None:
        return None
    actor = actor_for(db, case=case, viewer=viewer, now=now)
    is_own = case.applicant_account == viewer.account_id
    if not is_own and not actor.roles & set(signature.roles or definition.stage(case.stage).roles):
        return None
    state, who = state_of(db, case, now=now, zone=engine.zone), Actor(actor.account, actor.roles)
    possible = actions_of(definition, state, who)
    tried = act(definition, state, who, signature.id, Given(), at=now)
    return Waiting(
        case=case,
        definition=definition,
        actor=actor,
        signature=signature,
        others=tuple(action for action in possible if not action.is_signature),
        obstacle=_obstacle(tried, is_own=is_own),
    )


def sign(
    db: Session, engine: CaseEngine, one: Waiting, *, seen: int | None, now: datetime
) -> CaseRecord | Refused:
    """Sign one case; the caller has just checked the PIN.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        one: Of :func:`waiting`, read in this transaction.
        seen: The revision of the case on the page that was looked at.
        now: The present.
    """
    return act_on(
        db,
        engine=engine,
        case=one.case,
        actor=one.actor,
        action=one.signature.id,
        given=Given(),
        handed=Handed(is_signed=True),
        seen=seen,
        now=now,
    )


def send_back(
    db: Session,
    engine: CaseEngine,
    one: Waiting,
    action: str,
    *,
    note: str,
    remarks: Mapping[str, str],
    seen: int | None,
    now: datetime,
) -> CaseRecord | Refused:
    """Do something else with a case than sign it, with a reason and a remark for each field."""
    if action not in {each.id for each in one.others}:
        return Refused(Refusal.NO_SUCH_ACTION)
    return act_on(
        db,
        engine=engine,
        case=one.case,
        actor=one.actor,
        action=action,
        given=Given(note=note),
        handed=Handed(remarks=remarks),
        seen=seen,
        now=now,
    )


def _obstacle(tried: object, *, is_own: bool) -> Refusal | None:
    if is_own:
        return Refusal.OWN_CASE
    return tried.reason if isinstance(tried, Refused) else None
