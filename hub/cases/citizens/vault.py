"""Documents of citizens, handed in once: verified by an officer, they serve until they expire.

Takes a session, never commits.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.attachments.kept import KeptFile
from hub.cases.citizens.models import CitizenPerson, VaultDocument
from hub.cases.definition.form import Requirement
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.people import audit
from hub.web.i18n import N_

# Of one person: enough for every requirement of every service, and an end to what one can fill.
MOST_DOCUMENTS = 60


class Standing(StrEnum):
    """How a document stands; the values are texts to translate."""

    UNVERIFIED = N_("belum diverifikasi")
    VERIFIED = N_("terverifikasi")
    EXPIRED = N_("kedaluwarsa")


def standing_of(document: VaultDocument, today: date) -> Standing:
    """Return how a document stands on a day; the last day counts."""
    if document.valid_until is not None and document.valid_until < today:
        return Standing.EXPIRED
    return Standing.UNVERIFIED if document.verified_at is None else Standing.VERIFIED


def documents_of(db: Session, person: CitizenPerson) -> list[VaultDocument]:
    """Return what somebody has in the vault, newest first."""
    query = select(VaultDocument).where(
        VaultDocument.person_id == person.id, VaultDocument.removed_at.is_(None)
    )
    return list(db.scalars(query.order_by(VaultDocument.id.desc())))


def usable(
    db: Session, person: CitizenPerson, requirements: Iterable[Requirement], today: date
) -> dict[str, VaultDocument]:
    """Return for each reusable requirement the newest document that may be used again."""
    wanted = {each.id: each for each in requirements if each.is_reusable}
    found: dict[str, VaultDocument] = {}
    for document in documents_of(db, person):
        requirement = wanted.get(document.requirement)
        if requirement is None or standing_of(document, today) is Standing.EXPIRED:
            continue
        if kept_of(document).kind in requirement.kinds:
            # A verified one before a newer one that nobody looked at yet.
            best = found.get(document.requirement)
            if best is None or (best.verified_at is None and document.verified_at is not None):
                found[document.requirement] = document
    return found


def kept_of(document: VaultDocument) -> KeptFile:
    """Return the file of a document."""
    return KeptFile(
        document.sha256, document.media_type, document.size_bytes, document.width_px, document.height_px
    )


def put(
    db: Session, person: CitizenPerson, requirement: Requirement, files: Sequence[KeptFile], now: datetime
) -> None:
    """Keep files for the next time, those that are not there yet, as far as there is room."""
    there = documents_of(db, person)
    known = {(document.requirement, document.sha256) for document in there}
    room = MOST_DOCUMENTS - len(there)
    fresh = [file for file in files if (requirement.id, file.sha256) not in known]
    for file in fresh[: max(0, room)]:
        db.add(
            VaultDocument(
                person_id=person.id,
                requirement=requirement.id,
                label=requirement.label,
                sha256=file.sha256,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                width_px=file.width,
                height_px=file.height,
                added_at=now,
            )
        )
    db.flush()


def carry_over(db: Session, person: CitizenPerson, case: CaseRecord, today: date) -> None:
    """Tell a case which of its files are verified already."""
    verified = {
        (each.requirement, each.sha256): each
        for each in documents_of(db, person)
        if standing_of(each, today) is Standing.VERIFIED
    }
    for file in db.scalars(select(CaseFile).where(CaseFile.case_id == case.id)):
        document = verified.get((file.requirement, file.sha256))
        if document is not None:
            file.verified_by, file.verified_at = document.verified_by, document.verified_at
            file.valid_until = document.valid_until
    db.flush()


def verify_file(
    db: Session,
    case: CaseRecord,
    file: CaseFile,
    *,
    valid_until: date | None,
    account: int,
    actor: str,
    now: datetime,
) -> None:
    """Note that an officer compared a file with its original; it is then good for later cases too."""
    file.verified_by, file.verified_at, file.valid_until = account, now, valid_until
    if case.applicant_person is not None:
        for document in db.scalars(
            select(VaultDocument).where(
                VaultDocument.person_id == case.applicant_person,
                VaultDocument.requirement == file.requirement,
                VaultDocument.sha256 == file.sha256,
                VaultDocument.removed_at.is_(None),
            )
        ):
            document.verified_by, document.verified_at = account, now
            document.valid_until = valid_until
    db.flush()
    target = f"case:{case.number}"
    audit.append(db, at=now, actor=actor, action="file.verify", target=target, detail=file.requirement)


def unverify(db: Session, person: CitizenPerson) -> None:
    """Note that nobody compared the documents with who this person is now."""
    for document in documents_of(db, person):
        document.verified_by = document.verified_at = None


def remove(db: Session, document: VaultDocument, now: datetime) -> None:
    """Take a document out of the vault; cases that used it keep theirs."""
    document.removed_at = now
    db.flush()


def digests_in_use(db: Session, digests: Iterable[str]) -> set[str]:
    """Return which of these files a case or a vault still names; what is asked of the store's sweep."""
    wanted = tuple(digests)
    files = db.scalars(select(CaseFile.sha256).where(CaseFile.sha256.in_(wanted)))
    documents = db.scalars(
        select(VaultDocument.sha256).where(
            VaultDocument.sha256.in_(wanted), VaultDocument.removed_at.is_(None)
        )
    )
    return {*files, *documents}
