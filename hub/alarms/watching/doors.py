"""Watches the readers of doors: silent while their device is there, or seeing codes they cannot read."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings
from hub.alarms.watching.conditions import Condition, Sight
from hub.alarms.watching.mounted import condition_of, in_service
from hub.ingest.models import DevicePresence
from hub.places.models import Device, Door
from hub.places.reading.models import DoorReadingDay
from hub.places.reading.service import DoorQuality, qualities_of

# West Indonesian time has no daylight saving (Keppres 41/1987).
_WIB = timezone(timedelta(hours=7))
# Readers report once a minute also when nobody comes; one that never did is an old firmware.
_TODAY = timedelta(hours=24)


class DoorWatch:
    """The conditions of all doors in service."""

    def __init__(self, settings: AlarmSettings) -> None:
        """Take the limits."""
        self._silent_after = timedelta(minutes=settings.door_silent_minutes)

    def __call__(self, db: Session, now: datetime) -> Iterator[Condition]:
        """Yield both conditions of every door."""
        heard = _heard(db)
        for door, device, presence in in_service(db, Door):
            newest = heard.get((door.device, door.id))
            yield self._silence(door, device, presence, newest, now)
            yield _unreadable(db, door, device, newest, now)

    def _silence(
        self,
        door: Door,
        device: Device,
        presence: DevicePresence | None,
        newest: datetime | None,
        now: datetime,
    ) -> Condition:
        sight = Sight.UNSEEN
        if presence is not None and presence.is_online and newest is not None:
            # A device that came back a moment ago has not had the time to speak of its doors.
            since = max(newest, presence.since)
            sight = Sight.BAD if now - since > self._silent_after else Sight.GOOD
        said = newest.astimezone(_WIB).strftime("%H.%M") if newest else ""
        return condition_of(door, device, AlarmKind.DOOR_READER, sight, Severity.HIGH, since=said)


def _unreadable(db: Session, door: Door, device: Device, newest: datetime | None, now: datetime) -> Condition:
    quality: DoorQuality | None = None
    if newest is not None and now - newest <= _TODAY:
        quality = next((one for one in qualities_of(db, door.device) if one.door == door.id), None)
    if quality is None:
        return condition_of(door, device, AlarmKind.DOOR_UNREADABLE, Sight.UNSEEN, Severity.MEDIUM, value="")
    sight = Sight.BAD if quality.is_troubled else Sight.GOOD
    share = round(100 * quality.unreadable / max(1, quality.read + quality.unreadable))
    return condition_of(door, device, AlarmKind.DOOR_UNREADABLE, sight, Severity.MEDIUM, value=str(share))


def _heard(db: Session) -> dict[tuple[str, str], datetime]:
    query = select(DoorReadingDay.device, DoorReadingDay.door, func.max(DoorReadingDay.newest_at)).group_by(
        DoorReadingDay.device, DoorReadingDay.door
    )
    return {(device, door): at for device, door, at in db.execute(query)}
