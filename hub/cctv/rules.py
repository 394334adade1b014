"""What state a camera is in and why, from what is known of it. Pure.

The city names three causes: camera, power and link. Where the evidence does not tell them apart
the verdict says so instead of guessing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from edge.wire.records.bodies import CameraFault, PictureState
from edge.wire.records.bodies import Cause as SaidCause

# Counts come each minute by default; one may be lost on the way without an alarm.
SILENT_AFTER = timedelta(seconds=150)


class CameraState(StrEnum):
    """What an operator calls it."""

    LIVE = "live"
    DISTURBED = "disturbed"
    OFFLINE = "offline"
    SILENT = "silent"  # the device lives, nothing new of this camera
    UNHEARD = "unheard"  # in the inventory, never reported
    MAINTENANCE = "maintenance"  # not live, and somebody said beforehand that it would not be


# Not live to an operator: there is no picture at all.
DARK_STATES = frozenset({CameraState.OFFLINE, CameraState.SILENT})


class Cause(StrEnum):
    """Why it is not live: the three of the city, "cctv, listrik dan media", or not known yet."""

    NONE = "none"
    CAMERA = "camera"
    POWER = "power"
    LINK = "link"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OutageWord:
    """What the open outage that holds a camera says; it knows more than the camera's own rows.

    ``cameras`` are held by it together with this one; ``scope`` is a ``Scope`` of the outages.
    """

    number: int
    scope: str
    began_at: datetime
    cause: Cause
    confidence: float
    facts: tuple[str, ...]
    cameras: int = 1


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
    outage: OutageWord | None = None
    is_maintained: bool = False  # a maintenance window is open for it


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
OWN_FAULTS = frozenset({CameraFault.UNAUTHORISED, CameraFault.REFUSED, CameraFault.NOT_VIDEO})

# How a device went says something only when it said it itself.
_WORD_OF_REASON: dict[str, tuple[Cause, float, tuple[str, ...]]] = {
    "power": (Cause.POWER, 0.9, ("last-gasp",)),
    "stopped": (Cause.UNKNOWN, 0.0, ("stopped-in-order",)),
    "will": (Cause.UNKNOWN, 0.0, ("gone-without-word",)),
    "silent": (Cause.UNKNOWN, 0.0, ("fell-silent",)),
}


def judge(evidence: Evidence) -> Verdict:
    """Return what state a camera is in and why."""
    verdict = _judge_alone(evidence)
    if verdict.state in (CameraState.LIVE, CameraState.UNHEARD):
        return verdict
    outage = evidence.outage
    if outage is not None:
        verdict = replace(
            verdict,
            cause=outage.cause,
            confidence=outage.confidence,
            facts=outage.facts,
            since=min(outage.began_at, verdict.since or outage.began_at),
        )
    return replace(verdict, state=CameraState.MAINTENANCE) if evidence.is_maintained else verdict


def _judge_alone(evidence: Evidence) -> Verdict:
    if evidence.is_device_online is None:
        return Verdict(CameraState.UNHEARD)
    if not evidence.is_device_online:
        cause, confidence, facts = _WORD_OF_REASON.get(evidence.offline_reason, (Cause.UNKNOWN, 0.0, ()))
        return Verdict(CameraState.OFFLINE, cause, evidence.device_since, confidence=confidence, facts=facts)
    if evidence.picture is PictureState.ABSENT:
        return _with_cause(CameraState.OFFLINE, evidence)
    if evidence.data_at is None:
        return Verdict(CameraState.UNHEARD)
    # A device that just came back has as long for its first data as any other.
    newest = max(evidence.data_at, evidence.device_since or evidence.data_at)
    if evidence.now - newest > SILENT_AFTER:
        return Verdict(CameraState.SILENT, Cause.UNKNOWN, evidence.data_at, facts=("agent-alive-no-frames",))
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
    is_plain = evidence.picture is not PictureState.ABSENT or evidence.fault in OWN_FAULTS
    return Cause.CAMERA if is_plain else Cause.UNKNOWN
