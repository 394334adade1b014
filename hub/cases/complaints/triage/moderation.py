"""What the public reads and sees of a complaint, decided by people; the original stays. Never commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.complaints.models import ComplaintWording
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.people.sessions import Viewer

MOST_TITLE, MOST_TEXT, MOST_REASON = 120, 4_000, 300


def reword(
    db: Session,
    case: CaseRecord,
    *,
    title: str,
    text: str,
    is_hidden: bool,
    reason: str,
    who: Viewer,
    now: datetime,
) -> ComplaintWording:
    """Let the public read other words, or nothing of it; the newest wording counts.

    Raises:
        InputError: words or reason are missing or too long.
    """
    title, reason = " ".join(title.split()), " ".join(reason.split())
    text = text.strip()
    if not title or not text:
        raise InputError("Isi judul dan teks yang dibaca umum.")
    if len(title) > MOST_TITLE or len(text) > MOST_TEXT:
        raise InputError(f"Judul paling banyak {MOST_TITLE} huruf, teks {MOST_TEXT}.")
    if not 3 <= len(reason) <= MOST_REASON:
        raise InputError("Tulis alasan penyuntingan dengan kata-kata.")
    wording = ComplaintWording(
        case_id=case.id,
        title=title,
        text=text,
        is_hidden=is_hidden,
        reason=reason,
        account=who.account_id,
        at=now,
    )
    db.add(wording)
    db.flush()
    _noted(db, case, who, now, "complaint.hide" if is_hidden else "complaint.reword", f"wording {wording.id}")
    return wording


def show_photo(
    db: Session, case: CaseRecord, file: int, *, is_hidden: bool, who: Viewer, now: datetime
) -> None:
    """Hide a photo from everybody, or show it again; the file stays.

    Raises:
        NotFoundError: the case has no such file.
    """
    row = db.scalars(select(CaseFile).where(CaseFile.id == file, CaseFile.case_id == case.id)).first()
    if row is None:
        raise NotFoundError(f"file {file}")
    row.is_hidden = is_hidden
    _noted(db, case, who, now, "complaint.photo", f"file {file} {'hidden' if is_hidden else 'shown'}")


def _noted(db: Session, case: CaseRecord, who: Viewer, now: datetime, action: str, detail: str) -> None:
    audit.append(db, at=now, actor=who.name, action=action, target=f"case:{case.number}", detail=detail)
