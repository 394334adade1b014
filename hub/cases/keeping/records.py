"""Between the rows of a case and what the machine knows of it. Reads and writes rows, decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.cases.citizens.same_person import accounts_of_applicant, helpers_of_applicant
from hub.cases.definition.form import Field, FieldKind
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping.engine import AttachedFile, CaseEngine
from hub.cases.keeping.models import CaseEscalation, CaseFile, CaseOpinion, CaseRecord, CaseStep
from hub.cases.machine.answers import Answers, nik_fault
from hub.cases.machine.state import CaseState, Step

# The action of the step that a case begins with.
FILED = "file"


def answers_of(case: CaseRecord) -> dict[str, tuple[str, ...]]:
    """Return the answers of a case; a NIK is as the engine hid it."""
    return msgspec.json.decode(case.answers, type=dict[str, tuple[str, ...]])


def remarks_of(step: CaseStep) -> dict[str, str]:
    """Return what a step says of single fields and requirements."""
    return msgspec.json.decode(step.remarks, type=dict[str, str]) if step.remarks else {}


def steps_of(db: Session, case: CaseRecord) -> list[CaseStep]:
    """Return what happened to a case, in order."""
    return list(db.scalars(select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.seq)))


def files_of(db: Session, case: CaseRecord) -> list[CaseFile]:
    """Return the files of a case in the order they came, those hidden by moderation too."""
    return list(db.scalars(select(CaseFile).where(CaseFile.case_id == case.id).order_by(CaseFile.id)))


def opinions_of(db: Session, case: CaseRecord) -> list[CaseOpinion]:
    """Return the opinions of a case in the order they came, past ones too."""
    return list(
        db.scalars(select(CaseOpinion).where(CaseOpinion.case_id == case.id).order_by(CaseOpinion.id))
    )


def state_of(db: Session, case: CaseRecord, *, now: datetime, zone: tzinfo) -> CaseState:
    """Return a case as the machine knows it; a file that is no longer valid is not there."""
    today = now.astimezone(zone).date()
    files, opinions = files_of(db, case), opinions_of(db, case)
    helpers = {one.account for one in opinions} | {one.verified_by for one in files}
    return CaseState(
        stage=case.stage,
        applicant=case.applicant_account,
        answers=answers_of(case),
        files=frozenset(f.requirement for f in files if f.valid_until is None or today <= f.valid_until),
        opinions={one.opinion: one.is_favourable for one in opinions if one.is_current},
        helpers=frozenset(one for one in helpers if one is not None) | helpers_of_applicant(db, case),
        owners=accounts_of_applicant(db, case),
        steps=tuple(
            Step(row.action, row.from_stage, row.to_stage, row.account, row.at) for row in steps_of(db, case)
        ),
    )


def put_answers(case: CaseRecord, answers: Answers, fields: Iterable[Field], engine: CaseEngine) -> None:
    """Keep answers; a NIK that is still readable is hidden."""
    niks = {field.id for field in fields if field.kind is FieldKind.NIK}
    kept = {name: tuple(texts) for name, texts in answers.items()}
    for name in niks & kept.keys():
        kept[name] = tuple(engine.hide(text) if not nik_fault(text) else text for text in kept[name])
    case.answers = msgspec.json.encode(kept).decode()


def add_files(
    db: Session,
    case: CaseRecord,
    definition: ServiceDefinition,
    files: Sequence[AttachedFile],
    *,
    step_seq: int,
    now: datetime,
    zone: tzinfo,
) -> None:
    """Add files to a case; how long each is good is the requirement's."""
    days = {each.id: each.valid_days for each in definition.requirements}
    today = now.astimezone(zone).date()
    for file in files:
        valid = days.get(file.requirement, 0)
        db.add(
            CaseFile(
                case_id=case.id,
                requirement=file.requirement,
                sha256=file.sha256,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                width_px=file.width_px,
                height_px=file.height_px,
                source=file.source,
                step_seq=step_seq,
                added_at=now,
                valid_until=today + timedelta(days=valid) if valid else None,
            )
        )
    db.flush()


def forget_current_opinions(db: Session, case: CaseRecord) -> None:
    """Make all opinions past: the case moved on."""
    db.execute(
        update(CaseOpinion)
        .where(CaseOpinion.case_id == case.id, CaseOpinion.is_current.is_(True))
        .values(is_current=False)
    )


def encoded(remarks: Mapping[str, str]) -> str:
    """Return remarks as they are kept; blank ones are left out."""
    kept = {name: text.strip() for name, text in remarks.items() if text.strip()}
    return msgspec.json.encode(kept).decode() if kept else ""


def told_of(db: Session, case: CaseRecord) -> frozenset[tuple[str, datetime, int]]:
    """Return which shares of which clocks somebody was told of: name, beginning, percent."""
    rows = db.scalars(select(CaseEscalation).where(CaseEscalation.case_id == case.id))
    return frozenset((row.clock, row.began_at, row.percent) for row in rows)
