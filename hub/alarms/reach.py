"""Which alarms somebody may see: those of the places that a permission of theirs reaches."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, tuple_
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
    return AlarmReach(places, storms_at(db, places))


def storms_at(db: Session, places: PlaceReach) -> frozenset[int]:
    """Return the ids of common alarms that have something folded under them at these places."""
    folded = select(Alarm.parent_id).where(Alarm.parent_id.is_not(None), _is_at(places)).distinct()
    return frozenset(number for number in db.scalars(folded) if number is not None)


def _is_at(places: PlaceReach) -> ColumnElement[bool]:
    """Return :func:`_holds_place` in the words of the database, which need not send us a year of alarms."""
    is_camera = Alarm.device.is_not(None) & Alarm.camera.is_not(None)
    is_device = Alarm.device.in_(sorted(places.devices))
    is_owned = tuple_(Alarm.device, Alarm.camera).in_(sorted(places.cameras))
    is_site = Alarm.site.in_(sorted(places.sites or ()))
    return (is_camera & or_(is_device, is_owned)) | (~is_camera & or_(is_device, is_site))


def _holds_place(places: PlaceReach, alarm: Alarm) -> bool:
    if alarm.device is not None and alarm.camera is not None:
        return places.holds_camera(alarm.device, alarm.camera)
    if alarm.device is not None and places.holds_device(alarm.device):
        return True
    return alarm.site is not None and places.holds_site(alarm.site)
