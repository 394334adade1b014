"""What screens ask about outages: which are open, which held a camera, and the words of a state."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.cctv.outages.facts import Scope
from hub.cctv.outages.models import HubBlind, Outage, OutageCamera, OutageVerdict
from hub.cctv.rules import CameraState, Cause, OutageWord
from hub.web.i18n import N_

CameraKey = tuple[str, str]

# The three words of the city for a camera, with what an operator must know beside them.
STATE_WORDS: Mapping[CameraState, str] = {
    CameraState.LIVE: N_("Daring"),
    CameraState.DISTURBED: N_("Terganggu"),
    CameraState.OFFLINE: N_("Luring"),
    CameraState.SILENT: N_("Luring (tanpa data baru)"),
    CameraState.UNHEARD: N_("Belum melapor"),
    CameraState.MAINTENANCE: N_("Perawatan"),
}
CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.NONE: "",
    Cause.CAMERA: N_("kamera"),
    Cause.POWER: N_("listrik"),
    Cause.LINK: N_("media"),
    Cause.UNKNOWN: N_("belum jelas"),
}


@dataclass(frozen=True, slots=True)
class OpenOutage:
    """An outage that is not over, with the cameras that it holds now."""

    outage: Outage
    cameras: tuple[CameraKey, ...]


def open_outages(db: Session) -> list[OpenOutage]:
    """Return what is open, the oldest first; one a root cause."""
    query = select(Outage).where(Outage.ended_at.is_(None)).order_by(Outage.began_at, Outage.id)
    outages = list(db.scalars(query))
    held: dict[int, list[CameraKey]] = {one.id: [] for one in outages}
    for row in db.scalars(select(OutageCamera).where(OutageCamera.ended_at.is_(None))):
        if row.outage in held:
            held[row.outage].append((row.device, row.camera))
    return [OpenOutage(one, tuple(sorted(held[one.id]))) for one in outages]


def outage_words(db: Session) -> dict[CameraKey, OutageWord]:
    """Return what the open outage of each held camera says, for :func:`hub.cctv.rules.judge`."""
    query = (
        select(OutageCamera, Outage)
        .join(Outage, Outage.id == OutageCamera.outage)
        .where(OutageCamera.ended_at.is_(None))
    )
    pairs = [(row, outage) for row, outage in db.execute(query)]
    sizes = Counter(outage.id for _, outage in pairs)
    return {
        (row.device, row.camera): OutageWord(
            number=outage.id,
            scope=outage.scope,
            began_at=row.began_at,
            cause=Cause(outage.cause),
            confidence=outage.confidence,
            facts=tuple(outage.evidence.split()),
            cameras=sizes[outage.id],
        )
        for row, outage in pairs
    }


def outages_of_camera(
    db: Session, device: str, camera: str, begin: datetime, end: datetime
) -> list[tuple[OutageCamera, Outage]]:
    """Return what held a camera between two moments, the newest first."""
    query = (
        select(OutageCamera, Outage)
        .join(Outage, Outage.id == OutageCamera.outage)
        .where(
            OutageCamera.device == device,
            OutageCamera.camera == camera,
            OutageCamera.began_at < end,
            or_(OutageCamera.ended_at.is_(None), OutageCamera.ended_at > begin),
        )
        .order_by(OutageCamera.began_at.desc())
    )
    return [(row, outage) for row, outage in db.execute(query)]


def verdicts_of(db: Session, outage: int) -> list[OutageVerdict]:
    """Return what was thought of an outage, the newest first."""
    query = select(OutageVerdict).where(OutageVerdict.outage == outage).order_by(OutageVerdict.id.desc())
    return list(db.scalars(query))


def cameras_of(db: Session, outage: int) -> list[OutageCamera]:
    """Return the rows of an outage's cameras, those that are still held first."""
    query = (
        select(OutageCamera)
        .where(OutageCamera.outage == outage)
        .order_by(
            OutageCamera.ended_at.is_not(None), OutageCamera.device, OutageCamera.camera, OutageCamera.id
        )
    )
    return list(db.scalars(query))


def outages_between(db: Session, begin: datetime, end: datetime) -> list[Outage]:
    """Return outages that touch a time and are no part of another, the newest first."""
    query = (
        select(Outage)
        .where(
            Outage.folded_into.is_(None),
            Outage.began_at < end,
            or_(Outage.ended_at.is_(None), Outage.ended_at > begin),
        )
        .order_by(Outage.began_at.desc(), Outage.id.desc())
    )
    return list(db.scalars(query))


def blind_between(db: Session, begin: datetime, end: datetime) -> list[HubBlind]:
    """Return the times in which the hub could not know."""
    query = select(HubBlind).where(
        HubBlind.began_at < end, or_(HubBlind.ended_at.is_(None), HubBlind.ended_at > begin)
    )
    return list(db.scalars(query.order_by(HubBlind.began_at)))


def places_dark(outages: Iterable[OpenOutage]) -> tuple[int, int]:
    """Return how many whole places are dark and how many cameras are folded under them."""
    places = [one for one in outages if one.outage.scope != Scope.CAMERA and one.cameras]
    return len(places), sum(len(one.cameras) for one in places)


def state_of(db: Session, device: str, camera: str) -> OutageWord | None:
    """Return the word of the outage that holds a camera now, if one does."""
    return outage_words(db).get((device, camera))
