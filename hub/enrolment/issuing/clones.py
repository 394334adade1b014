"""Two machines with one identity: a copied card, or a certificate that was carried away.

A machine never returns to an earlier boot. When a boot says its birth again after another one of
the same device did, there are two of them. Looked for in a chore of ingest, from births alone.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select
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


class CloneWatch:
    """Remembers the last boots of each device, and sees one come back."""

    def __init__(self, *, database: Database, now: Callable[[], datetime]) -> None:
        """Take the database and the clock; nothing is read yet."""
        self._database = database
        self._now = now
        self._seen: dict[str, datetime] = {}

    def __call__(self) -> None:
        """Look at the births since the last call."""
        query = select(DevicePresence.device, DevicePresence.born_boot, DevicePresence.born_at).where(
            DevicePresence.born_at.is_not(None), DevicePresence.born_boot != ""
        )
        with self._database.reading() as db:
            births = [row for row in db.execute(query) if self._seen.get(row.device) != row.born_at]
        if births:
            with self._database.writing() as db:
                for birth in births:
                    note_birth(db, birth.device, birth.born_boot, birth.born_at, self._now())
        self._seen.update({birth.device: birth.born_at for birth in births})


def note_birth(db: Session, device: str, boot_id: str, at: datetime, now: datetime) -> bool:
    """Remember a birth; return whether it shows that there are two machines."""
    boots = db.scalars(
        select(DeviceBoot).where(DeviceBoot.device == device).order_by(DeviceBoot.last_at.desc())
    ).all()
    known = next((boot for boot in boots if boot.boot_id == boot_id), None)
    if known is None:
        db.add(DeviceBoot(device=device, boot_id=boot_id, first_at=at, last_at=at))
        old = [boot.boot_id for boot in boots[MOST_BOOTS - 1 :]]
        db.execute(delete(DeviceBoot).where(DeviceBoot.device == device, DeviceBoot.boot_id.in_(old)))
        return False
    is_back = any(other.first_at > known.first_at and other.last_at > known.last_at for other in boots)
    known.last_at = max(known.last_at, at)
    if is_back:
        _note_clone(db, device, now)
    return is_back


def clone_of(db: Session, device: str, now: datetime) -> DeviceClone | None:
    """Return the sighting of a device that is of now, or ``None``."""
    query = select(DeviceClone).where(DeviceClone.device == device, DeviceClone.last_at > now - GONE_AFTER)
    return db.scalars(query.order_by(DeviceClone.last_at.desc())).first()


def clone_conditions(db: Session, now: datetime) -> Iterator[Condition]:
    """Yield for each device that ever had a clone whether it has one now; a source of alarms."""
    newest: dict[str, DeviceClone] = {}
    for clone in db.scalars(select(DeviceClone).order_by(DeviceClone.last_at)):
        newest[clone.device] = clone
    for name, clone in newest.items():
        device = db.get(Device, name)
        if device is not None and not device.is_retired:
            yield Condition(
                kind=AlarmKind.DEVICE_CLONE,
                about=name,
                sight=Sight.BAD if clone.last_at > now - GONE_AFTER else Sight.GOOD,
                severity=Severity.CRITICAL,
                facts={"name": device.name},
                site=device.site,
                device=name,
                link=f"/perangkat/{name}/sertifikat",
            )


def _note_clone(db: Session, device: str, now: datetime) -> None:
    clone = clone_of(db, device, now)
    if clone is None:
        db.add(DeviceClone(device=device, first_at=now, last_at=now))
        audit.append(db, at=now, actor="system", action="device.clone", target=f"device:{device}")
    else:
        clone.last_at, clone.times = now, clone.times + 1
