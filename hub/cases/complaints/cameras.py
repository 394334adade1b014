"""The cameras of the inventory as far as sight goes. Reads only."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.cases.complaints.sight import Sight, SightCamera, cameras_seeing
from hub.places.models import CityCamera, Device, Site

# No camera of a city sees further; a bounding box keeps the others out of the arithmetic.
_BOX_DEG = 0.006


def seen_from_cameras(db: Session, latitude: float, longitude: float) -> tuple[Sight, ...]:
    """Return the cameras on duty that can see a place, those that surely do first."""
    return cameras_seeing(latitude, longitude, cameras_near(db, latitude, longitude))


def keys_of(sights: Sequence[Sight]) -> frozenset[str]:
    """Return ``device/camera`` of those that surely see the place."""
    return frozenset(f"{one.camera.device}/{one.camera.camera}" for one in sights if one.is_sure)


def cameras_near(
    db: Session, latitude: float, longitude: float, *, within_deg: float = 0.0
) -> list[SightCamera]:
    """Return the cameras on duty that could see a place, or another one within so many degrees of it."""
    away = _BOX_DEG + within_deg
    rows = db.execute(
        select(CityCamera, Site.latitude, Site.longitude)
        .join(Device, Device.id == CityCamera.device)
        .join(Site, Site.id == Device.site)
        .where(
            CityCamera.is_retired.is_(False),
            Site.latitude.between(latitude - away, latitude + away),
            Site.longitude.between(longitude - away, longitude + away),
        )
    )
    return [
        SightCamera(
            device=camera.device,
            camera=camera.id,
            name=camera.name,
            latitude=site_latitude,
            longitude=site_longitude,
            heading_deg=camera.heading_deg,
            field_of_view_deg=camera.field_of_view_deg,
            view_range_m=camera.view_range_m,
            can_turn=camera.kind == "ptz",
        )
        for camera, site_latitude, site_longitude in rows
    ]
