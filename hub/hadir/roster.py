"""Rosters for doors: made of the persons, signed by the hub, sealed to each device.

The version of a roster is the millisecond in which it was made. A device is due when what it has
was made before the last change of persons or keys, or when half the life of it is over. Must not
log what a roster holds.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edge.wire.hadir.roster import DOCUMENT, LIFETIME, Entry, RosterDocument, Standing, encode_roster
from edge.wire.messages import Desired
from hub.db import Database
from hub.ingest.saying.sealing import DeviceSealer
from hub.people.badges.models import Badge
from hub.people.badges.service import revoked_badges
from hub.people.models import Person, PhoneKey
from hub.people.staff.employment import ended_before, last_end_before
from hub.places.models import Door
from hub.signing import HubKeys

_logger = logging.getLogger(__name__)

WIB = ZoneInfo("Asia/Pontianak")

# A person has at most eight phones, the lost ones included (edge.wire.hadir.roster).
_SLOTS = 8
_HALF_LIFE_MS = int(LIFETIME.total_seconds() * 500)
# A city that comes back has hundreds of doors within a minute: one roster, sealed to each.
_REUSED_FOR = timedelta(seconds=60)


def last_change_ms(db: Session, now: datetime, zone: ZoneInfo = WIB) -> int:
    """Return when persons, keys or badges changed last, in Unix milliseconds; 0 without any.

    The midnight after somebody's last day is a change that nobody has to make.
    """
    ended = last_end_before(db, now.astimezone(zone).date())
    newest = [
        datetime.combine(ended + timedelta(days=1), time(), zone) if ended is not None else None,
        db.scalar(select(func.max(Person.changed_at))),
        db.scalar(select(func.max(PhoneKey.enrolled_at))),
        db.scalar(select(func.max(PhoneKey.revoked_at))),
        db.scalar(select(func.max(Badge.revoked_at))),
    ]
    return max((_milliseconds(at) for at in newest if at is not None), default=0)


def build_roster(
    db: Session, *, badge_keys: tuple[tuple[int, bytes], ...], now: datetime, zone: ZoneInfo = WIB
) -> RosterDocument:
    """Return the whole roster of the city.

    Args:
        db: A reading session.
        badge_keys: Number and 32 bytes of each public key of the hub that badges were signed with.
        now: From when it counts.
        zone: The city's, for who has left.
    """
    return RosterDocument(
        version=_milliseconds(now),
        base=0,
        issued_at=now,
        expires_at=now + LIFETIME,
        badge_keys=badge_keys,
        entries=tuple(_entries(db, now.astimezone(zone).date())),
        revoked_badges=revoked_badges(db),
    )


def _entries(db: Session, today: date) -> list[Entry]:
    keys: dict[int, list[PhoneKey]] = defaultdict(list)
    for key in db.scalars(select(PhoneKey).order_by(PhoneKey.person_number, PhoneKey.slot)):
        keys[key.person_number].append(key)
    entries, gone = [], ended_before(db, today)
    for person in db.scalars(select(Person).order_by(Person.number)):
        is_here = person.is_active and person.number not in gone
        for key in keys[person.number]:
            standing = Standing.ACTIVE if is_here and key.revoked_at is None else Standing.REVOKED
            entries.append(_entry(person, standing, key.slot, key.public_key))
        slot = _badge_slot(person, keys[person.number]) if is_here else None
        if slot is not None:
            entries.append(_entry(person, Standing.BADGE_ALLOWED, slot, b""))
    return entries


def _badge_slot(person: Person, keys: list[PhoneKey]) -> int | None:
    """Return the slot under which a person without a working phone stands in the roster.

    A phone that was lost and revoked does not keep its owner from a badge; only when all eight
    slots were used up is there no room for both.
    """
    has_phone = any(key.revoked_at is None for key in keys)
    if not person.may_use_badge or has_phone:
        return None
    return min(set(range(_SLOTS)) - {key.slot for key in keys}, default=None)


def _entry(person: Person, standing: Standing, slot: int, public_key: bytes) -> Entry:
    return Entry(
        person=person.number,
        key_slot=slot,
        public_key=public_key,
        standing=standing,
        opd=person.opd,
        name=person.short_name,
        pin_hash=person.pin_hash,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """A roster as it is sealed, and of what it was made."""

    changed_ms: int
    day: date
    at: datetime
    version: int
    payload: bytes


class RosterSource:
    """Gives ingest the rosters that devices with doors should have."""

    def __init__(
        self,
        *,
        database: Database,
        keys: HubKeys,
        certificates: Path,
        changed_keys_at: datetime | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: ZoneInfo = WIB,
    ) -> None:
        """Take collaborators.

        Args:
            database: Where persons and doors are.
            keys: The hub's; they also sign badges.
            certificates: Folder of ``<device>.pem``, to seal to.
            changed_keys_at: When another key began to sign, as long as the one before is trusted: what
                doors keep is signed anew before they forget that one.
            now: The clock.
            zone: The city's.
        """
        self._database, self._zone = database, zone
        self._sealer = DeviceSealer(
            DOCUMENT, "roster", signing_key=keys.signing, certificates=certificates, log=_logger
        )
        self._now = now
        self._badge_keys = keys.badge_keys
        self._keys_changed_ms = 0 if changed_keys_at is None else _milliseconds(changed_keys_at)
        self._change_seen_ms: int | None = None
        self._version_of: dict[str, int] = {}
        self._made: _Made | None = None

    def for_device(self, device: str, *, roster_version: int, config_version: int) -> Sequence[Desired]:
        """Return the roster if the device has doors and an older one, or one that ages."""
        self._version_of[device] = roster_version
        now = self._now()
        with self._database.reading() as db:
            if not _has_door(db, device):
                return ()
            changed_ms = self._last_change_ms(db)
            is_due = roster_version < changed_ms or self._is_aging(roster_version, now)
            if changed_ms == 0 or not is_due:
                return ()
            made = self._roster(db, changed_ms, now)
        sealed = self._sealer.seal(device, made.version, made.payload)
        if sealed is None:
            return ()
        self._version_of[device] = made.version
        return (sealed,)

    def _roster(self, db: Session, changed_ms: int, now: datetime) -> "_Made":
        """Return the roster as it is, made anew unless that was a moment ago and nothing changed since."""
        made = self._made
        # Before midnight somebody who leaves today still works here.
        is_good = made is not None and made.changed_ms == changed_ms and made.day == self._day(now)
        if made is None or not is_good or not timedelta() <= now - made.at < _REUSED_FOR:
            document = build_roster(db, badge_keys=self._badge_keys, now=now, zone=self._zone)
            made = _Made(changed_ms, self._day(now), now, document.version, encode_roster(document))
            self._made = made
        return made

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def changed(self) -> Sequence[str]:
        """Return the devices with doors when the roster changed, and those whose roster ages."""
        with self._database.reading() as db:
            changed_ms = self._last_change_ms(db)
            doors = sorted(set(db.scalars(select(Door.device).where(Door.is_retired.is_(False)))))
        is_new = changed_ms != self._change_seen_ms
        self._change_seen_ms = changed_ms
        now = self._now()
        return [door for door in doors if is_new or self._is_aging(self._version_of.get(door, 0), now)]

    def _last_change_ms(self, db: Session) -> int:
        changed_ms = last_change_ms(db, self._now(), self._zone)
        return max(changed_ms, self._keys_changed_ms) if changed_ms else 0

    @staticmethod
    def _is_aging(version: int, now: datetime) -> bool:
        # A device without any is due by the change, not by age.
        return version > 0 and _milliseconds(now) - version >= _HALF_LIFE_MS


def _has_door(db: Session, device: str) -> bool:
    query = select(Door.id).where(Door.device == device, Door.is_retired.is_(False)).limit(1)
    return db.scalar(query) is not None


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
