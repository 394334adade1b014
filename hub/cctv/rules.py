"""What state a camera is in and why, from what is known of it. Pure.

The city names three causes: camera, power and link. Where the evidence does not tell them apart
the verdict says so instead of guessing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from edge.wire.bodies import CameraFault, PictureState

# Counts come each minute by default; one may be lost on the way without an alarm.
SILENT_AFTER = timedelta(seconds=150)


class CameraState(StrEnum):
    """What an operator calls it."""

    LIVE = "live"
    DISTURBED = "disturbed"
    OFFLINE = "offline"
    SILENT = "silent"  # the device lives, nothing new of this camera
    UNHEARD = "unheard"  # in the inventory, never reported


class Cause(StrEnum):
    """Why it is not live."""

    NONE = "none"
    CAMERA = "camera"
    POWER = "power"
    LINK = "link"
    LINK_OR_POWER = "link-or-power"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known; ``None`` is "never heard"."""

    now: datetime
    is_device_online: bool | None = None
    device_since: datetime | None = None
    offline_reason: str = ""
    picture: PictureState | None = None
    fault: CameraFault = CameraFault.NONE
    picture_at: datetime | None = None
    data_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, its cause and since when; ``picture`` and ``fault`` are the words behind it."""

    state: CameraState
    cause: Cause = Cause.NONE
    since: datetime | None = None
    picture: PictureState | None = None
    fault: CameraFault = CameraFault.NONE


_CAUSE_OF_REASON = {
    "power": Cause.POWER,
    "stopped": Cause.STOPPED,
    "will": Cause.LINK_OR_POWER,
    "silent": Cause.LINK_OR_POWER,
}


def judge(evidence: Evidence) -> Verdict:
    """Return what state a camera is in and why."""
    if evidence.is_device_online is None:
        return Verdict(CameraState.UNHEARD)
    if not evidence.is_device_online:
        cause = _CAUSE_OF_REASON.get(evidence.offline_reason, Cause.UNKNOWN)
        return Verdict(CameraState.OFFLINE, cause, evidence.device_since)
    if evidence.picture is PictureState.ABSENT:
        return Verdict(
            CameraState.OFFLINE, Cause.CAMERA, evidence.picture_at, evidence.picture, evidence.fault
        )
    if evidence.data_at is None:
        return Verdict(CameraState.UNHEARD)
    if evidence.now - evidence.data_at > SILENT_AFTER:
        return Verdict(CameraState.SILENT, Cause.UNKNOWN, evidence.data_at)
    if evidence.picture not in (None, PictureState.GOOD):
        return Verdict(
            CameraState.DISTURBED, Cause.CAMERA, evidence.picture_at, evidence.picture, evidence.fault
        )
    return Verdict(CameraState.LIVE)
