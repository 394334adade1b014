"""From when and how far each device has delivered its scans, so that a day can be called complete.

A device's own health record says how many rows wait in its outbox. When it came at once, few rows
wait and the link has stood for a while, then every scan accepted a while before it is in: the
attendance lane goes ahead of all others. What came late says nothing: the link may have been down.

A reader is in service since it was first heard with a door, or since the first scan it accepted: a day
before that was not seen by it, and accuses nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from edge.wire.bodies import ClockQuality, DeviceHealth, HadirScan
from hub.hadir.models import DoorWatermark
from hub.hadir.results.served import Service
from hub.ingest.handlers import Arrival
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door

# Rows that wait on a device that keeps up: what a minute of cameras makes.
MAX_WAITING = 100
MARGIN = timedelta(minutes=5)


def keep_watermarks(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Raise the watermark of each device that says it keeps up; never lower it."""
    for arrival in arrivals:
        body = arrival.record.body
        assert isinstance(body, DeviceHealth)
        if arrival.is_late:
            continue
        if db.scalars(_doors_of(arrival.device)).first() is not None:
            _serves(db, arrival.device, arrival.record.at)
        if body.outbox_rows > MAX_WAITING:
            continue
        presence = db.get(DevicePresence, arrival.device)
        if presence is None or not presence.is_online or arrival.record.at - presence.since < MARGIN:
            continue
        _raise(db, arrival.device, arrival.record.at - MARGIN)
    db.flush()


def keep_first_scans(db: Session, arrivals: Sequence[Arrival]) -> None:
    """Move the beginning of a reader's service back to its oldest scan, late or not."""
    for arrival in arrivals:
        assert isinstance(arrival.record.body, HadirScan)
        # A clock that nobody set may say 1970.
        if arrival.record.clock is not ClockQuality.UNKNOWN:
            _serves(db, arrival.device, arrival.record.at)
    db.flush()


def _doors_of(device: str) -> Select[str]:
    return select(Door.id).where(Door.device == device, Door.is_retired.is_(False))


def _row_of(db: Session, device: str) -> DoorWatermark:
    row = db.get(DoorWatermark, device)
    if row is None:
        row = DoorWatermark(device=device)
        db.add(row)
        db.flush()
    return row


def _raise(db: Session, device: str, until: datetime) -> None:
    row = _row_of(db, device)
    if row.complete_until is None or row.complete_until < until:
        row.complete_until = until


def _serves(db: Session, device: str, at: datetime) -> None:
    row = _row_of(db, device)
    if row.served_since is None or at < row.served_since:
        row.served_since = at


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

    Readers that were taken away count for the days they served; they are not readers a site has.
    """
    lines = db.execute(
        select(Device.site, DoorWatermark.served_since, Device.is_retired, Door.is_retired)
        .join(Door, Door.device == Device.id)
        .join(DoorWatermark, DoorWatermark.device == Device.id, isouter=True)
    )
    by_site: dict[str, Service] = {}
    for site, since, is_device_retired, is_door_retired in lines:
        own = Service(since, has_reader=not is_device_retired and not is_door_retired)
        for place in ("", site):
            by_site[place] = _together(by_site.get(place, own), own)
    return by_site


def _together(one: Service, other: Service) -> Service:
    known = [since for since in (one.since, other.since) if since is not None]
    return Service(min(known, default=None), has_reader=one.has_reader or other.has_reader)
