"""From when and how far each device has delivered its scans, so that a day can be called complete.

A device's own health record says how many rows wait in its outbox. When it came at once, few rows
wait and the link has stood for a while, then every scan accepted a while before it is in: the
attendance lane goes ahead of all others. What came late says nothing: the link may have been down.

A reader serves a site since it was first heard there with a door, or since the first scan it accepted:
a day before that was not seen by it, and accuses nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import ClockQuality, DeviceHealth, HadirScan
from hub.bulk import rows_by_key
from hub.hadir.models import DoorWatermark, ReaderService
from hub.hadir.results.served import Service
from hub.ingest.handlers import Arrival
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door

# Rows that wait on a device that keeps up: what a minute of cameras makes.
MAX_WAITING = 100
MARGIN = timedelta(minutes=5)
_UNHEARD = Service(None, has_reader=False)


def keep_watermarks(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Raise the watermark of each device that says it keeps up; never lower it."""
    devices = {arrival.device for arrival in arrivals}
    sites, present = _sites_of(db, devices), rows_by_key(db, DevicePresence, devices)
    marks = rows_by_key(db, DoorWatermark, devices)
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, DeviceHealth)
        if arrival.is_late:
            continue
        _heard(db, arrival.device, arrival.record.at, sites.get(arrival.device))
        if body.outbox_rows > MAX_WAITING:
            continue
        presence = present.get(arrival.device)
        if presence is None or not presence.is_online or arrival.record.at - presence.since < MARGIN:
            continue
        _raise(marks.get(arrival.device) or _row_of(db, arrival.device), arrival.record.at - MARGIN)
    db.flush()


def keep_first_scans(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Move the beginning of a reader's service back to its oldest scan, late or not."""
    oldest: dict[str, datetime] = {}
    for arrival in arrivals:
        assert isinstance(arrival.record.body, HadirScan)
        # A clock that nobody set may say 1970.
        if arrival.record.clock is not ClockQuality.UNKNOWN:
            at = arrival.record.at
            oldest[arrival.device] = min(oldest.get(arrival.device, at), at)
    for device, at in oldest.items():
        _scanned(db, device, at)


def _site_of(db: Session, device: str) -> str | None:
    """Return where a device stands that has a door; ``None`` for all others."""
    is_reader = (Door.device == device, Door.is_retired.is_(False))
    query = select(Device.site).join(Door, Door.device == Device.id).where(Device.id == device, *is_reader)
    return db.scalars(query.limit(1)).first()


def _sites_of(db: Session, devices: Iterable[str]) -> dict[str, str]:
    """Return where those of many devices stand that have a door."""
    query = select(Device.id, Device.site).join(Door, Door.device == Device.id)
    rows = db.execute(query.where(Device.id.in_(devices), Door.is_retired.is_(False)).distinct())
    return {row[0]: row[1] for row in rows}


def _services_of(db: Session, device: str) -> list[ReaderService]:
    """Return the sites that a device served, the oldest first."""
    query = select(ReaderService).where(ReaderService.device == device)
    return list(db.scalars(query.order_by(ReaderService.since)))


def _heard(db: Session, device: str, at: datetime, site: str | None) -> None:
    """Begin the service at the site where a device is heard; the one at another site ends."""
    if site is None:
        return
    services = {service.site: service for service in _services_of(db, device)}
    here = services.get(site)
    if here is not None and here.until is None:
        return
    for service in services.values():
        service.until = service.until or at
    if here is None:
        db.add(ReaderService(device=device, site=site, since=at))
    else:
        here.since, here.until = at, None
    db.flush()


def _scanned(db: Session, device: str, at: datetime) -> None:
    """Move the beginning of a device's first service back to an older scan.

    A scan does not say where the device stood; an old one of a device that was moved is not the
    new site's.
    """
    services, site = _services_of(db, device), _site_of(db, device)
    if services:
        services[0].since = min(services[0].since, at)
    elif site is not None:
        db.add(ReaderService(device=device, site=site, since=at))
    db.flush()


def _row_of(db: Session, device: str) -> DoorWatermark:
    row = db.get(DoorWatermark, device)
    if row is None:
        row = DoorWatermark(device=device)
        db.add(row)
        db.flush()
    return row


def _raise(row: DoorWatermark, until: datetime) -> None:
    if row.complete_until is None or row.complete_until < until:
        row.complete_until = until


def complete_until_by_site(db: Session) -> dict[str, datetime | None]:
    """Return, for each site with doors, how far all of them have delivered; ``""`` is the city.

    ``None`` where a door's device has said nothing yet: nobody knows what it saw.
    """
    lines = db.execute(
        select(Device.site, DoorWatermark.complete_until)
        .join(Door, Door.device == Device.id)
        .join(DoorWatermark, DoorWatermark.device == Device.id, isouter=True)
        .where(Door.is_retired.is_(False), Device.is_retired.is_(False))
    )
    by_site: dict[str, datetime | None] = {}
    for site, until in lines:
        for place in ("", site):
            known = by_site.get(place, until)
            by_site[place] = None if until is None or known is None else min(known, until)
    return by_site


def services_by_site(db: Session) -> dict[str, Service]:
    """Return since when each site has readers; ``""`` is the city.

    Readers that were taken away or moved count for the days they served; they are not readers a site
    has.
    """
    doors = select(Device.id, Device.site, Device.is_retired, Door.is_retired)
    standing: dict[tuple[str, str], bool] = {}
    for device, site, *is_retired in db.execute(doors.join(Door, Door.device == Device.id)):
        standing[device, site] = standing.get((device, site), False) or not any(is_retired)
    since = {
        (service.device, service.site): Service(service.since, has_reader=False)
        for service in db.scalars(select(ReaderService))
    }
    by_site: dict[str, Service] = {}
    for key in {**standing, **since}:
        own = _together(since.get(key, _UNHEARD), Service(None, has_reader=standing.get(key, False)))
        for place in ("", key[1]):
            by_site[place] = _together(by_site.get(place, own), own)
    return by_site


def _together(one: Service, other: Service) -> Service:
    known = [since for since in (one.since, other.since) if since is not None]
    return Service(min(known, default=None), has_reader=one.has_reader or other.has_reader)
