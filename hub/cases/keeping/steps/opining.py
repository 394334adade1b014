"""A technical opinion kept: of whom it is asked, and with a sentence. Never commits."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from hub.cases.keeping.engine import CaseActor, CaseEngine
from hub.cases.keeping.holders import may_give
from hub.cases.keeping.models import CaseOpinion, CaseRecord
from hub.cases.keeping.records import state_of
from hub.cases.keeping.versions import of_case
from hub.cases.machine.rules import Refusal, Refused, give_opinion
from hub.cases.machine.state import Actor
from hub.people import audit


def opine(
    db: Session,
    *,
    engine: CaseEngine,
    case: CaseRecord,
    actor: CaseActor,
    opinion: str,
    is_favourable: bool,
    note: str,
    now: datetime,
) -> CaseRecord | Refused:
    """Keep a technical opinion; it needs a sentence, and the role in the OPD that is asked."""
    db.refresh(case, with_for_update=True)
    definition = of_case(db, case)
    asked = next((each for each in definition.stage(case.stage).opinions if each.id == opinion), None)
    if asked is None or actor.account is None:
        return Refused(Refusal.NO_SUCH_ACTION)
    is_asked = may_give(db, case=case, opinion=asked, account_id=actor.account, now=now)
    who = Actor(actor.account, frozenset({asked.role} if is_asked else ()))
    before = state_of(db, case, now=now, zone=engine.zone)
    done = give_opinion(definition, before, who, opinion, is_favourable=is_favourable)
    if isinstance(done, Refused):
        return done
    if not note.strip():
        return Refused(Refusal.NOTE_MISSING)
    _make_past(db, case, opinion)
    row = CaseOpinion(case_id=case.id, stage=case.stage, opinion=opinion, account=actor.account, at=now)
    row.is_favourable, row.note = is_favourable, note.strip()
    db.add(row)
    case.revision, case.changed_at = case.revision + 1, now
    db.flush()
    detail = f"{opinion} {'favourable' if is_favourable else 'unfavourable'}"
    target = f"case:{case.number}"
    audit.append(db, at=now, actor=actor.name, action="case.opinion", target=target, detail=detail)
    return case


def _make_past(db: Session, case: CaseRecord, opinion: str) -> None:
    is_replaced = (CaseOpinion.opinion == opinion, CaseOpinion.is_current.is_(True))
    db.execute(
        update(CaseOpinion).where(CaseOpinion.case_id == case.id, *is_replaced).values(is_current=False)
    )
