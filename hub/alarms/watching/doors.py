"""Watches the readers of doors: silent while their device is there, or seeing codes they cannot read."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.settings import AlarmSettings
from hub.alarms.watching.conditions import Condition, Sight
from hub.alarms.watching.mounted import Mounted, condition_of, in_service
from hub.places.models import Door
from hub.places.reading.models import DoorReadingDay
from hub.places.reading.service import is_troubled

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
        for door in db.execute(_doors()):
            yield self._silence(door, now)
            yield _unreadable(door, now)

    def _silence(self, door: Mounted, now: datetime) -> Condition:
        sight = Sight.UNSEEN
        if door.is_online and door.newest_at is not None:
            # A device that came back a moment ago has not had the time to speak of its doors.
            since = max(door.newest_at, door.since)
            sight = Sight.BAD if now - since > self._silent_after else Sight.GOOD
        said = door.newest_at.astimezone(_WIB).strftime("%H.%M") if door.newest_at else ""
        return condition_of(door, AlarmKind.DOOR_READER, sight, Severity.HIGH, since=said)


def _unreadable(door: Mounted, now: datetime) -> Condition:
    if door.newest_at is None or now - door.newest_at > _TODAY:
        return condition_of(door, AlarmKind.DOOR_UNREADABLE, Sight.UNSEEN, Severity.MEDIUM, value="")
    sight = Sight.BAD if is_troubled(read=door.read, unreadable=door.unreadable) else Sight.GOOD
    share = round(100 * door.unreadable / max(1, door.read + door.unreadable))
    return condition_of(door, AlarmKind.DOOR_UNREADABLE, sight, Severity.MEDIUM, value=str(share))


def _doors() -> Select[*tuple[Any, ...]]:
    """Return the question for all doors, each with its newest day: one seek a door, not all its days."""
    other = aliased(DoorReadingDay)
    newest = select(func.max(other.day)).where(other.device == Door.device, other.door == Door.id)
    is_newest = and_(
        DoorReadingDay.device == Door.device,
        DoorReadingDay.door == Door.id,
        DoorReadingDay.day == newest.correlate(Door).scalar_subquery(),
    )
    said = (DoorReadingDay.newest_at, DoorReadingDay.read, DoorReadingDay.unreadable)
    return in_service(Door).add_columns(*said).join(DoorReadingDay, is_newest, isouter=True)
