"""Joining complaints about one thing, and splitting one that is about two. Never commits."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.asking.pins import share_pin
from hub.cases.complaints.filing.report import Report, answers_of, categories
from hub.cases.complaints.publishing.shown import PHOTOS, SERVICE
from hub.cases.definition.service import ServiceDefinition
from hub.cases.keeping import service
from hub.cases.keeping.engine import (
    Applicant,
    AttachedFile,
    CaseActor,
    CaseEngine,
    EffectRefusedError,
    FileSource,
    Place,
    Secrecy,
)
from hub.cases.keeping.models import CaseFile, CaseRecord, CaseStep
from hub.cases.keeping.records import answers_of as kept_answers
from hub.cases.keeping.steps.settling import add_step, tell_listeners
from hub.cases.machine.rules import Given, Refused
from hub.errors import InputError
from hub.people import audit
from hub.people.permissions import Role

JOIN, SPLIT = "gabung", "pisah"
_NUMBER = re.compile(r"\bPGD-[0-9]{4}-[0-9]{6,9}\b", re.IGNORECASE)


def join(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    *,
    into: str,
    actor: CaseActor,
    seen: int,
    now: datetime,
) -> CaseRecord:
    """Close a complaint as part of another; whoever follows it is led there.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        case: Not yet handed on.
        into: Number of the other one; its end of a chain is what counts.
        actor: Who joins.
        seen: The case's revision on the page.
        now: The present.

    Raises:
        InputError: there is no such complaint, it is this one, it is closed or secret, or the case
            cannot be joined now.
    """
    target = _end_of_chain(db, into)
    if target is None or target.id == case.id:
        raise InputError("Tulis nomor laporan lain yang masih ada, misalnya PGD-2026-000123.")
    if obstacle := _obstacle(case, target):
        raise InputError(obstacle)
    note = f"Digabung dengan {target.number}."
    done = service.act_on(
        db, engine=engine, case=case, actor=actor, action=JOIN, given=Given(note=note), seen=seen, now=now
    )
    if isinstance(done, Refused):
        raise InputError("Laporan ini tidak dapat digabung sekarang; muat ulang halaman, lalu coba lagi.")
    done.merged_into = target.id
    db.flush()
    audit.append(
        db,
        at=now,
        actor=actor.name,
        action="complaint.join",
        target=f"case:{case.number}",
        detail=target.number,
    )
    return target


def split(
    db: Session,
    engine: CaseEngine,
    case: CaseRecord,
    definition: ServiceDefinition,
    *,
    category: str,
    text: str,
    actor: CaseActor,
    now: datetime,
) -> CaseRecord:
    """File what else a complaint is about as one of its own, with the same place, photos and applicant.

    Raises:
        InputError: the text or the category is missing.
    """
    if category not in {one.id for one in categories(definition)}:
        raise InputError("Pilih kategori bagian yang dipisahkan.")
    known = {name: next(iter(texts), "") for name, texts in kept_answers(case).items()}
    report = Report(
        category=category,
        text=text.strip(),
        kind=known.get("kind", "pengaduan"),
        latitude="" if case.latitude is None else f"{case.latitude:.6f}",
        longitude="" if case.longitude is None else f"{case.longitude:.6f}",
        kelurahan=case.kelurahan or "",
        address=known.get("address", ""),
        identity=known.get("identity", "terbuka"),
        name=known.get("name", ""),
        contact=known.get("contact", ""),
    )
    done = service.file_case(
        db,
        engine=engine,
        service=SERVICE,
        given=Given(answers=answers_of(report, definition)),
        applicant=Applicant(
            case.applicant_account,
            case.applicant_person,
            case.applicant_name,
            Secrecy(case.secrecy),
            filed_by=actor.account,
        ),
        files=_photos(db, case),
        place=Place(kelurahan=case.kelurahan),
        now=now,
    )
    if isinstance(done, Refused):
        raise InputError(
            "; ".join(fault.text for fault in done.faults) or "Bagian ini belum dapat dipisahkan."
        )
    _tell_reporter(db, engine, case, done, actor, now)
    audit.append(
        db,
        at=now,
        actor=actor.name,
        action="complaint.split",
        target=f"case:{case.number}",
        detail=done.number,
    )
    return done


def _tell_reporter(
    db: Session, engine: CaseEngine, case: CaseRecord, part: CaseRecord, actor: CaseActor, now: datetime
) -> None:
    """Let whoever filed the whole follow the part: it is named to them, and their PIN opens it."""
    part.part_of = case.id
    share_pin(db, case, part)
    note = f"Sebagian laporan ini ditangani sendiri sebagai {part.number}."
    step = CaseStep(
        action=SPLIT,
        from_stage=case.stage,
        to_stage=case.stage,
        account=actor.account,
        role=Role.COORDINATOR,
        note=note,
        is_public_note=True,
    )
    add_step(db, case, step, now=now)
    tell_listeners(db, engine, case, step, now=now)


def note_join(db: Session, case: CaseRecord, step: CaseStep, _now: datetime) -> None:
    """Keep which complaint another was joined to, also when it was joined from the list of all actions.

    Raises:
        EffectRefusedError: the note names no other complaint, or one that cannot be joined to.
    """
    if case.service != SERVICE or step.action != JOIN:
        return
    found = _NUMBER.search(step.note)
    target = None if found is None else _end_of_chain(db, found[0])
    if target is None or target.id == case.id:
        raise EffectRefusedError("Tulis nomor laporan tujuan pada catatan, misalnya PGD-2026-000123.")
    if obstacle := _obstacle(case, target):
        raise EffectRefusedError(obstacle)
    case.merged_into = target.id


def _obstacle(case: CaseRecord, target: CaseRecord) -> str:
    """Return why a complaint must not be joined to another: whoever filed it is told the other's number."""
    if target.closed_at is not None:
        return f"{target.number} sudah ditutup; pelapor tidak akan mendapat kabar dari sana."
    if target.secrecy == Secrecy.SECRET and case.secrecy != Secrecy.SECRET:
        return f"{target.number} dirahasiakan; laporan yang terbuka tidak boleh menunjuk ke sana."
    return ""


def _end_of_chain(db: Session, number: str) -> CaseRecord | None:
    wanted = number.strip().upper()
    found = db.scalars(
        select(CaseRecord).where(CaseRecord.number == wanted, CaseRecord.service == SERVICE)
    ).first()
    seen: set[int] = set()
    while found is not None and found.merged_into is not None and found.id not in seen:
        seen.add(found.id)
        found = db.get(CaseRecord, found.merged_into)
    return found


def _photos(db: Session, case: CaseRecord) -> list[AttachedFile]:
    rows = db.scalars(
        select(CaseFile)
        .where(CaseFile.case_id == case.id, CaseFile.requirement == PHOTOS[0], CaseFile.is_hidden.is_(False))
        .order_by(CaseFile.id)
    )
    return [
        AttachedFile(
            row.requirement,
            row.sha256,
            row.media_type,
            row.size_bytes,
            FileSource(row.source),
            row.width_px,
            row.height_px,
        )
        for row in rows
    ]
