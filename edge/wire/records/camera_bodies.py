"""What a record can say of a camera: counts, measures of the scene, the picture's state, clips."""

from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.clips import MAX_CLIP_BYTES
from edge.wire.records.fields import (
    MAX_INTEGER,
    ClipId,
    Count,
    Evidence,
    Instant,
    Message,
    Seconds,
    Share,
    ShortText,
    SourceId,
    Text,
)

Kmh = Annotated[float, msgspec.Meta(ge=0, le=400)]
Metres = Annotated[float, msgspec.Meta(ge=-100, le=1000)]


class SizeCounts(Message, frozen=True):
    """Crossings by size class: how large a thing looks at its line, not what it is."""

    motor: Count = 0
    car: Count = 0
    heavy: Count = 0


class LineSpeed(Message, frozen=True):
    """How fast things crossed a line; ``p85_kmh`` is what 85 % of them did not exceed."""

    samples: Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
    median_kmh: Kmh
    p85_kmh: Kmh


class LineCount(Message, frozen=True):
    """Crossings of one line in one period, and since the worker's boot.

    ``forward`` is from the left of the line to its right, seen from its first point. Sizes are
    there when the line is calibrated for them, speeds when the camera's ground is.
    """

    line: SourceId
    forward: Count
    backward: Count
    forward_total: Count
    backward_total: Count
    forward_sizes: SizeCounts | None = None
    backward_sizes: SizeCounts | None = None
    forward_speed: LineSpeed | None = None
    backward_speed: LineSpeed | None = None


class Quality(Message, frozen=True):
    """How good the picture was for seeing: ``index`` 1 is fine; each nuisance 1 is as bad as can be."""

    index: Share
    night: Share = 0.0
    rain: Share = 0.0
    glare: Share = 0.0
    vibration: Share = 0.0


class CameraCounts(Message, tag="camera-counts", tag_field="kind", frozen=True):
    """What crossed the lines of a camera in ``period_s``, and how far to trust it.

    Where ``is_trusted`` is false, show how full the zones were (``scene-measures``), not these numbers.
    ``skipped`` frames came and were not looked at for want of time; for ``suspended_s`` of the
    period nothing was counted, as the camera turned or stood where no ``preset`` is known.
    """

    camera: SourceId
    period_s: Annotated[float, msgspec.Meta(gt=0, le=3600)]
    frames: Count
    lines: Annotated[tuple[LineCount, ...], msgspec.Meta(max_length=32)]
    motion_share: Share
    confidence: Share
    is_trusted: bool = True
    quality: Quality | None = None
    skipped: Count = 0
    suspended_s: Seconds = 0.0
    preset: SourceId | None = None


class FlowLevel(StrEnum):
    """How traffic moves through a zone."""

    FREE = "free"
    SLOW = "slow"
    JAM = "jam"
    UNKNOWN = "unknown"


class CrowdLevel(StrEnum):
    """How full of people a zone is: a level, not a head count."""

    EMPTY = "empty"
    FEW = "few"
    MANY = "many"
    DENSE = "dense"
    UNKNOWN = "unknown"


class ZoneMeasure(Message, frozen=True):
    """One zone in one period.

    ``occupancy`` is the share of the time that something was in it, ``cover`` the mean share of its
    area that was covered; ``flow`` or ``crowd`` is the level at the end, as the zone's purpose is.
    """

    zone: SourceId
    occupancy: Share
    cover: Share
    flow: FlowLevel | None = None
    crowd: CrowdLevel | None = None


class ObjectCount(Message, frozen=True):
    """How many things of one kind the optional detector saw at a time: mean and most."""

    label: ShortText
    mean: Annotated[float, msgspec.Meta(ge=0, le=10_000)]
    most: Count


class SceneMeasures(Message, tag="scene-measures", tag_field="kind", frozen=True):
    """How full the zones of a camera were in ``period_s``."""

    camera: SourceId
    period_s: Annotated[float, msgspec.Meta(gt=0, le=3600)]
    zones: Annotated[tuple[ZoneMeasure, ...], msgspec.Meta(max_length=16)]
    objects: Annotated[tuple[ObjectCount, ...], msgspec.Meta(max_length=32)] = ()
    preset: SourceId | None = None


class GaugeState(StrEnum):
    """Whether a staff gauge could be read, and if not, why."""

    READ = "read"
    BAD_PICTURE = "bad-picture"  # dark, covered, out of focus: rejected before any reading
    UNCLEAR = "unclear"  # no edge stands out, or the samples do not agree
    AWAY = "away"  # the camera looks elsewhere


class GaugeReading(Message, tag="gauge-reading", tag_field="kind", frozen=True):
    """Where the water stands on a staff gauge, as the median of ``samples`` and their spread."""

    camera: SourceId
    gauge: SourceId
    state: GaugeState
    samples: Count = 0
    level_m: Metres | None = None
    spread_m: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None


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
    SMEARED = "smeared"  # decoder errors, torn or smeared blocks
    OVEREXPOSED = "over-exposed"
    FLICKERING = "flickering"
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
