"""Everything the page of a point says, and noting a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cctv.points.models import SiteVisit
from hub.cctv.service import CameraView, list_cameras
from hub.errors import InputError, NotFoundError
from hub.people import audit
from hub.places.device.service import DeviceView, list_devices
from hub.places.models import CityCamera, Device, Door, Kecamatan, Kelurahan, Sensor, Site
from hub.places.reach import PlaceReach
from hub.telemetry.store import Point, Series, TelemetryStore
from hub.web.i18n import N_

LAST_VISITS = 20
MAX_DONE = 500
OLDEST = timedelta(days=31)

_NOTHING_DONE = N_("Tulis apa yang dikerjakan di titik ini, paling banyak 500 huruf.")
_NOT_YET = N_("Waktu kunjungan belum tiba; periksa tanggal dan jamnya.")
_TOO_OLD = N_("Waktu kunjungan lebih dari 31 hari yang lalu; periksa tanggalnya.")


@dataclass(frozen=True, slots=True)
class PointView:
    """A point as its page shows it. Latitude 0.0 is a place."""

    id: str
    name: str
    kelurahan: str
    kecamatan: str
    latitude: float
    longitude: float
    cameras: tuple[CameraView, ...]
    devices: tuple[DeviceView, ...]
    doors: tuple[Door, ...]
    sensors: tuple[tuple[Sensor, Point | None], ...]
    switches: tuple[str, ...]
    visits: tuple[SiteVisit, ...]


def get_point(
    db: Session, site: str, *, reach: PlaceReach, telemetry: TelemetryStore, now: datetime
) -> PointView:
    """Return one point; of a point that somebody sees in part only the cameras within reach.

    Raises:
        NotFoundError: the inventory has no such point.
    """
    row = db.execute(
        select(Site, Kelurahan, Kecamatan)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .join(Kecamatan, Kecamatan.code == Kelurahan.kecamatan)
        .where(Site.id == site)
    ).first()
    if row is None:
        raise NotFoundError(site)
    place, ward, district = row
    devices = set(db.scalars(select(Device.id).where(Device.site == site, Device.is_retired.is_(False))))
    is_whole = reach.holds_site(site)
    return PointView(
        id=place.id,
        name=place.name,
        kelurahan=ward.name,
        kecamatan=district.name,
        latitude=place.latitude,
        longitude=place.longitude,
        cameras=tuple(
            view
            for view in list_cameras(db, now)
            if view.device in devices and reach.holds_camera(view.device, view.camera)
        ),
        devices=tuple(one for one in list_devices(db) if one.device in devices) if is_whole else (),
        doors=_doors(db, devices) if is_whole else (),
        sensors=tuple(_with_values(_sensors(db, devices), telemetry)) if is_whole else (),
        switches=_switches(db, devices) if is_whole else (),
        visits=_visits(db, site) if is_whole else (),
    )


def note_visit(db: Session, *, site: str, visited_at: datetime, by: str, done: str, now: datetime) -> None:
    """Keep that somebody was at a point.

    Raises:
        InputError: nothing was done, or the time cannot be; a text to translate.
        NotFoundError: the inventory has no such point.
    """
    done = " ".join(done.split())
    if not done or len(done) > MAX_DONE:
        raise InputError(_NOTHING_DONE)
    if visited_at > now:
        raise InputError(_NOT_YET)
    if now - visited_at > OLDEST:
        raise InputError(_TOO_OLD)
    if db.get(Site, site) is None:
        raise NotFoundError(site)
    db.add(SiteVisit(site=site, visited_at=visited_at, by=by, done=done, noted_at=now))
    audit.append(db, at=now, actor=by, action="site.visit", target=f"site:{site}")


def _doors(db: Session, devices: set[str]) -> tuple[Door, ...]:
    query = select(Door).where(Door.device.in_(devices), Door.is_retired.is_(False))
    return tuple(db.scalars(query.order_by(Door.name, Door.id)))


def _sensors(db: Session, devices: set[str]) -> tuple[Sensor, ...]:
    query = select(Sensor).where(Sensor.device.in_(devices), Sensor.is_retired.is_(False))
    return tuple(db.scalars(query.order_by(Sensor.name, Sensor.id)))


def _with_values(
    sensors: Sequence[Sensor], telemetry: TelemetryStore
) -> Sequence[tuple[Sensor, Point | None]]:
    series = {Series(one.device, one.id, one.quantity): one for one in sensors}
    points = telemetry.last(series) if series else {}
    return [(one, points.get(key)) for key, one in series.items()]


def _switches(db: Session, devices: set[str]) -> tuple[str, ...]:
    query = select(CityCamera.network_switch).where(CityCamera.device.in_(devices)).distinct()
    return tuple(sorted(name for name in db.scalars(query) if name))


def _visits(db: Session, site: str) -> tuple[SiteVisit, ...]:
    query = select(SiteVisit).where(SiteVisit.site == site)
    newest_first = query.order_by(SiteVisit.visited_at.desc(), SiteVisit.id.desc())
    return tuple(db.scalars(newest_first.limit(LAST_VISITS)))
