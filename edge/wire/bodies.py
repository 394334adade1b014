"""What a record can say: the vocabulary of the edge, one struct a kind.

No person is named here: people are internal numbers. Frozen and strict; new keys get
defaults, so that recorded messages of old firmware stay readable.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.clips import CLIP_ID_PATTERN, MAX_CLIP_BYTES
from edge.wire.topics import DEVICE_ID_PATTERN, SOURCE_ID_PATTERN

# SQLite integers are signed 64 bit.
MAX_INTEGER = 2**63 - 1

_CLEAN_TEXT = r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z"

DeviceId = Annotated[str, msgspec.Meta(pattern=DEVICE_ID_PATTERN)]
SourceId = Annotated[str, msgspec.Meta(pattern=SOURCE_ID_PATTERN)]
ClipId = Annotated[str, msgspec.Meta(pattern=CLIP_ID_PATTERN)]
Epoch = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
BootId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Seq = Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
PersonNumber = Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
ShortText = Annotated[str, msgspec.Meta(max_length=64, pattern=_CLEAN_TEXT)]
Text = Annotated[str, msgspec.Meta(max_length=500, pattern=_CLEAN_TEXT)]
Evidence = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=16)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every message has in common: immutable, and strict about its keys."""


class Lane(StrEnum):
    """Order of importance in the outbox; attendance is never thinned."""

    ATTENDANCE = "attendance"
    EVENT = "event"
    TELEMETRY = "telemetry"


class ClockQuality(StrEnum):
    """How much the wall clock of a record can be trusted."""

    SYNCED = "synced"  # NTP within the last minutes
    HELD = "held"  # an RTC, or drifting since the last synchronisation
    UNKNOWN = "unknown"  # cold boot without either


class LineCount(Message, frozen=True):
    """Crossings of one line in one period, and since the worker's boot.

    ``forward`` is from the left of the line to its right, seen from its first point.
    """

    line: SourceId
    forward: Count
    backward: Count
    forward_total: Count
    backward_total: Count


class CameraCounts(Message, tag="camera-counts", tag_field="kind", frozen=True):
    """What crossed the lines of a camera in ``period_s``, and how far to trust it."""

    camera: SourceId
    period_s: Annotated[float, msgspec.Meta(gt=0, le=3600)]
    frames: Count
    lines: Annotated[tuple[LineCount, ...], msgspec.Meta(max_length=32)]
    motion_share: Share
    confidence: Share


class MotionEvent(Message, tag="motion-event", tag_field="kind", frozen=True):
    """Something moved in front of a camera; sent when it ended, or after a minute of it."""

    camera: SourceId
    duration_s: Seconds
    peak_share: Share


class PictureState(StrEnum):
    """What the picture of a camera is like."""

    GOOD = "good"
    BLACK = "black"
    FROZEN = "frozen"
    COVERED = "covered"
    DEFOCUSED = "defocused"
    MOVED = "moved"
    ABSENT = "absent"  # no frames at all


class CameraFault(StrEnum):
    """Why a camera gives no frames."""

    NONE = "none"
    NOT_FOUND = "not-found"
    REFUSED = "refused"
    UNAUTHORISED = "unauthorised"
    SILENT = "silent"
    NOT_VIDEO = "not-video"
    ENDED = "ended"
    CRASHED = "crashed"
    HUNG = "hung"
    UNAVAILABLE = "unavailable"  # a driver or library is missing
    FAILED = "failed"


class Cause(StrEnum):
    """What is broken, in the words of the city: "cctv, listrik dan media"."""

    CAMERA = "camera"
    POWER = "power"
    LINK = "link"
    UNKNOWN = "unknown"


class CameraIntegrity(Message, tag="camera-integrity", tag_field="kind", frozen=True):
    """The state of a camera's picture changed, or more is known of why it is bad.

    ``evidence`` names the facts that spoke for ``cause``, strongest first; without evidence
    nothing was diagnosed yet. A record with the same picture and fault is a better verdict.
    """

    camera: SourceId
    picture: PictureState
    fault: CameraFault = CameraFault.NONE
    detail: Text = ""
    restarts: Count = 0
    cause: Cause = Cause.UNKNOWN
    confidence: Share = 0.0
    evidence: Evidence = ()


class DeviceHealth(Message, tag="device-health", tag_field="kind", frozen=True):
    """How the device itself is; ``None`` is "this board cannot tell"."""

    uptime_s: Seconds
    load: Annotated[float, msgspec.Meta(ge=0, le=10_000)]
    memory_free_mib: Count
    disk_free_mib: Count
    outbox_rows: Count
    outbox_bytes: Count
    rejected_publishes: Count = 0
    temperature_c: Annotated[float, msgspec.Meta(ge=-60, le=200)] | None = None
    under_voltage: bool | None = None
    had_under_voltage: bool | None = None  # since the boot
    throttled: bool | None = None
    on_battery: bool | None = None
    battery_share: Share | None = None
    signal_dbm: Annotated[float, msgspec.Meta(ge=-200, le=50)] | None = None
    gateway_answers: bool | None = None
    disk_life_used_share: Share | None = None
    clock: ClockQuality | None = None


class BootReason(StrEnum):
    """Why a device started anew."""

    SAME_BOOT = "same-boot"  # it did not
    POWER_CUT = "power-cut"
    REBOOT = "reboot"
    WATCHDOG = "watchdog"
    UNKNOWN = "unknown"


class DeviceReturned(Message, tag="device-returned", tag_field="kind", frozen=True):
    """A device that the hub could not hear is back, and says what it knows of why.

    ``outage_s`` ends at the time of the record; ``rows_from_gap`` were recorded meanwhile.
    """

    outage_s: Seconds
    cause: Cause = Cause.UNKNOWN
    confidence: Share = 0.0
    evidence: Evidence = ()
    boot: BootReason = BootReason.UNKNOWN
    rows_from_gap: Count = 0


class ScanMethod(StrEnum):
    """How a person showed who they are."""

    PHONE = "phone"
    BADGE = "badge"
    WORKPLACE = "workplace"


class Assurance(StrEnum):
    """How strong the proof of presence is."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class ScanFlag(StrEnum):
    """What a door noticed about a scan; a scan is accepted in spite of it."""

    ROSTER_STALE = "roster-stale"
    CLOCK_HELD = "clock-held"
    CLOCK_UNKNOWN = "clock-unknown"
    PHONE_CLOCK_UNCORRECTED = "phone-clock-uncorrected"
    CHALLENGE_MET = "challenge-met"
    PURPOSE_ARRIVING = "purpose-arriving"
    PURPOSE_LEAVING = "purpose-leaving"
    PURPOSE_EVENT = "purpose-event"


class HadirScan(Message, tag="hadir-scan", tag_field="kind", frozen=True):
    """One accepted scan at a door. ``token`` is a digest, so that a second use is seen city-wide."""

    door: SourceId
    person: PersonNumber
    method: ScanMethod
    assurance: Assurance
    issued_at: Instant
    token: Digest
    roster_version: Count
    flags: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=8)] = ()


class ScanRefused(Message, tag="scan-refused", tag_field="kind", frozen=True):
    """How often a door refused codes for one reason; never says whose."""

    door: SourceId
    message: Annotated[str, msgspec.Meta(pattern=r"\A[EHTW][0-9]{2}\Z")]
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class SensorReading(Message, tag="sensor-reading", tag_field="kind", frozen=True):
    """One value of one sensor. ``quantity`` names what and in which unit, as ``water_level_m``."""

    sensor: SourceId
    quantity: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,47}\Z")]
    value: float
    spread: Annotated[float, msgspec.Meta(ge=0)] | None = None


class OutboxGap(Message, tag="outbox-gap", tag_field="kind", frozen=True):
    """Rows that were accepted and could not be kept: the loss itself is recorded."""

    lane: Lane
    reason: ShortText
    count: Count
    from_at: Instant | None = None
    to_at: Instant | None = None


class DeviceIncident(Message, tag="device-incident", tag_field="kind", frozen=True):
    """Something a person should know about the device itself."""

    what: ShortText
    detail: Text = ""


class ClipReason(StrEnum):
    """Why a clip was kept."""

    MOTION = "motion"
    INTEGRITY = "integrity"  # the state of the picture changed
    COMMAND = "command"


class ClipKept(Message, tag="clip-kept", tag_field="kind", frozen=True):
    """A clip lies on the device's disk, for a while; the hub may ask for it with ``send-clip``.

    ``started_at`` is the time of its first picture, before whatever was the reason.
    """

    camera: SourceId
    clip: ClipId
    started_at: Instant
    duration_s: Annotated[float, msgspec.Meta(ge=0, le=600)]
    bytes: Annotated[int, msgspec.Meta(ge=1, le=MAX_CLIP_BYTES)]
    reason: ClipReason


Body = (
    CameraCounts
    | MotionEvent
    | CameraIntegrity
    | DeviceHealth
    | HadirScan
    | ScanRefused
    | SensorReading
    | OutboxGap
    | DeviceIncident
    | DeviceReturned
    | ClipKept
)

LANE_OF_BODY: dict[type, Lane] = {
    CameraCounts: Lane.TELEMETRY,
    MotionEvent: Lane.EVENT,
    CameraIntegrity: Lane.EVENT,
    DeviceHealth: Lane.TELEMETRY,
    HadirScan: Lane.ATTENDANCE,
    ScanRefused: Lane.TELEMETRY,
    SensorReading: Lane.TELEMETRY,
    OutboxGap: Lane.EVENT,
    DeviceIncident: Lane.EVENT,
    DeviceReturned: Lane.EVENT,
    ClipKept: Lane.EVENT,
}
