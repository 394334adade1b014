"""How far each device has delivered its scans, so that a day can be called complete.

A device's own health record says how many rows wait in its outbox. When it came at once, few rows
wait and the link has stood for a while, then every scan accepted a while before it is in: the
attendance lane goes ahead of all others. What came late says nothing: the link may have been down.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.bodies import DeviceHealth
from hub.hadir.models import DoorWatermark
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
        if arrival.is_late or body.outbox_rows > MAX_WAITING:
            continue
        presence = db.get(DevicePresence, arrival.device)
        if presence is None or not presence.is_online or arrival.record.at - presence.since < MARGIN:
            continue
        _raise(db, arrival.device, arrival.record.at - MARGIN)
    db.flush()


def _raise(db: Session, device: str, until: datetime) -> None:
    row = db.get(DoorWatermark, device)
    if row is None:
        db.add(DoorWatermark(device=device, complete_until=until))
    elif row.complete_until < until:
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
