"""The words records are made of: identifiers, numbers with their ranges, and what all messages share.

Must not name a kind of record; those are in :mod:`edge.wire.records.bodies`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from edge.wire.clips import CLIP_ID_PATTERN
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
