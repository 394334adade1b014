"""Which alarms somebody may see: those of the places that a permission of theirs reaches."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind
from hub.alarms.models import Alarm
from hub.people.permissions import Permission
from hub.people.sessions import Viewer
from hub.places.reach import PlaceReach, place_reach


class AlarmReach:
    """The alarms within a :class:`PlaceReach`; those of no place belong to the city."""

    def __init__(self, places: PlaceReach, storms: frozenset[int] = frozenset()) -> None:
        """Take the places, and the ids of common alarms that have something there."""
        self.places = places
        self._storms = storms

    def holds(self, alarm: Alarm) -> bool:
        """Return whether an alarm may be seen."""
        places = self.places
        if places.is_city:
            return True
        if alarm.kind == AlarmKind.OUTAGE_MANY:
            return alarm.id in self._storms
        return _holds_place(places, alarm)


def alarm_reach(db: Session, viewer: Viewer, permission: Permission, now: datetime) -> AlarmReach:
    """Return which alarms a permission of a viewer reaches."""
    places = place_reach(db, viewer, permission, now)
    if places.is_city or permission is Permission.ALARM_HANDLE:
        # Who answers for one point sees a storm that has it, but does not silence the city.
        return AlarmReach(places)
    folded = db.scalars(select(Alarm).where(Alarm.parent_id.is_not(None)))
    return AlarmReach(places, frozenset(one.parent_id or 0 for one in folded if _holds_place(places, one)))


def _holds_place(places: PlaceReach, alarm: Alarm) -> bool:
    if alarm.device is not None and alarm.camera is not None:
        return places.holds_camera(alarm.device, alarm.camera)
    if alarm.device is not None and places.holds_device(alarm.device):
        return True
    return alarm.site is not None and places.holds_site(alarm.site)
