"""One row of the outbox: its place, its checksum and what it looks like in SQLite.

Pure: must not open files.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from edge.wire.records.bodies import ClockQuality, Lane

# The rowid says all a row is sorted by, so that one B-tree serves every question: lane, then
# age (generation of the file, then seq). 2 + 20 + 40 bits.
_SEQ_BITS = 40
_GENERATION_BITS = 20
MAX_SEQ = (1 << _SEQ_BITS) - 1
MAX_GENERATION = (1 << _GENERATION_BITS) - 1

_LANES = (Lane.ATTENDANCE, Lane.EVENT, Lane.TELEMETRY)
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

COLUMNS = "place, epoch, seq, lane, boot_id, mono_ns, at_us, clock, payload, crc"
# Only constants are put into the text.
INSERT = f"INSERT INTO row ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Row:
    """An accepted record. ``payload`` is the JSON of its body, ``place`` its rowid."""

    place: int
    epoch: str
    seq: int
    lane: Lane
    boot_id: str
    mono_ns: int
    at: datetime
    clock: ClockQuality
    payload: bytes


def place_of(lane: Lane, generation: int, seq: int) -> int:
    """Return the rowid of a row; rising with age within a lane.

    Raises:
        ValueError: a number is outside of its bits.
    """
    if not (0 <= generation <= MAX_GENERATION and 0 <= seq <= MAX_SEQ):
        raise ValueError(f"generation {generation} or seq {seq} does not fit a place")
    return (_LANES.index(lane) << (_GENERATION_BITS + _SEQ_BITS)) | (generation << _SEQ_BITS) | seq


def places_of_lane(lane: Lane) -> tuple[int, int]:
    """Return the lowest and the highest place a lane can have."""
    return place_of(lane, 0, 0), place_of(lane, MAX_GENERATION, MAX_SEQ)


def generation_of(place: int) -> int:
    """Return the generation of the file that a place was given in."""
    return place >> _SEQ_BITS & MAX_GENERATION


def lane_of(place: int) -> Lane:
    """Return the lane of a place."""
    return _LANES[place >> (_GENERATION_BITS + _SEQ_BITS)]


def to_columns(row: Row) -> tuple[Any, ...]:
    """Return the values of ``COLUMNS``, checksum last."""
    values = _values(row)
    return (*values, checksum(values))


def checksum(values: Sequence[Any]) -> int:
    """Return the CRC-32 over every column before the checksum itself."""
    return zlib.crc32(repr(tuple(values)).encode())


def from_columns(columns: Sequence[Any]) -> Row | None:
    """Return the row, or ``None`` when a bit of it is not what was written."""
    *values, crc = columns
    if checksum(values) != crc:
        return None
    place, epoch, seq, lane, boot_id, mono_ns, at_us, clock, payload = values
    return Row(
        place=place,
        epoch=epoch,
        seq=seq,
        lane=Lane(lane),
        boot_id=boot_id,
        mono_ns=mono_ns,
        at=_START + timedelta(microseconds=at_us),
        clock=ClockQuality(clock),
        payload=payload,
    )


def to_microseconds(at: datetime) -> int:
    """Return the microseconds since 1970 of an aware time."""
    return (at - _START) // _MICROSECOND


def _values(row: Row) -> tuple[Any, ...]:
    return (
        row.place,
        row.epoch,
        row.seq,
        row.lane.value,
        row.boot_id,
        row.mono_ns,
        to_microseconds(row.at),
        row.clock.value,
        row.payload,
    )
