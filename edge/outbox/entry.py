"""What is handed to the outbox, and the records that the outbox makes itself.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from edge.outbox.room import Cut
from edge.outbox.salvage import Salvaged
from edge.wire.messages import MAX_BODY_BYTES, decode_body, encode
from edge.wire.records.bodies import Body, ClockQuality, DeviceIncident, Lane, OutboxGap


@dataclass(frozen=True, slots=True)
class Entry:
    """A body to accept, with the time it happened: ``at`` UTC, ``mono_ns`` since the boot."""

    body: Body
    at: datetime
    mono_ns: int
    clock: ClockQuality


def payload_of(body: Body) -> bytes:
    """Encode a body; the hub must be able to read what is accepted, so it is read back.

    Raises:
        ValueError: too large, or not what the contract allows.
    """
    payload = encode(body)
    if len(payload) > MAX_BODY_BYTES:
        raise ValueError(f"{type(body).__name__} of {len(payload)} bytes, more than {MAX_BODY_BYTES}")
    decode_body(payload)
    return payload


def gap_of(cut: Cut) -> OutboxGap:
    """Return the record of a loss."""
    return OutboxGap(lane=cut.lane, reason="full", count=cut.rows, from_at=cut.from_at, to_at=cut.to_at)


def damage_of(lanes: Sequence[Lane]) -> list[OutboxGap]:
    """Return the records of damaged rows; ``lanes`` has the lane of each."""
    return [OutboxGap(lane=lane, reason="damaged", count=lanes.count(lane)) for lane in sorted(set(lanes))]


def incident_of(salvaged: Salvaged) -> DeviceIncident:
    """Return the report that a damaged file was replaced."""
    text = f"{salvaged.kept_rows} rows salvaged, {salvaged.wrong_rows} wrong: {salvaged.reason}"
    return DeviceIncident(what="outbox-replaced", detail="".join(filter(str.isprintable, text))[:500])
