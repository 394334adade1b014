"""Photos taken at the place, one at a time: a weak link loses one at most. Never commits."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cases.attachments.attaching import attached_file
from hub.cases.attachments.kept import KeptFile
from hub.cases.definition.form import FileKind, Requirement
from hub.cases.desk.page import CasePage
from hub.cases.keeping.engine import FileSource
from hub.cases.keeping.models import CaseFile, CaseStep
from hub.cases.keeping.records import add_files
from hub.errors import InputError
from hub.people import audit
from hub.people.sessions import Viewer


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind of photo that can be added now; ``is_asked``: an action offered here wants it."""

    requirement: Requirement
    there: int
    is_asked: bool


def slots_of(db: Session, page: CasePage) -> tuple[Slot, ...]:
    """Return what photos the viewer can add; none for who can do nothing with the case."""
    if not page.offers or not page.is_readable:
        return ()
    asked = {name for offer in page.offers for name in offer.action.needs_files}
    first = {each.id for each in page.definition.first_files if each.kinds == (FileKind.IMAGE,)}
    there = Counter(db.scalars(select(CaseFile.requirement).where(CaseFile.case_id == page.case.id)))
    return tuple(
        Slot(each, there[each.id], each.id in asked)
        for each in page.definition.requirements
        if each.id in asked | first and FileKind.IMAGE in each.kinds
    )


def add_photo(
    db: Session, page: CasePage, name: str, kept: KeptFile, *, viewer: Viewer, now: datetime, zone: tzinfo
) -> Requirement:
    """Add a photo that went through the safe door.

    Raises:
        InputError: it is not wanted here, or there are enough.
    """
    slot = next((each for each in slots_of(db, page) if each.requirement.id == name), None)
    if slot is None:
        raise InputError("Foto ini tidak diminta pada tahap sekarang.")
    if slot.there >= slot.requirement.most_files:
        raise InputError(f"{slot.requirement.label}: sudah {slot.there} foto, tidak dapat lebih.")
    last = db.scalar(select(func.max(CaseStep.seq)).where(CaseStep.case_id == page.case.id)) or 1
    file = attached_file(name, kept, FileSource.OFFICER)
    add_files(db, page.case, page.definition, [file], step_seq=last, now=now, zone=zone)
    detail = f"{name} {kept.sha256}"
    target = f"case:{page.case.number}"
    audit.append(db, at=now, actor=viewer.name, action="case.photo", target=target, detail=detail)
    return slot.requirement
