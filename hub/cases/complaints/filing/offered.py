"""Open complaints that may be about the same, looked for before another one is sent. Reads only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.complaints.cameras import cameras_near, keys_of
from hub.cases.complaints.duplicates import OLDEST, Likeness, Match, matches, radius_of
from hub.cases.complaints.publishing.board import PublicBoard
from hub.cases.complaints.publishing.shown import PublicComplaint
from hub.cases.complaints.sight import SightCamera, cameras_seeing
from hub.cases.definition.service import Family
from hub.cases.keeping.engine import Secrecy
from hub.cases.keeping.models import CaseRecord
from hub.cases.keeping.records import answers_of

# Beyond this many metres of a radius nothing scores (hub.cases.complaints.duplicates).
_REACH = 2.2
_METRE_DEG = 1 / 111_195
_MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Offered:
    """A public complaint that may be about the same."""

    complaint: PublicComplaint
    match: Match


def offered_for(db: Session, one: Likeness, *, most: int = 3) -> tuple[Offered, ...]:
    """Return the public complaints that may be the same, the likeliest first."""
    found = matches(one, likenesses(db, one), most=most)
    board = PublicBoard(db)
    shown = [(board.one(match.id), match) for match in found]
    return tuple(Offered(complaint, match) for complaint, match in shown if complaint is not None)


def likenesses(db: Session, one: Likeness, *, is_public: bool = True) -> list[Likeness]:
    """Return the open complaints near enough to be compared with one; its own number is left out.

    Args:
        db: Any session.
        one: What is compared.
        is_public: Without the secret ones: whoever files may not learn of them; officers may.
    """
    query = (
        select(CaseRecord)
        .where(
            CaseRecord.family == Family.COMPLAINT,
            CaseRecord.closed_at.is_(None),
            CaseRecord.category == one.category,
            CaseRecord.opened_at >= one.at - OLDEST,
            CaseRecord.number != one.id,
        )
        .order_by(CaseRecord.opened_at.desc())
        .limit(_MOST_COMPARED)
    )
    if is_public:
        query = query.where(CaseRecord.secrecy != Secrecy.SECRET)
    cameras: Sequence[SightCamera] = ()
    if one.latitude is not None and one.longitude is not None:
        away = radius_of(one.category) * _REACH * _METRE_DEG
        query = query.where(
            CaseRecord.latitude.between(one.latitude - away, one.latitude + away),
            CaseRecord.longitude.between(one.longitude - away, one.longitude + away),
        )
        # Once for all that are compared.
        cameras = cameras_near(db, one.latitude, one.longitude, within_deg=away)
    elif one.kelurahan:
        query = query.where(CaseRecord.kelurahan == one.kelurahan)
    else:
        return []
    return [likeness_of(db, row, cameras) for row in db.scalars(query)]


def likeness_of(db: Session, case: CaseRecord, cameras: Sequence[SightCamera] | None = None) -> Likeness:
    """Return what is compared of a complaint; ``cameras`` around it, when they were looked up before."""
    text = " ".join((case.title, *answers_of(case).get("text", ())))
    return likeness(
        db,
        id_=case.number,
        category=case.category,
        text=text,
        at=case.opened_at,
        place=None if case.latitude is None or case.longitude is None else (case.latitude, case.longitude),
        kelurahan=case.kelurahan or "",
        cameras=cameras,
    )


def likeness(
    db: Session,
    *,
    id_: str,
    category: str,
    text: str,
    at: datetime,
    place: Sequence[float] | None,
    kelurahan: str,
    cameras: Sequence[SightCamera] | None = None,
) -> Likeness:
    """Return what is compared, with the cameras that see the place."""
    if place is None or not all(math.isfinite(side) for side in place):
        return Likeness(id_, category, text, at, kelurahan=kelurahan)
    latitude, longitude = place
    near = cameras_near(db, latitude, longitude) if cameras is None else cameras
    seeing = keys_of(cameras_seeing(latitude, longitude, near))
    return Likeness(id_, category, text, at, latitude, longitude, kelurahan, seeing)
