"""How far a permission of a viewer reaches in the city's inventory: which points, which cameras.

A grant for the city sees all; for a kecamatan, a kelurahan or a point what stands there; for an OPD
the cameras that it owns today, wherever they hang. Views with ``is_scoped=True`` filter by this, and
answer 404 for what lies beyond, as if it were not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.people.models import Opd, RoleGrant
from hub.people.permissions import PERMISSIONS_OF_ROLE, Permission, Role, ScopeKind
from hub.people.service import grants_of
from hub.people.sessions import Viewer
from hub.places.models import Device, Kelurahan, Site
from hub.places.owning.opds import owner_key
from hub.places.owning.service import CameraKey, owners_on

# West Indonesian time has no daylight saving (Keppres 41/1987); owners change at midnight there.
_WIB = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class PlaceReach:
    """What of the inventory somebody sees.

    Attributes:
        sites: Ids of the points that are seen whole, with all that stands there; ``None``: the city.
        devices: Ids of the devices at those points.
        cameras: ``(device, camera)`` of cameras seen besides, because an OPD owns them.
        partial_sites: Ids of the points at which those cameras hang.
    """

    sites: frozenset[str] | None
    devices: frozenset[str] = frozenset()
    cameras: frozenset[CameraKey] = frozenset()
    partial_sites: frozenset[str] = frozenset()

    @property
    def is_city(self) -> bool:
        """Whether the whole city is seen."""
        return self.sites is None

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is seen."""
        return self.sites is not None and not self.sites and not self.cameras

    def holds_site(self, site: str) -> bool:
        """Return whether a point is seen whole: its devices, doors and sensors too."""
        return self.sites is None or site in self.sites

    def touches_site(self, site: str) -> bool:
        """Return whether a point is seen whole or has a camera that is seen."""
        return self.holds_site(site) or site in self.partial_sites

    def holds_device(self, device: str) -> bool:
        """Return whether a device is seen with all that hangs on it."""
        return self.sites is None or device in self.devices

    def holds_camera(self, device: str, camera: str) -> bool:
        """Return whether a camera is seen."""
        return self.holds_device(device) or (device, camera) in self.cameras


EVERYWHERE = PlaceReach(sites=None)


def place_reach(db: Session, viewer: Viewer, permission: Permission, now: datetime) -> PlaceReach:
    """Return what of the inventory a viewer sees with a permission.

    Args:
        db: Any session.
        viewer: Who looks.
        permission: The one that the endpoint asks for.
        now: Grants count now, owners on this day of the city.
    """
    if viewer.may(permission):
        return EVERYWHERE
    grants = [
        grant
        for grant in grants_of(db, viewer.account_id, now)
        if permission in PERMISSIONS_OF_ROLE[Role(grant.role)]
    ]
    if any(grant.scope_kind == ScopeKind.CITY for grant in grants):
        return EVERYWHERE
    return _reach_of(db, grants, now)


def area_reach(db: Session, kind: ScopeKind, key: str, now: datetime) -> PlaceReach:
    """Return what somebody sees whose one grant is for this part of the city."""
    if kind is ScopeKind.CITY:
        return EVERYWHERE
    return _reach_of(db, [RoleGrant(scope_kind=kind, scope_id=key)], now)


def _reach_of(db: Session, grants: list[RoleGrant], now: datetime) -> PlaceReach:
    sites = _sites_of(db, grants)
    cameras = _cameras_owned(db, _scopes(grants, ScopeKind.OPD), now.astimezone(_WIB).date())
    site_of = {row.id: row.site for row in db.scalars(select(Device))} if sites or cameras else {}
    return PlaceReach(
        sites=sites,
        devices=frozenset(device for device, site in site_of.items() if site in sites),
        cameras=cameras,
        partial_sites=frozenset(site_of[device] for device, _camera in cameras) - sites,
    )


def may_see_camera(
    db: Session, viewer: Viewer, permission: Permission, camera: CameraKey, now: datetime
) -> bool:
    """Return whether a viewer holds a permission for one camera now; for streams that go on and on."""
    if not viewer.may_somewhere(permission):
        return False
    return place_reach(db, viewer, permission, now).holds_camera(*camera)


def _scopes(grants: Iterable[RoleGrant], kind: ScopeKind) -> frozenset[str]:
    return frozenset(grant.scope_id for grant in grants if grant.scope_kind == kind)


def _sites_of(db: Session, grants: list[RoleGrant]) -> frozenset[str]:
    ids = _scopes(grants, ScopeKind.SITE)
    wards, districts = _scopes(grants, ScopeKind.KELURAHAN), _scopes(grants, ScopeKind.KECAMATAN)
    if not (ids or wards or districts):
        return frozenset()
    query = (
        select(Site.id)
        .join(Kelurahan, Kelurahan.code == Site.kelurahan)
        .where(or_(Site.id.in_(ids), Kelurahan.code.in_(wards), Kelurahan.kecamatan.in_(districts)))
    )
    return frozenset(db.scalars(query))


def _cameras_owned(db: Session, numbers: frozenset[str], today: date) -> frozenset[CameraKey]:
    """Return the cameras of OPDs on a day; an OPD and an owner are the same by any of their names."""
    wanted = [int(number) for number in numbers if number.isdecimal() and len(number) < 10]
    if not wanted:
        return frozenset()
    keys = {owner_key(name) for name in db.scalars(select(Opd.name).where(Opd.number.in_(wanted)))}
    owners = owners_on(db, today)
    return frozenset(camera for camera, row in owners.items() if owner_key(row.owner) in keys)
