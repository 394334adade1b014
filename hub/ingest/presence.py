"""Which devices are there: from their births and wills, and from the records that come.

Nothing is retained at the broker, so a will that fell into a restart of the hub is lost: records
bring a device back online, and silence takes it off.

The broker says a will at once when a connection breaks, and a blip of a link is no outage: the device
has ``GRACE`` to come back. The broker could wait itself, but only for a session that it keeps, and
mosquitto can end when it reads its lists anew while such a client is away (docs/operating.md).
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, case, false, or_, select, true, update
from sqlalchemy.orm import Session

from edge.wire.messages import Offline, OfflineReason, Online, State
from hub.bulk import upsert
from hub.ingest.models import DevicePresence

# A device says how it is every minute; five that are missing are no accident.
SILENT_AFTER = timedelta(minutes=5)
SILENT = "silent"
REFUSED = "refused"
TOUCH_EVERY = timedelta(seconds=5)
# How long a device whose connection broke may take to come back.
GRACE = timedelta(seconds=10)


class Heard(msgspec.Struct, frozen=True):
    """The newest that was heard of a device by way of a record."""

    epoch: str
    boot_id: str
    at: datetime


class PresenceBook:
    """Writes ``device_presence``; spares the database a row a record."""

    def __init__(self) -> None:
        """Begin without memory: the first record of each device is written."""
        self._touched_at: dict[str, datetime] = {}

    def forget(self) -> None:
        """Call after a rollback: what was written is not there."""
        self._touched_at.clear()

    def touch(self, session: Session, heard: Mapping[str, Heard]) -> None:
        """Note that records came; a device that was offline is back."""
        due = {
            device: last
            for device, last in heard.items()
            if device not in self._touched_at or last.at - self._touched_at[device] >= TOUCH_EVERY
        }
        rows = [
            _blank(device, last.at) | {"epoch": last.epoch, "boot_id": last.boot_id}
            for device, last in sorted(due.items())
        ]
        names = ("epoch", "boot_id", "last_seen_at", "is_online")
        upsert(
            session,
            DevicePresence,
            rows,
            key=("device",),
            changes=lambda new: (
                {name: new[name] for name in names} | {"since": _since(new), "reason": _warning()}
            ),
        )
        self._touched_at.update({device: last.at for device, last in due.items()})

    def say(self, session: Session, device: str, state: State, *, at: datetime) -> None:
        """Note a birth or a will."""
        self._touched_at.pop(device, None)
        if isinstance(state, Online):
            _come(session, device, state, at)
        else:
            _go(session, device, state, at)

    def sweep(self, session: Session, *, now: datetime) -> None:
        """Take devices off that were not heard for ``SILENT_AFTER``."""
        session.execute(
            update(DevicePresence)
            .where(DevicePresence.is_online == true(), DevicePresence.last_seen_at < now - SILENT_AFTER)
            .values(is_online=False, since=now, broke_at=None, reason=_warning(otherwise=SILENT))
        )

    def is_anybody_late(self, session: Session, *, now: datetime) -> bool:
        """Return whether :meth:`end_grace` would change something: a look costs less than a commit."""
        query = select(DevicePresence.device).where(*_late(now)).limit(1)
        return session.scalars(query).first() is not None

    def end_grace(self, session: Session, *, now: datetime) -> None:
        """Take devices off whose connection broke and that did not come back in time."""
        session.execute(
            update(DevicePresence)
            .where(*_late(now))
            .values(
                is_online=False,
                since=DevicePresence.broke_at,
                broke_at=None,
                reason=_warning(otherwise=OfflineReason.WILL.value),
            )
        )


def take_off(session: Session, devices: Collection[str], *, now: datetime) -> None:
    """Take devices off that were put out of service: their own goodbye is not listened to any more."""
    session.execute(
        update(DevicePresence)
        .where(DevicePresence.is_online == true(), DevicePresence.device.in_(devices))
        .values(is_online=False, since=now, broke_at=None, reason=REFUSED)
    )


def is_any_online(session: Session, devices: Collection[str]) -> bool:
    """Return whether one of the devices is taken for online."""
    query = select(DevicePresence.device).where(
        DevicePresence.is_online == true(), DevicePresence.device.in_(devices)
    )
    return session.scalars(query.limit(1)).first() is not None


def _late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return DevicePresence.is_online == true(), DevicePresence.broke_at <= now - GRACE


def _since(new: object) -> object:
    return case((DevicePresence.is_online == true(), DevicePresence.since), else_=new.since)  # type: ignore[attr-defined]  # "excluded" has the table's columns


def _warning(otherwise: str = "") -> object:
    """Keep a last gasp: what follows it, records and then a will, is the same power cut; a birth ends it."""
    gasp = OfflineReason.POWER.value
    return case((DevicePresence.reason == gasp, gasp), else_=otherwise)


def _blank(device: str, at: datetime) -> dict[str, object]:
    return {
        "device": device,
        "is_online": True,
        "since": at,
        "last_seen_at": at,
        "reason": "",
        "broke_at": None,
        "boot_id": "",
        "epoch": "",
        "firmware": "",
        "hardware": "",
        "clock": "",
        "born_at": None,
        "born_boot": "",
        "uptime_s": None,
        "roster_version": 0,
        "config_version": 0,
        "certificate": "",
    }


def _come(session: Session, device: str, state: Online, at: datetime) -> None:
    held = session.get(DevicePresence, device, populate_existing=True)
    if held is not None and not held.is_online and held.boot_id == state.boot_id and held.since > at:
        return  # another worker had the goodbye that followed this birth
    row = _blank(device, at) | {
        "broke_at": None if held is None or held.broke_at is None or held.broke_at <= at else held.broke_at,
        "boot_id": state.boot_id,
        "epoch": state.epoch,
        "firmware": state.firmware,
        "hardware": state.hardware,
        "clock": str(state.clock),
        "born_at": at,
        "born_boot": state.boot_id,
        "uptime_s": state.uptime_s,
        "roster_version": state.roster_version,
        "config_version": state.config_version,
        "certificate": state.certificate,
    }
    upsert(
        session,
        DevicePresence,
        [row],
        key=("device",),
        changes=lambda new: {name: new[name] for name in row if name != "device"} | {"since": _since(new)},
    )


def _go(session: Session, device: str, state: Offline, at: datetime) -> None:
    unknown = _blank(device, at) | {
        "is_online": False,
        "reason": str(state.reason),
        "boot_id": state.boot_id,
    }
    upsert(session, DevicePresence, [unknown], key=("device",))
    # The will of an earlier boot can be late; it says nothing of the present one. Nor does that of a
    # connection whose loss the broker saw after the device had a new one.
    present = (
        DevicePresence.device == device,
        DevicePresence.is_online != false(),
        DevicePresence.boot_id.in_((state.boot_id, "")),
    )
    if state.reason is OfflineReason.WILL:
        has_not_come_back = or_(DevicePresence.born_at.is_(None), DevicePresence.born_at <= at)
        session.execute(
            update(DevicePresence)
            .where(*present, DevicePresence.broke_at.is_(None), has_not_come_back)
            .values(broke_at=at)
        )
        return
    session.execute(
        update(DevicePresence)
        .where(*present)
        .values(is_online=False, since=at, broke_at=None, reason=_warning(otherwise=str(state.reason)))
    )
