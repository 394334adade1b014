"""A certified signature on a letter that was issued: both files stay, both hashes are kept. Never commits.

The gateway may take its time: it is asked before any transaction is open.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from hub.cases.attachments.kept import PDF
from hub.cases.attachments.store import find, put
from hub.cases.letters.certified.port import CertifiedSigning, CertifiedSigningError
from hub.cases.letters.models import LetterDocument
from hub.people import audit

_NOT_OPEN = "Surat ini sudah dicabut atau sudah bertanda tangan tersertifikasi."


def is_open(document: LetterDocument) -> bool:
    """Return whether a letter can get a certified signature still."""
    return document.revoked_at is None and not document.certified_sha256


def certified_file(
    document: LetterDocument, signing: CertifiedSigning, *, folder: Path, nik: str, passphrase: str
) -> bytes:
    """Return a letter's PDF with the certified signature of its signatory.

    Args:
        document: As it was issued.
        signing: The gateway, or its local twin.
        folder: Where letters lie.
        nik: Of the signatory; not kept.
        passphrase: As it was typed; not kept.

    Raises:
        CertifiedSigningError: revoked, signed already, the file is gone, or the gateway said no.
    """
    if not is_open(document):
        raise CertifiedSigningError(_NOT_OPEN)
    path = find(folder, document.file_sha256, PDF)
    if path is None:
        raise CertifiedSigningError("Berkas surat tidak ada di arsip.")
    return signing.sign(path.read_bytes(), nik=nik, passphrase=passphrase, link=document.seal)


def keep_certified(
    db: Session, document: LetterDocument, signed: bytes, *, folder: Path, actor: str, now: datetime
) -> None:
    """Keep the signed file beside the first one.

    Raises:
        CertifiedSigningError: the letter was revoked, or signed, in the meantime.
    """
    if not is_open(document):
        raise CertifiedSigningError(_NOT_OPEN)
    document.certified_sha256, document.certified_at = put(folder, signed, PDF), now
    db.flush()
    detail = f"{document.number}; file {document.certified_sha256}"
    target = f"letter:{document.code}"
    audit.append(db, at=now, actor=actor, action="letter.certify", target=target, detail=detail)
