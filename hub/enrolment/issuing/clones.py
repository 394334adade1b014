"""Two machines with one identity: a copied card, or a certificate that was carried away.

A machine never returns to an earlier boot. When a boot says its birth again after another one of
the same device did, there are two of them. Looked for in a chore of ingest, from births alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.alarms.kinds import AlarmKind, Severity
from hub.alarms.watching.conditions import Condition, Sight
from hub.db import Database
from hub.enrolment.models import DeviceBoot, DeviceClone
from hub.ingest.models import DevicePresence
from hub.people import audit
from hub.places.models import Device

LOOK_EVERY_S = 2.0
# A sighting that is this old with nothing new: one of the two is gone.
GONE_AFTER = timedelta(hours=1)
MOST_BOOTS = 10
# After a start of the hub every birth is looked at again: so many at once, and then records.
MOST_A_TURN = 500


class CloneWatch:
    """Remembers the last boots of each device, and sees one come back."""

    def __init__(self, *, database: Database, now: Callable[[], datetime]) -> None:
        """Take the database and the clock; nothing is read yet."""
        self._database = database
        self._now = now
        self._seen: dict[str, datetime] = {}

    def __call__(self) -> bool:
        """Look at some of the births since the last call; return whether there are more."""
        query = select(DevicePresence.device, DevicePresence.born_boot, DevicePresence.born_at).where(
            DevicePresence.born_at.is_not(None), DevicePresence.born_boot != ""
        )
        with self._database.reading() as db:
            births = [
                Birth(device, boot_id, born_at)
                for device, boot_id, born_at in db.execute(query)
                if born_at is not None and self._seen.get(device) != born_at
            ]
        some = births[:MOST_A_TURN]
        if some:
            with self._database.writing() as db:
                note_births(db, some, self._now())
        self._seen.update({birth.device: birth.at for birth in some})
        return len(some) < len(births)


@dataclass(frozen=True, slots=True)
class Birth:
    """A device said that it is there, in a boot of its machine."""

    device: str
    boot_id: str
    at: datetime


def note_births(db: Session, births: Sequence[Birth], now: datetime) -> set[str]:
    """Remember births, one a device; return the devices of which they show that there are two machines."""
    boots: dict[str, list[DeviceBoot]] = defaultdict(list)
    query = select(DeviceBoot).where(DeviceBoot.device.in_([birth.device for birth in births]))
    for boot in db.scalars(query.order_by(DeviceBoot.last_at.desc())):
        boots[boot.device].append(boot)
    doubled = {birth.device for birth in births if _is_double(db, birth, boots[birth.device])}
    for device in sorted(doubled):
        _note_clone(db, device, now)
    return doubled


def _is_double(db: Session, birth: Birth, boots: Sequence[DeviceBoot]) -> bool:
    known = next((boot for boot in boots if boot.boot_id == birth.boot_id), None)
    if known is None:
        db.add(DeviceBoot(device=birth.device, boot_id=birth.boot_id, first_at=birth.at, last_at=birth.at))
        for old in boots[MOST_BOOTS - 1 :]:
            db.delete(old)
        return False
    is_back = any(other.first_at > known.first_at and other.last_at > known.last_at for other in boots)
    known.last_at = max(known.last_at, birth.at)
    return is_back


def clone_of(db: Session, device: str, now: datetime) -> DeviceClone | None:
    """Return the sighting of a device that is of now, or ``None``."""
    query = select(DeviceClone).where(DeviceClone.device == device, DeviceClone.last_at > now - GONE_AFTER)
    return db.scalars(query.order_by(DeviceClone.last_at.desc())).first()


def clone_conditions(db: Session, now: datetime) -> Iterator[Condition]:
    """Yield for each device that ever had a clone whether it has one now; a source of alarms."""
    query = (
        select(Device.id, Device.name, Device.site, func.max(DeviceClone.last_at))
        .join(DeviceClone, DeviceClone.device == Device.id)
        .where(Device.is_retired.is_(False))
        .group_by(Device.id, Device.name, Device.site)
    )
    for device, name, site, last_at in db.execute(query):
        yield Condition(
            kind=AlarmKind.DEVICE_CLONE,
            about=device,
            sight=Sight.BAD if last_at > now - GONE_AFTER else Sight.GOOD,
            severity=Severity.CRITICAL,
            facts={"name": name},
            site=site,
            device=device,
            link=f"/perangkat/{device}/sertifikat",
        )


def _note_clone(db: Session, device: str, now: datetime) -> None:
    clone = clone_of(db, device, now)
    if clone is None:
        db.add(DeviceClone(device=device, first_at=now, last_at=now))
        audit.append(db, at=now, actor="system", action="device.clone", target=f"device:{device}")
    else:
        clone.last_at, clone.times = now, clone.times + 1
