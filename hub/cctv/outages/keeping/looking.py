"""What the keeper sees of the city at one turn: few queries, plain values, nothing decided.

It looks at points where anything is not plainly well, or an outage is, and at what hangs together with
them: of a large fleet that is a small part, and it is looked at every second. States come from the same
rule that the screens use, so that both always say the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, exists, false, or_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from edge.wire.records.bodies import CameraFault, Cause, PictureState
from hub.cctv.models import CameraPicture, CameraRates
from hub.cctv.outages.facts import CameraFacts, Scope
from hub.cctv.outages.folding import CameraKey, Place
from hub.cctv.outages.keeping.holding import Holding
from hub.cctv.rules import OWN_FAULTS, SILENT_AFTER, CameraState, Evidence, judge
from hub.ingest.models import DevicePresence, Still
from hub.places.models import CityCamera, Device

# A switch is a place of its own only where several cameras hang on it.
_MIN_ON_SWITCH = 2
# Of more the whole city is looked at: to see more than what is troubled is never wrong.
_MOST_NAMED = 5_000


@dataclass(frozen=True, slots=True)
class DeviceLook:
    """One device. ``gone_at`` is since when it is away, or was last heard before it fell silent."""

    device: str
    site: str
    is_online: bool
    since: datetime
    reason: str
    boot: str
    born_at: datetime | None
    uptime_s: float | None
    last_seen_at: datetime

    @property
    def gone_at(self) -> datetime:
        """Since when it is away."""
        return min(self.since, self.last_seen_at) if self.reason == "silent" else self.since


@dataclass(frozen=True, slots=True)
class CameraLook:
    """One camera that was heard at least once. ``since`` is of its state, as far as known."""

    key: CameraKey
    site: str
    medium: str
    state: CameraState
    since: datetime
    facts: CameraFacts
    data_at: datetime | None
    picture_since: datetime | None

    @property
    def is_mute(self) -> bool:
        """Whether nothing comes and nothing says why."""
        return self.state in (CameraState.OFFLINE, CameraState.SILENT) and self.facts.fault not in OWN_FAULTS


@dataclass(frozen=True, slots=True)
class CityLook:
    """The city at one moment: every point where something is dark, disturbed, or held by an outage."""

    now: datetime
    devices: dict[str, DeviceLook]
    cameras: dict[CameraKey, CameraLook]
    places: tuple[Place, ...]
    at_site: dict[str, list[CameraLook]]


def look_at_city(db: Session, now: datetime, holding: Holding) -> CityLook:
    """Read everything that outages rest on.

    Args:
        db: Any session.
        now: The present.
        holding: The outages that are open or just over; what they hold is looked at, however it is.
    """
    standing = _cameras(db, _troubled_sites(db, now, holding))
    named = {row.device for row in standing}
    devices = _devices(db, named)
    names = ("picture", "fault", "cause", "confidence", "evidence", "since", "at")
    pictures = _by_key(db, named, CameraPicture, *names)
    stills = _by_key(db, named, Still, "received_at")
    rates = _by_key(db, named, CameraRates, "received_at")
    cameras: dict[CameraKey, CameraLook] = {}
    at_site: dict[str, list[CameraLook]] = defaultdict(list)
    sets: dict[tuple[Scope, str], set[CameraKey]] = defaultdict(set)
    for device_id, camera, medium, switch, site in standing:
        key, device = (device_id, camera), devices.get(device_id)
        seen = [row[0] for row in (stills.get(key), rates.get(key)) if row is not None]
        picture = pictures.get(key)
        if device is None or (picture is None and not seen):
            continue
        cameras[key] = _camera(key, site, medium, device, picture, max(seen, default=None), now)
        at_site[site].append(cameras[key])
        for place in ((Scope.POINT, site), (Scope.DEVICE, device_id), (Scope.SWITCH, switch)):
            sets[place].add(key)
    return CityLook(now, devices, cameras, tuple(_places(sets)), at_site)


def _troubled_sites(db: Session, now: datetime, holding: Holding) -> set[str]:
    """Return the points with a camera that may not be live, and those that outages rest on."""
    held = {row.device for rows in holding.all_rows.values() for row in rows}
    is_meant = or_(Device.id.in_(_troubled_devices(now)), _is_one_of(Device.id, held))
    found = set(db.scalars(select(Device.site).where(is_meant, Device.is_retired.is_(False)).distinct()))
    return found | {outage.site for outage in holding.outages.values()}


def _troubled_devices(now: datetime) -> Any:
    """Return the question for devices of which :func:`judge` may say that a camera is dark or disturbed.

    It may name too many, never too few. Each part reads one table through and seeks only for the few
    rows that it finds.
    """
    before = now - SILENT_AFTER
    return union(
        select(DevicePresence.device).where(DevicePresence.is_online.is_(False)),
        select(CameraPicture.device).where(CameraPicture.picture != PictureState.GOOD.value),
        *(
            select(one.device).where(one.received_at < before, ~_is_newer(other, one, before))
            for one, other in ((CameraRates, Still), (Still, CameraRates))
        ),
    )


def _is_newer(other: Any, one: Any, before: datetime) -> ColumnElement[bool]:
    return exists().where(other.device == one.device, other.camera == one.camera, other.received_at >= before)


def _cameras(db: Session, sites: set[str]) -> list[Any]:
    """Return the cameras of points, with all that share a switch with one of them."""
    query = (
        select(CityCamera.device, CityCamera.id, CityCamera.medium, CityCamera.network_switch, Device.site)
        .join(Device, Device.id == CityCamera.device)
        .where(CityCamera.is_retired.is_(False), Device.is_retired.is_(False))
    )
    found = list(db.execute(query.where(_is_one_of(Device.site, sites))))
    switches = {row.network_switch for row in found} - {""}
    if switches:
        # Else a switch that hangs together with a live camera elsewhere would seem to be dark as a whole.
        seen = {(row.device, row.id) for row in found}
        rows = db.execute(query.where(_is_one_of(CityCamera.network_switch, switches)))
        found += [row for row in rows if (row.device, row.id) not in seen]
    return found


def _is_one_of(column: InstrumentedAttribute[str], names: Collection[str]) -> ColumnElement[bool]:
    if not names:
        return false()
    return column.in_(sorted(names)) if len(names) <= _MOST_NAMED else true()


def _places(sets: dict[tuple[Scope, str], set[CameraKey]]) -> Iterable[Place]:
    for (scope, key), members in sets.items():
        if scope is not Scope.SWITCH or (key and len(members) >= _MIN_ON_SWITCH):
            yield Place(scope, key, frozenset(members))


def _devices(db: Session, named: set[str]) -> dict[str, DeviceLook]:
    query = select(
        DevicePresence.device,
        Device.site,
        DevicePresence.is_online,
        DevicePresence.since,
        DevicePresence.reason,
        DevicePresence.born_boot,
        DevicePresence.boot_id,
        DevicePresence.born_at,
        DevicePresence.uptime_s,
        DevicePresence.last_seen_at,
    )
    query = query.join(Device, Device.id == DevicePresence.device)
    query = query.where(Device.is_retired.is_(False), _is_one_of(DevicePresence.device, named))
    return {
        row.device: DeviceLook(
            device=row.device,
            site=row.site,
            is_online=row.is_online,
            since=row.since,
            reason=row.reason,
            boot=row.born_boot or row.boot_id,
            born_at=row.born_at,
            uptime_s=row.uptime_s,
            last_seen_at=row.last_seen_at,
        )
        for row in db.execute(query)
    }


def _by_key(db: Session, named: set[str], model: Any, *names: str) -> dict[CameraKey, Any]:
    query = select(model.device, model.camera, *(getattr(model, name) for name in names))
    query = query.where(_is_one_of(model.device, named))
    return {(row[0], row[1]): row[2:] for row in db.execute(query)}


def _camera(
    key: CameraKey,
    site: str,
    medium: str,
    device: DeviceLook,
    row: Any,
    data_at: datetime | None,
    now: datetime,
) -> CameraLook:
    facts = CameraFacts(device=key[0], camera=key[1], state=CameraState.LIVE)
    picture_since = None
    if row is not None:
        picture, fault, cause, confidence, evidence, picture_since, at = row
        facts = CameraFacts(
            device=key[0],
            camera=key[1],
            state=CameraState.LIVE,
            picture=PictureState(picture),
            fault=CameraFault(fault),
            cause=Cause(cause),
            confidence=confidence if evidence else 0.0,
            evidence=tuple(evidence.split()),
            at_s=at.timestamp(),
        )
    verdict = judge(
        Evidence(
            now=now,
            is_device_online=device.is_online,
            device_since=device.gone_at,
            picture=facts.picture,
            fault=facts.fault,
            picture_at=picture_since,
            data_at=data_at,
        )
    )
    since = min(verdict.since or now, now)
    return CameraLook(
        key=key,
        site=site,
        medium=medium,
        state=verdict.state,
        since=since,
        facts=_with_state(facts, verdict.state),
        data_at=data_at,
        picture_since=picture_since,
    )


def _with_state(facts: CameraFacts, state: CameraState) -> CameraFacts:
    return msgspec.structs.replace(facts, state=state)
