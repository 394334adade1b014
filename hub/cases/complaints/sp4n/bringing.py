"""Complaints of a file brought in as cases, each once, in the state that the file says. Never commits.

They walk the same way as any other, by the same machine, at the day of the file; nobody is told of
what is long over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import OutsideComplaint
from hub.cases.complaints.publishing.shown import SERVICE
from hub.cases.complaints.sp4n.files import Row
from hub.cases.complaints.where import ward_named
from hub.cases.definition.stages import SYSTEM
from hub.cases.keeping.chores import pass_over
from hub.cases.keeping.engine import Applicant, CaseActor, CaseEngine, Handed, Place
from hub.cases.keeping.holders import opd_number
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.service import act_on, file_case
from hub.cases.machine.rules import Given, Refused
from hub.errors import InputError
from hub.notify.models import OutboxMessage
from hub.people import audit

SYSTEM_NAME = "sp4n"
_NOON = time(12)
# Which way leads to a status; each step as the role whose it is.
_WAYS: dict[str, tuple[str, ...]] = {
    "terverifikasi": ("teruskan",),
    "diproses": ("teruskan", "kerjakan"),
    "diselesaikan": ("teruskan", "kerjakan", "jawab", "diam"),
    "diarsipkan": ("arsipkan",),
}
_ROLES = frozenset({"coordinator", "liaison", SYSTEM})
_NOTE = "Dari berkas SP4N-LAPOR!."


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file."""

    new: int
    known: int


def bring_in(
    db: Session, engine: CaseEngine, rows: Sequence[Row], *, actor: str, zone: tzinfo, now: datetime
) -> Brought:
    """Bring complaints in.

    Args:
        db: A writing session.
        engine: What cases are worked with.
        rows: Of a file.
        actor: Who brings them.
        zone: The city's, for days.
        now: The present; a day that lies ahead is refused.

    Raises:
        InputError: names the row that cannot be brought in; nothing is kept then.
    """
    quiet = replace(engine, told=())
    known = _known(db)
    news = [row for row in rows if row.tracking_id not in known]
    for row in news:
        at = datetime.combine(row.day, _NOON, zone)
        if at.date() > now.astimezone(zone).date():
            raise InputError(f"{row.tracking_id}: tanggal {row.day} belum terjadi")
        case = _filed(db, quiet, row, at)
        _walk(db, quiet, case, row, actor, at)
        pass_over(db, quiet, case, now)
        db.add(OutsideComplaint(case_id=case.id, system=SYSTEM_NAME, number=row.tracking_id, at=now))
        # Who would have been told then need not be told now.
        db.execute(delete(OutboxMessage).where(OutboxMessage.link == engine.link_of(case)))
    db.flush()
    detail = f"{len(news)} new, {len(rows) - len(news)} known"
    audit.append(db, at=now, actor=actor, action="complaint.import", target="sp4n", detail=detail)
    return Brought(len(news), len(rows) - len(news))


def _filed(db: Session, engine: CaseEngine, row: Row, at: datetime) -> CaseRecord:
    ward = ward_named(row.kelurahan) if row.kelurahan else None
    answers = {
        "kind": row.kind,
        "category": row.category,
        "title": row.title[:120],
        "text": row.text if len(row.text) >= 10 else f"{row.title}: {row.text}",
        "identity": "anonim",
    }
    done = file_case(
        db,
        engine=engine,
        service=SERVICE,
        given=Given(answers={name: (text,) for name, text in answers.items()}),
        applicant=Applicant(is_system=True),
        place=Place(kelurahan=None if ward is None else ward.code),
        now=at,
    )
    if isinstance(done, Refused):
        why = "; ".join(fault.text for fault in done.faults) or done.reason
        raise InputError(f"{row.tracking_id}: {why}")
    return done


def _walk(db: Session, engine: CaseEngine, case: CaseRecord, row: Row, actor: str, at: datetime) -> None:
    opd = opd_number(db, row.opd)
    who = CaseActor(None, actor, _ROLES)
    for action in _WAYS[row.status]:
        done = act_on(
            db,
            engine=engine,
            case=case,
            actor=who,
            action=action,
            given=Given(note=_NOTE),
            handed=Handed(to_opd=opd),
            now=at,
        )
        if isinstance(done, Refused):
            why = "; ".join(fault.text for fault in done.faults) or done.reason
            raise InputError(f"{row.tracking_id}: {action}: {why}; periksa instansi {row.opd!r}")


def _known(db: Session) -> frozenset[str]:
    query = select(OutsideComplaint.number).where(OutsideComplaint.system == SYSTEM_NAME)
    return frozenset(db.scalars(query))
