"""What the keeper sees of the whole city at one turn: few queries, plain values, nothing decided.

States come from the same rule that the screens use, so that both always say the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import CameraFault, Cause, PictureState
from hub.cctv.models import CameraPicture, CameraRates
from hub.cctv.outages.facts import CameraFacts, Scope
from hub.cctv.outages.folding import CameraKey, Place
from hub.cctv.rules import OWN_FAULTS, CameraState, Evidence, judge
from hub.ingest.models import DevicePresence, Still
from hub.places.models import CityCamera, Device

# A switch is a place of its own only where several cameras hang on it.
_MIN_ON_SWITCH = 2


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
    """The city at one moment."""

    now: datetime
    devices: dict[str, DeviceLook]
    cameras: dict[CameraKey, CameraLook]
    places: tuple[Place, ...]


def look_at_city(db: Session, now: datetime) -> CityLook:
    """Read everything that outages rest on."""
    devices = _devices(db)
    names = ("picture", "fault", "cause", "confidence", "evidence", "since", "at")
    pictures = _by_key(db, CameraPicture, *names)
    stills = _by_key(db, Still, "received_at")
    rates = _by_key(db, CameraRates, "received_at")
    query = (
        select(CityCamera.device, CityCamera.id, CityCamera.medium, CityCamera.network_switch, Device.site)
        .join(Device, Device.id == CityCamera.device)
        .where(CityCamera.is_retired.is_(False), Device.is_retired.is_(False))
    )
    cameras: dict[CameraKey, CameraLook] = {}
    sets: dict[tuple[Scope, str], set[CameraKey]] = defaultdict(set)
    for device_id, camera, medium, switch, site in db.execute(query):
        key, device = (device_id, camera), devices.get(device_id)
        seen = [row[0] for row in (stills.get(key), rates.get(key)) if row is not None]
        picture = pictures.get(key)
        if device is None or (picture is None and not seen):
            continue
        cameras[key] = _camera(key, site, medium, device, picture, max(seen, default=None), now)
        for place in ((Scope.POINT, site), (Scope.DEVICE, device_id), (Scope.SWITCH, switch)):
            sets[place].add(key)
    return CityLook(now, devices, cameras, tuple(_places(sets)))


def _places(sets: dict[tuple[Scope, str], set[CameraKey]]) -> Iterable[Place]:
    for (scope, key), members in sets.items():
        if scope is not Scope.SWITCH or (key and len(members) >= _MIN_ON_SWITCH):
            yield Place(scope, key, frozenset(members))


def _devices(db: Session) -> dict[str, DeviceLook]:
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
    query = query.join(Device, Device.id == DevicePresence.device).where(Device.is_retired.is_(False))
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


def _by_key(db: Session, model: Any, *names: str) -> dict[CameraKey, Any]:
    query = select(model.device, model.camera, *(getattr(model, name) for name in names))
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
