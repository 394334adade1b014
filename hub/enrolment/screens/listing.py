"""Points and their devices as a technician sees them: what is fitted, what waits, what is revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.enrolment.claiming.claims import open_claims
from hub.enrolment.issuing.register import certificates_of
from hub.enrolment.models import Commissioning, DeviceClaim, DeviceRefusal
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Site
from hub.places.reach import PlaceReach

STATES = ("blank", "waiting", "silent", "running", "signed", "revoked")


@dataclass(frozen=True, slots=True)
class Fitting:
    """A device at a point; ``state`` is one of ``STATES``, ``is_known``: to the inventory."""

    id: str
    name: str
    state: str
    claim: DeviceClaim | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A point with its devices, known or expected."""

    id: str
    name: str
    kelurahan: str
    fittings: tuple[Fitting, ...]


def fitting_sites(db: Session, reach: PlaceReach, text: str, now: datetime) -> list[SitePlace]:
    """Return the points within reach whose name or id holds a text, by name."""
    query = select(Site).where(Site.is_retired.is_(False)).order_by(Site.name, Site.id)
    wanted = text.casefold()
    claims = open_claims(db, now)
    return [
        _place(db, site, claims)
        for site in db.scalars(query)
        if reach.holds_site(site.id) and wanted in f"{site.name} {site.id}".casefold()
    ]


def fitting_site(db: Session, site: str, now: datetime) -> SitePlace | None:
    """Return one point, or ``None`` when it is not there or off duty."""
    row = db.get(Site, site)
    return None if row is None or row.is_retired else _place(db, row, open_claims(db, now))


def _place(db: Session, site: Site, claims: Sequence[DeviceClaim]) -> SitePlace:
    here = {claim.device: claim for claim in claims if claim.site == site.id}
    devices = db.scalars(
        select(Device).where(Device.site == site.id, Device.is_retired.is_(False)).order_by(Device.name)
    ).all()
    known = [_fitting(db, device, here.pop(device.id, None)) for device in devices]
    new = [Fitting(claim.device, claim.name, "waiting", claim, is_known=False) for claim in here.values()]
    return SitePlace(site.id, site.name, site.kelurahan, (*known, *new))


def _fitting(db: Session, device: Device, claim: DeviceClaim | None) -> Fitting:
    certificates = certificates_of(db, device.id)
    good = next((row for row in certificates if row.revoked_at is None), None)
    presence = db.get(DevicePresence, device.id)
    if claim is not None:
        state = "waiting"
    elif (certificates and good is None) or db.get(DeviceRefusal, device.id) is not None:
        state = "revoked"
    elif presence is None:
        state = "blank" if good is None else "silent"
    else:
        state = "signed" if is_signed_off(db, device.id) else "running"
    return Fitting(device.id, device.name, state, claim)


def is_signed_off(db: Session, device: str) -> bool:
    """Return whether a device was signed off after it was last put into service by a code or bundle."""
    begun = [row.issued_at for row in certificates_of(db, device) if row.way in ("claim", "bundle")]
    query = select(Commissioning.at).where(Commissioning.device == device).order_by(Commissioning.at.desc())
    last = db.scalars(query).first()
    return last is not None and (not begun or last >= begun[0])
