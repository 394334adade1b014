"""What state a camera is in and why, from what is known of it. Pure.

The city names three causes: camera, power and link. Where the evidence does not tell them apart
the verdict says so instead of guessing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from edge.wire.bodies import CameraFault, PictureState
from edge.wire.bodies import Cause as SaidCause

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
    said_cause: SaidCause = SaidCause.UNKNOWN
    confidence: float = 0.0
    facts: tuple[str, ...] = ()  # what spoke for the cause; none: the device did not diagnose it yet


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, its cause and since when; ``picture`` and ``fault`` are the words behind it."""

    state: CameraState
    cause: Cause = Cause.NONE
    since: datetime | None = None
    picture: PictureState | None = None
    fault: CameraFault = CameraFault.NONE
    confidence: float = 0.0
    facts: tuple[str, ...] = ()


# What a camera refuses by itself, whoever asks.
_OWN_FAULTS = frozenset({CameraFault.UNAUTHORISED, CameraFault.REFUSED, CameraFault.NOT_VIDEO})

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
        return _with_cause(CameraState.OFFLINE, evidence)
    if evidence.data_at is None:
        return Verdict(CameraState.UNHEARD)
    if evidence.now - evidence.data_at > SILENT_AFTER:
        return Verdict(CameraState.SILENT, Cause.UNKNOWN, evidence.data_at)
    if evidence.picture not in (None, PictureState.GOOD):
        return _with_cause(CameraState.DISTURBED, evidence)
    return Verdict(CameraState.LIVE)


def _with_cause(state: CameraState, evidence: Evidence) -> Verdict:
    return Verdict(
        state,
        _cause(evidence),
        evidence.picture_at,
        evidence.picture,
        evidence.fault,
        evidence.confidence,
        evidence.facts,
    )


def _cause(evidence: Evidence) -> Cause:
    """Return the device's own verdict; before there is one, only what is plain."""
    if evidence.facts:
        return Cause(evidence.said_cause)
    is_plain = evidence.picture is not PictureState.ABSENT or evidence.fault in _OWN_FAULTS
    return Cause.CAMERA if is_plain else Cause.UNKNOWN
