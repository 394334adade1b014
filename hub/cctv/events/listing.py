"""Events for screens and files: which are asked for, in which words, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from hub.cctv.events.models import CameraEvent
from hub.cctv.events.rules import TAMPER, EventKind
from hub.errors import NotFoundError
from hub.places.models import CityCamera, Device, Site
from hub.places.reach import EVERYWHERE, PlaceReach

PAGE = 50
# More rows than this are asked for day by day.
MOST_IN_FILE = 20_000
TAMPER_WORD = "tamper"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty is everything. ``kind`` may be ``tamper``: all bad pictures."""

    kind: str = ""
    device: str = ""
    camera: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event with the names of its camera and point."""

    event: CameraEvent
    camera: str
    site: str

    @property
    def kind(self) -> EventKind:
        """What it is."""
        return EventKind(self.event.kind)

    def lasted_s(self, now: datetime) -> float:
        """Return how long it lasted, or lasts."""
        return max(0.0, ((self.event.ended_at or now) - self.event.began_at).total_seconds())


def events_asked(
    db: Session, wanted: Filter, *, zone: ZoneInfo, reach: PlaceReach = EVERYWHERE, most: int = MOST_IN_FILE
) -> Sequence[EventLine]:
    """Return events, newest first.

    Args:
        db: Any session.
        wanted: Which.
        zone: In which the days of ``wanted`` are meant.
        reach: What of the city the viewer sees.
        most: How many at most.
    """
    query = _query(wanted, zone).order_by(CameraEvent.began_at.desc(), CameraEvent.id.desc())
    if not reach.is_city:
        query = query.where(_within(reach))
    return [EventLine(event, camera, site) for event, camera, site in db.execute(query.limit(most))]


def event_line(db: Session, number: int, reach: PlaceReach) -> EventLine:
    """Return one event.

    Raises:
        NotFoundError: there is none, or it is beyond reach.
    """
    found = db.execute(_joined().where(CameraEvent.id == number)).first()
    if found is None or not reach.holds_camera(found[0].device, found[0].camera):
        raise NotFoundError(f"event {number}")
    return EventLine(*found)


def lasting_count(db: Session) -> int:
    """Return how many events last now."""
    return db.scalars(select(func.count()).where(CameraEvent.open_key.is_not(None))).one()


def _within(reach: PlaceReach) -> ColumnElement[bool]:
    key = tuple_(CameraEvent.device, CameraEvent.camera)
    return or_(CameraEvent.device.in_(sorted(reach.devices)), key.in_(sorted(reach.cameras)))


def _joined() -> Select[CameraEvent, str, str]:
    return (
        select(CameraEvent, CityCamera.name, Site.name)
        .join(CityCamera, (CityCamera.device == CameraEvent.device) & (CityCamera.id == CameraEvent.camera))
        .join(Device, Device.id == CameraEvent.device)
        .join(Site, Site.id == Device.site)
    )


def _query(wanted: Filter, zone: ZoneInfo) -> Select[CameraEvent, str, str]:
    query = _joined()
    if wanted.kind:
        kinds = list(TAMPER) if wanted.kind == TAMPER_WORD else [wanted.kind]
        query = query.where(CameraEvent.kind.in_(kinds))
    if wanted.device:
        query = query.where(CameraEvent.device == wanted.device)
    if wanted.camera:
        query = query.where(CameraEvent.camera == wanted.camera)
    if wanted.text:
        names = CityCamera.name + " " + Site.name
        query = query.where(names.icontains(wanted.text, autoescape=True))
    if wanted.first is not None:
        query = query.where(CameraEvent.began_at >= _midnight(wanted.first, zone))
    if wanted.last is not None:
        query = query.where(CameraEvent.began_at < _midnight(wanted.last + timedelta(days=1), zone))
    return query.where(CameraEvent.open_key.is_not(None)) if wanted.is_lasting else query


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
