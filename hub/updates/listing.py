"""What the page of updates shows: rollouts with their devices, and every device with its version."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.places.models import Device, Site
from hub.places.reach import PlaceReach
from hub.updates.models import DeviceUpdate, Release, Rollout, RolloutDevice, UpdateRing
from hub.updates.rings import places_of, rings_of
from hub.updates.rollouts import devices_of, standing_of
from hub.updates.rules import DECIDED
from hub.updates.words import FAULT_WORDS, STATE_WORDS, TONES

LAST_ROLLOUTS = 5


@dataclass(frozen=True, slots=True)
class SoftwareRow:
    """One device: what it runs, its ring, and how far it is; texts are to be translated."""

    device: str
    name: str
    site: str
    ring: str
    version: str
    number: int
    tone: str
    state: str
    fault: str
    remedy: str
    detail: str
    at: datetime | None
    is_failed: bool


@dataclass(frozen=True, slots=True)
class RingProgress:
    """How a ring of a rollout is: open or not, and how many have taken the release."""

    name: str
    is_open: bool
    asked: int
    taken: int
    failed: int


@dataclass(frozen=True, slots=True)
class RolloutView:
    """One rollout."""

    row: Rollout
    release: Release
    rings: Sequence[RingProgress]
    failed: Sequence[SoftwareRow]


def software_rows(db: Session, reach: PlaceReach) -> list[SoftwareRow]:
    """Return the devices within reach that ever spoke of their software, failed ones first."""
    names = _ring_names(db)
    query = (
        select(DeviceUpdate, Device, Site)
        .join(Device, Device.id == DeviceUpdate.device)
        .join(Site, Site.id == Device.site)
        .where(Device.is_retired.is_(False))
        .order_by(Site.name, Device.id)
    )
    rows = [
        software_row(told, device, site.name, names.get(device.id, ""))
        for told, device, site in db.execute(query)
        if reach.holds_device(device.id)
    ]
    return sorted(rows, key=lambda row: not row.is_failed)


def software_of(db: Session, device: str) -> SoftwareRow | None:
    """Return what one device says of its software; ``None`` when it never did."""
    told, row = db.get(DeviceUpdate, device), db.get(Device, device)
    if told is None or row is None:
        return None
    return software_row(told, row, db.get_one(Site, row.site).name, _ring_names(db).get(device, ""))


def software_row(told: DeviceUpdate, device: Device, site: str, ring: str) -> SoftwareRow:
    """Return what a device says of its software."""
    fault, remedy = FAULT_WORDS.get(told.fault, ("", ""))
    tone = TONES.get(told.state, "idle")
    return SoftwareRow(
        device=told.device,
        name=device.name,
        site=site,
        ring=ring,
        version=told.running_name,
        number=told.running_number,
        tone=tone,
        state=STATE_WORDS.get(told.state, told.state),
        fault=fault,
        remedy=remedy,
        detail=told.detail,
        at=told.at,
        is_failed=tone == "bad",
    )


def rollout_views(db: Session, reach: PlaceReach) -> list[RolloutView]:
    """Return the newest rollouts, with the failed devices within reach."""
    query = select(Rollout, Release).join(Release, Release.id == Rollout.release).order_by(Rollout.id.desc())
    rows = {row.device: row for row in software_rows(db, reach)}
    rings = rings_of(db)
    return [_view(db, row, release, rings, rows) for row, release in db.execute(query.limit(LAST_ROLLOUTS))]


def versions_of(rows: Sequence[SoftwareRow]) -> list[tuple[str, int]]:
    """Return how many devices run each version, the most first."""
    return Counter(row.version or "?" for row in rows).most_common()


def _view(
    db: Session,
    row: Rollout,
    release: Release,
    rings: Sequence[UpdateRing],
    rows: dict[str, SoftwareRow],
) -> RolloutView:
    asked = devices_of(db, row)
    return RolloutView(
        row=row,
        release=release,
        rings=[
            _progress(ring, row.place, [one for one in asked if one.place == ring.place]) for ring in rings
        ],
        failed=[rows[one.device] for one in asked if _has_failed(one) and one.device in rows],
    )


def _progress(ring: UpdateRing, place: int, asked: Sequence[RolloutDevice]) -> RingProgress:
    return RingProgress(
        name=ring.name,
        is_open=ring.place <= place,
        asked=len(asked),
        taken=sum(one.state == "committed" for one in asked),
        failed=sum(_has_failed(one) for one in asked),
    )


def _has_failed(asked: RolloutDevice) -> bool:
    return asked.state in DECIDED and standing_of(asked, is_online=True).is_failed


def _ring_names(db: Session) -> dict[str, str]:
    by_place = {ring.place: ring.name for ring in rings_of(db)}
    return {device: by_place.get(place, "") for device, place in places_of(db).items()}
