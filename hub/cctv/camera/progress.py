"""How far the newest settings of a camera came: waiting, in force, refused or rolled back."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from edge.wire.records.bodies import DeviceIncident
from hub.ingest.models import DevicePresence, Event
from hub.places.models import CameraSettingsVersion

# What a device calls the two ends of settings that did not work.
_STEPS = {"config-refused": "refused", "config-rolled-back": "rolled-back"}
_LOOKED_AT = 50


class Step(StrEnum):
    """Where the newest version is."""

    NONE = "none"
    WAITING = "waiting"
    AWAY = "away"
    IN_FORCE = "in-force"
    REFUSED = "refused"
    ROLLED_BACK = "rolled-back"


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest version, the one the device uses, and what it said of the newest."""

    step: Step
    newest: int
    effective: int
    detail: str = ""


def progress_of(db: Session, device: str, newest: CameraSettingsVersion | None) -> Progress:
    """Return how far ``newest`` came on its device."""
    presence = db.get(DevicePresence, device)
    effective = 0 if presence is None else presence.config_version
    if newest is None:
        return Progress(Step.NONE, 0, effective)
    if effective >= newest.version:
        return Progress(Step.IN_FORCE, newest.version, effective)
    failure = _failure(db, newest)
    if failure is not None:
        return Progress(Step(_STEPS[failure.what]), newest.version, effective, failure.detail)
    is_there = presence is not None and presence.is_online
    return Progress(Step.WAITING if is_there else Step.AWAY, newest.version, effective)


def _failure(db: Session, newest: CameraSettingsVersion) -> DeviceIncident | None:
    """Return what the device said of this version, if it could not use it."""
    bodies = db.scalars(
        select(Event.body)
        .where(
            Event.device == newest.device,
            Event.kind == "device-incident",
            Event.received_at >= newest.at,
        )
        .order_by(Event.id.desc())
        .limit(_LOOKED_AT)
    )
    for body in bodies:
        incident = msgspec.json.decode(body, type=DeviceIncident)
        if incident.what in _STEPS and incident.detail.startswith(f"version {newest.version}:"):
            return incident
    return None
