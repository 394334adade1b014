"""Telling an applicant that their case moved: by e-mail, with the page to follow it. Never commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub.cases.citizens.models import CitizenPerson
from hub.cases.citizens.news import may_be_told
from hub.cases.keeping.models import CaseRecord, CaseStep
from hub.cases.keeping.records import FILED
from hub.cases.keeping.versions import of_case
from hub.cases.status_words import STATUS_WORDS
from hub.notify.service import Channel, Recipient, queue


def tell_applicant(db: Session, case: CaseRecord, step: CaseStep, now: datetime) -> None:
    """Tell the citizen who asked, unless they did it themselves or nothing changed for them."""
    if step.action == FILED or step.role == "applicant" or case.applicant_person is None:
        return
    person = db.get(CitizenPerson, case.applicant_person)
    if person is None or not may_be_told(db, person):
        return
    status = STATUS_WORDS[case.public_status]
    # A case may come to the same status again, as after a reopening: that is news as well.
    is_news = of_case(db, case).stage(step.from_stage).public_status != case.public_status
    said = f" {step.note.strip()}" if step.is_public_note and step.note.strip() else ""
    if not is_news and not said:
        return
    queue(
        db,
        to=Recipient(Channel.EMAIL, person.email),
        subject=f"Permohonan {case.number}: {status}",
        text=f"{case.title}: {status}.{said}",
        link=f"/lacak/{case.tracking_code}",
        now=now,
        about=f"case-status:{case.id}:{step.seq}",
    )
