"""Takes the scan of a workplace code: checks code, phone and place, and appends it to the scans.

A scan of this kind came through no outbox of a device. Its key in ``door_scan`` is the device that
showed the code, the word ``workplace`` as epoch (no real epoch is one) and a number made of its
token; so no watermark and no gap of a device's own numbers is touched. Never commits.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from edge.wire.hadir.codes import is_signed_by_phone
from edge.wire.hadir.workplace import (
    SCAN_DOMAIN,
    STEP_S,
    WorkplaceCode,
    WorkplaceCodeError,
    device_key_of,
    read_workplace_code,
    scan_message,
    site_number_of,
)
from edge.wire.records.bodies import Assurance, ClockQuality, ScanFlag, ScanMethod
from hub.hadir.models import DoorScan
from hub.hadir.workplace import wording
from hub.hadir.workplace.models import POSITION_LIFE, ScanPosition
from hub.hadir.workplace.place import (
    Nearness,
    PlaceFlag,
    Position,
    cell_of,
    distance_m,
    is_too_fast,
    nearness_of,
)
from hub.hadir.workplace.source import sites_of_doors
from hub.hadir.workplace.wording import Answer
from hub.people.models import Person, PhoneKey
from hub.places.models import Device, Site

EPOCH = "workplace"
# No id of a real door of the inventory is meant: the code was on a screen.
DOOR = "hs"
_ONE_SCAN = timedelta(seconds=60)
_ONE_SITE = timedelta(minutes=10)
_LOOK_BACK = timedelta(hours=12)
# A phone whose clock is further off than this says so in the record.
_CLOCK_OFF_S = 60


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a phone says it scanned. ``signed_at_s`` is its own clock, Unix seconds."""

    code: str
    signed_at_s: int
    key_slot: int
    signature: bytes
    position: Position | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """The device that showed a code, and where it stands."""

    device: str
    site: Site


class Workplace:
    """Judges scans of workplace codes."""

    def __init__(self, *, hub_key: bytes, address: str, radius_m: float, zone: ZoneInfo) -> None:
        """Take what the configuration says.

        Args:
            hub_key: 32 bytes, of :func:`hub.keyfile.load_or_make_key`.
            address: What codes begin with.
            radius_m: How far from its site somebody may be.
            zone: The city's.
        """
        self._hub_key = hub_key
        self._address = address
        self._radius_m = radius_m
        self._zone = zone

    def take(self, db: Session, person_number: int, scanned: Scanned, now: datetime) -> Answer:
        """Record a scan, or say why not."""
        try:
            code = read_workplace_code(scanned.code, address=self._address)
        except WorkplaceCodeError:
            return wording.foreign(now)
        person = db.get(Person, person_number)
        refusal = _phone_refusal(db, person, scanned, now)
        if refusal is not None or person is None:
            return refusal or wording.not_linked(now)
        shown = self._shown_by(db, code)
        if shown is None:
            return wording.not_genuine(now)
        if not code.is_fresh(int(now.timestamp())):
            return wording.expired(now, off_s=_off_s(code, now))
        return self._taken(db, person, scanned, shown, now)

    def _taken(self, db: Session, person: Person, scanned: Scanned, shown: _Shown, now: datetime) -> Answer:
        site = shown.site
        near = nearness_of(
            scanned.position, latitude=site.latitude, longitude=site.longitude, radius_m=self._radius_m
        )
        if near.is_outside and near.distance_m is not None:
            return wording.outside(now, away_m=near.distance_m, site=site.name)
        last = _last_scan(db, person.number, now)
        flags: list[str] = list(near.flags)
        if last is not None:
            scan, last_site = last
            if last_site.id == site.id and now - scan.at < _ONE_SCAN:
                return wording.already_recorded(scan.at, self._zone)
            if last_site.id != site.id and now - scan.at < _ONE_SITE:
                return wording.elsewhere(now, site=last_site.name)
            if _is_too_far(last_site, site, now - scan.at):
                flags.append(PlaceFlag.TOO_FAST)
        if abs(scanned.signed_at_s - now.timestamp()) > _CLOCK_OFF_S:
            flags.append(ScanFlag.PHONE_CLOCK_UNCORRECTED)
        kept = _keep(db, _row(person.number, scanned.code, shown.device, flags, near, now))
        if kept is None:
            return wording.already_recorded(now, self._zone)
        self._keep_position(db, kept, scanned.position, near, site.id)
        return wording.recorded(now, self._zone, name=person.short_name, site=site.name)

    def _shown_by(self, db: Session, code: WorkplaceCode) -> _Shown | None:
        """Return the device whose key made the code; the number only narrows the search."""
        for device, site in sites_of_doors(db).items():
            if site_number_of(site) != code.site:
                continue
            if code.is_made_with(device_key_of(self._hub_key, device)):
                found = db.get(Site, site)
                return None if found is None else _Shown(device, found)
        return None

    def _keep_position(
        self, db: Session, scan: DoorScan, position: Position | None, near: Nearness, site: str
    ) -> None:
        if position is None or near.distance_m is None:
            return
        db.add(
            ScanPosition(
                scan=scan.id,
                person=scan.person,
                site=site,
                at=scan.at,
                cell=cell_of(position, self._hub_key),
                accuracy_m=position.accuracy_m or 0.0,
                distance_m=round(near.distance_m, -1),
            )
        )
        db.flush()


def forget_positions(db: Session, now: datetime) -> None:
    """Delete the positions that are past their life; the scans stay."""
    db.execute(delete(ScanPosition).where(ScanPosition.at < now - POSITION_LIFE))


def _phone_refusal(db: Session, person: Person | None, scanned: Scanned, now: datetime) -> Answer | None:
    if person is None:
        return wording.not_linked(now)
    query = select(PhoneKey).where(PhoneKey.person_number == person.number, PhoneKey.slot == scanned.key_slot)
    key = db.scalars(query).one_or_none()
    if key is None:
        return wording.unknown_phone(now)
    message = scan_message(scanned.code, scanned.signed_at_s)
    if not is_signed_by_phone(key.public_key, scanned.signature, message):
        return wording.not_genuine(now)
    return None if person.is_active and key.revoked_at is None else wording.revoked(now)


def _last_scan(db: Session, person: int, now: datetime) -> tuple[DoorScan, Site] | None:
    query = (
        select(DoorScan, Site)
        .join(Device, Device.id == DoorScan.device)
        .join(Site, Site.id == Device.site)
        .where(DoorScan.person == person, DoorScan.is_repeated.is_(False))
        .where(DoorScan.at > now - _LOOK_BACK, DoorScan.at <= now)
        .order_by(DoorScan.at.desc(), DoorScan.id.desc())
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def _is_too_far(before: Site, here: Site, passed: timedelta) -> bool:
    away_m = distance_m(before.latitude, before.longitude, here.latitude, here.longitude)
    return is_too_fast(away_m, passed.total_seconds())


def _off_s(code: WorkplaceCode, now: datetime) -> int:
    """Return by how much a code is too old, or too new for a device with a wrong clock."""
    now_s, began_s = int(now.timestamp()), code.step * STEP_S
    return now_s - began_s - 2 * STEP_S + 1 if began_s <= now_s else began_s - now_s


def _row(person: int, code: str, device: str, flags: list[str], near: Nearness, now: datetime) -> DoorScan:
    digest = hashlib.sha256(SCAN_DOMAIN + code.encode() + person.to_bytes(4))
    step_s = int(now.timestamp()) // STEP_S * STEP_S
    return DoorScan(
        device=device,
        epoch=EPOCH,
        seq=int.from_bytes(digest.digest()[:8]) >> 1,
        door=DOOR,
        person=person,
        method=ScanMethod.WORKPLACE,
        assurance=Assurance.WEAK if near.flags else Assurance.MEDIUM,
        token=digest.hexdigest()[:32],
        flags=",".join(flags),
        roster_version=0,
        issued_at=datetime.fromtimestamp(step_s, UTC),
        at=now,
        clock=ClockQuality.SYNCED,
        received_at=now,
        is_late=False,
        is_repeated=False,
    )


def _keep(db: Session, row: DoorScan) -> DoorScan | None:
    """Append a scan; ``None`` when the same code of the same person is in already."""
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return None
    return row
