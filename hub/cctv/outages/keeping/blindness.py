"""When the hub itself could not know: it was down, or heard nobody. That is no camera's fault.

After such a time silence proves nothing until everybody had time to speak again.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.cctv.outages.models import HubBlind, OutageKeeping
from hub.cctv.rules import SILENT_AFTER
from hub.ingest.models import DevicePresence
from hub.ingest.presence import SILENT_AFTER as DEVICE_SILENT_AFTER
from hub.places.models import Device

DOWN, DEAF = "down", "deaf"
# The keeper turns every second; a hub that is busy for a minute is as good as down.
DOWN_AFTER = timedelta(seconds=60)
# Fewer devices may well be silent together.
MIN_DEVICES = 3
# How long silence is no evidence after the hub could hear again.
GRACE = max(SILENT_AFTER, DEVICE_SILENT_AFTER)


def note_absence(db: Session, keeping: OutageKeeping, now: datetime) -> None:
    """Note that the keeper itself was away, or that the clock was put."""
    if now - keeping.turned_at > DOWN_AFTER:
        db.add(HubBlind(why=DOWN, began_at=keeping.turned_at, ended_at=now))
        db.flush()


def note_deafness(db: Session, now: datetime) -> bool:
    """Note that nobody at all is heard, or that somebody is again; return whether the hub is deaf now."""
    seen = select(func.count(), func.max(DevicePresence.last_seen_at))
    seen = seen.join(Device, Device.id == DevicePresence.device).where(Device.is_retired.is_(False))
    devices, last = db.execute(seen).one()
    newest: datetime = last or now
    is_deaf = devices >= MIN_DEVICES and now - newest > SILENT_AFTER
    open_row = db.scalars(select(HubBlind).where(HubBlind.ended_at.is_(None))).first()
    if is_deaf and open_row is None:
        db.add(HubBlind(why=DEAF, began_at=newest, ended_at=None))
        db.flush()
    elif not is_deaf and open_row is not None:
        open_row.ended_at = max(now, open_row.began_at)
        db.flush()
    return is_deaf


def in_doubt_since(db: Session, now: datetime) -> datetime | None:
    """Return before which moment a last word proves nothing, if there is such a time.

    Args:
        db: Any session.
        now: The present.
    """
    # One that ended in the future was noted by a clock that was put back since.
    return db.scalar(
        select(func.max(HubBlind.ended_at)).where(HubBlind.ended_at > now - GRACE, HubBlind.ended_at <= now)
    )
