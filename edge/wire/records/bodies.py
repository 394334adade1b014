"""What a record can say: the vocabulary of the edge, one struct a kind.

No person is named here: people are internal numbers. Frozen and strict; new keys get
defaults, so that recorded messages of old firmware stay readable.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

# One vocabulary for every reader: the parts lie beside, the whole is had from here.
from edge.wire.records.camera_bodies import CameraCounts as CameraCounts
from edge.wire.records.camera_bodies import CameraFault as CameraFault
from edge.wire.records.camera_bodies import CameraIntegrity as CameraIntegrity
from edge.wire.records.camera_bodies import Cause as Cause
from edge.wire.records.camera_bodies import ClipKept as ClipKept
from edge.wire.records.camera_bodies import ClipReason as ClipReason
from edge.wire.records.camera_bodies import CrowdLevel as CrowdLevel
from edge.wire.records.camera_bodies import FlowLevel as FlowLevel
from edge.wire.records.camera_bodies import GaugeReading as GaugeReading
from edge.wire.records.camera_bodies import GaugeState as GaugeState
from edge.wire.records.camera_bodies import LineCount as LineCount
from edge.wire.records.camera_bodies import LineSpeed as LineSpeed
from edge.wire.records.camera_bodies import MotionEvent as MotionEvent
from edge.wire.records.camera_bodies import ObjectCount as ObjectCount
from edge.wire.records.camera_bodies import PictureState as PictureState
from edge.wire.records.camera_bodies import Quality as Quality
from edge.wire.records.camera_bodies import SceneMeasures as SceneMeasures
from edge.wire.records.camera_bodies import SizeCounts as SizeCounts
from edge.wire.records.camera_bodies import ZoneMeasure as ZoneMeasure
from edge.wire.records.fields import MAX_INTEGER as MAX_INTEGER
from edge.wire.records.fields import BootId as BootId
from edge.wire.records.fields import ClipId as ClipId
from edge.wire.records.fields import ClockQuality as ClockQuality
from edge.wire.records.fields import Count as Count
from edge.wire.records.fields import DeviceId as DeviceId
from edge.wire.records.fields import Digest as Digest
from edge.wire.records.fields import Epoch as Epoch
from edge.wire.records.fields import Evidence as Evidence
from edge.wire.records.fields import Instant as Instant
from edge.wire.records.fields import Lane as Lane
from edge.wire.records.fields import Message as Message
from edge.wire.records.fields import PersonNumber as PersonNumber
from edge.wire.records.fields import Seconds as Seconds
from edge.wire.records.fields import Seq as Seq
from edge.wire.records.fields import Share as Share
from edge.wire.records.fields import ShortText as ShortText
from edge.wire.records.fields import SourceId as SourceId
from edge.wire.records.fields import Text as Text
from edge.wire.updates import UpdateReport as UpdateReport


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
    link_mbit: Count | None = None  # negotiated, of the way to the hub
    link_full_duplex: bool | None = None


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
    WITNESSED = "witnessed"  # a badge without its PIN: a guard looked and said yes


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


class PassCount(Message, frozen=True):
    """How many codes one way of looking read."""

    name: SourceId
    count: Count


class DoorReading(Message, tag="door-reading", tag_field="kind", frozen=True):
    """How well a door read in ``period_s``: which door has bad light, bad focus or too slow a processor.

    ``misses`` are frames that were looked at and gave nothing while something moved, ``unreadable``
    those in which a code was found and could not be read. Times are those of frames looked at.
    """

    door: SourceId
    period_s: Annotated[float, msgspec.Meta(gt=0, le=3600)]
    frames: Count
    looked_at: Count
    read: Count
    misses: Count
    unreadable: Count
    decode_p50_ms: Annotated[float, msgspec.Meta(ge=0, le=600_000)]
    decode_p95_ms: Annotated[float, msgspec.Meta(ge=0, le=600_000)]
    by_pass: Annotated[tuple[PassCount, ...], msgspec.Meta(max_length=16)] = ()
    is_reduced: bool = False  # less was tried than the door would like: too slow, or too hot


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


Body = (
    CameraCounts
    | MotionEvent
    | CameraIntegrity
    | DeviceHealth
    | HadirScan
    | ScanRefused
    | DoorReading
    | SensorReading
    | OutboxGap
    | DeviceIncident
    | DeviceReturned
    | ClipKept
    | SceneMeasures
    | GaugeReading
    | UpdateReport
)

LANE_OF_BODY: dict[type, Lane] = {
    CameraCounts: Lane.TELEMETRY,
    MotionEvent: Lane.EVENT,
    CameraIntegrity: Lane.EVENT,
    DeviceHealth: Lane.TELEMETRY,
    HadirScan: Lane.ATTENDANCE,
    ScanRefused: Lane.TELEMETRY,
    DoorReading: Lane.TELEMETRY,
    SensorReading: Lane.TELEMETRY,
    OutboxGap: Lane.EVENT,
    DeviceIncident: Lane.EVENT,
    DeviceReturned: Lane.EVENT,
    ClipKept: Lane.EVENT,
    SceneMeasures: Lane.TELEMETRY,
    GaugeReading: Lane.TELEMETRY,
    UpdateReport: Lane.EVENT,
}
