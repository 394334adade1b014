"""What the page of a case shows besides for a complaint: cameras, twins, public words, ready answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hub.cases.asking.once import new_token
from hub.cases.complaints.cameras import seen_from_cameras
from hub.cases.complaints.duplicates import Match, matches
from hub.cases.complaints.filing.offered import likeness_of, likenesses
from hub.cases.complaints.filing.report import categories
from hub.cases.complaints.models import OutsideWords
from hub.cases.complaints.publishing.board import newest_wordings
from hub.cases.complaints.publishing.shown import PHOTOS
from hub.cases.complaints.triage.joining import JOIN
from hub.cases.complaints.triage.replies import replies
from hub.cases.definition.service import Family
from hub.cases.desk.page import CasePage
from hub.cases.desk.panels import Panel
from hub.cases.keeping.models import CaseFile, CaseRecord
from hub.cases.keeping.records import answers_of
from hub.people.permissions import Permission
from hub.places.purposes import WORDS
from hub.web.guarding.guard import signed_in
from hub.web.transaction import db

# The work is done or nearly so: what a camera sees now is "after".
_AFTER_STAGES = frozenset({"dikerjakan", "menunggu_tanggapan", "selesai"})
_MOST_CAMERAS, _MOST_TWINS = 6, 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A complaint that may be about the same, for officers: the secret ones too."""

    number: str
    title: str
    match: Match


def complaint_panel(page: CasePage) -> Panel | None:
    """Return the panel of a complaint."""
    case, who = page.case, signed_in()
    if case.family != Family.COMPLAINT:
        return None
    wording = newest_wordings(db(), [case.id]).get(case.id)
    answers = answers_of(case)
    return Panel(
        "cases/complaints/panel.html",
        {
            "sights": _sights(case) if who.may(Permission.CAMERA_STILL) else (),
            "is_after": case.stage in _AFTER_STAGES,
            "has_after": _has_after(case),
            "purposes": WORDS,
            "may_moderate": who.may(Permission.COMPLAINT_MODERATE),
            "token": new_token(),
            "may_join": any(offer.action.id == JOIN for offer in page.offers),
            "twins": _twins(case) if who.may(Permission.COMPLAINT_MODERATE) else (),
            "wording": wording,
            "outside": db().get(OutsideWords, case.id),
            "text": wording.text if wording else " ".join(answers.get("text", ())),
            "title": wording.title if wording else case.title,
            "photos": _photos(case),
            "categories": categories(page.definition),
            "ready": [(one.label, one.about(case.number)) for one in replies()],
            "noted": [offer.action for offer in page.offers if offer.action.needs_note],
        },
    )


def _sights(case: CaseRecord) -> Sequence[object]:
    if case.latitude is None or case.longitude is None:
        return ()
    return seen_from_cameras(db(), case.latitude, case.longitude)[:_MOST_CAMERAS]


def _twins(case: CaseRecord) -> list[Twin]:
    if case.closed_at is not None:
        return []
    one = likeness_of(db(), case)
    found = matches(one, likenesses(db(), one, is_public=False), most=_MOST_TWINS)
    rows = db().scalars(select(CaseRecord).where(CaseRecord.number.in_([match.id for match in found])))
    titles = {row.number: row.title for row in rows}
    return [Twin(match.id, titles[match.id], match) for match in found]


def _photos(case: CaseRecord) -> Sequence[CaseFile]:
    query = select(CaseFile).where(CaseFile.case_id == case.id, CaseFile.requirement.in_(PHOTOS))
    return db().scalars(query.order_by(CaseFile.id)).all()


def _has_after(case: CaseRecord) -> bool:
    return any(row.requirement == PHOTOS[1] for row in _photos(case))
