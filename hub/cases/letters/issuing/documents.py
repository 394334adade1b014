"""Finding letters that were issued, and revoking one with a reason. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.cases.keeping.models import CaseRecord
from hub.cases.letters.models import LetterDocument
from hub.errors import InputError
from hub.people import audit

LEAST_REASON, MOST_REASON = 10, 300


def documents_of(db: Session, case: CaseRecord) -> Sequence[LetterDocument]:
    """Return the letters of a case, oldest first; who may have them is for the caller to know."""
    query = select(LetterDocument).where(LetterDocument.case_id == case.id).order_by(LetterDocument.id)
    return db.scalars(query).all()


def document_by_code(db: Session, code: str) -> LetterDocument | None:
    """Return a letter by the code that is typed; spaces, dashes and small letters do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return db.scalars(select(LetterDocument).where(LetterDocument.code == plain)).first()


def document_by_file(db: Session, sha256: str) -> LetterDocument | None:
    """Return the letter whose PDF this is, with or without its certified signature."""
    by_file = (LetterDocument.file_sha256 == sha256) | (LetterDocument.certified_sha256 == sha256)
    return db.scalars(select(LetterDocument).where(by_file)).first()


def revoke(
    db: Session, document: LetterDocument, *, account: int, actor: str, reason: str, now: datetime
) -> None:
    """Take a letter back for good; strangers who check it are told when and why.

    Raises:
        InputError: no reason that anybody understands, or it was revoked already.
    """
    said = " ".join(reason.split())
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        raise InputError(
            f"Tulis alasan pencabutan, {LEAST_REASON} sampai {MOST_REASON} huruf; pemeriksa membacanya."
        )
    taken = db.scalars(
        update(LetterDocument)
        .where(LetterDocument.id == document.id, LetterDocument.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=account, revoke_reason=said)
        .returning(LetterDocument.id)
    )
    if taken.first() is None:
        raise InputError("Surat ini sudah dicabut.")
    db.refresh(document)
    detail = f"{document.number}; {said}"
    target = f"letter:{document.code}"
    audit.append(db, at=now, actor=actor, action="letter.revoke", target=target, detail=detail)
