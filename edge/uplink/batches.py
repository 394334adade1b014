"""Rows of the outbox to the payload of one message, without decoding their bodies again.

Pure. What it writes is byte for byte what ``encode(Records(…))`` would.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from edge.outbox import Row
from edge.wire.messages import MAX_BATCH_RECORDS, MAX_RECORDS_BYTES
from edge.wire.records.bodies import ClockQuality, Lane


class _PackedRecord(msgspec.Struct, frozen=True):
    """:class:`edge.wire.messages.Record` with a body that is JSON already."""

    seq: int
    at: datetime
    clock: ClockQuality
    boot_id: str
    mono_ns: int
    body: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one lane and one epoch, ready to publish."""

    epoch: str
    lane: Lane
    seqs: tuple[int, ...]
    first_place: int
    last_place: int
    payload: bytes


_encoder = msgspec.json.Encoder()


def pack(rows: Sequence[Row], *, max_bytes: int = MAX_RECORDS_BYTES) -> Batch:
    """Put as many of the first rows into one message as fit.

    Args:
        rows: At least one row, all of one lane. Those of another epoch than the first end the batch.
        max_bytes: Size of the payload; one row is taken even if it is larger (up to 17 KiB).
    """
    first = rows[0]
    head = b'{"epoch":"%s","lane":"%s","records":[' % (first.epoch.encode(), first.lane.value.encode())
    tail = b'],"v":1}'
    size = len(head) + len(tail)
    packed: list[bytes] = []
    for row in rows[:MAX_BATCH_RECORDS]:
        record = _encoder.encode(
            _PackedRecord(row.seq, row.at, row.clock, row.boot_id, row.mono_ns, msgspec.Raw(row.payload))
        )
        size += len(record) + 1
        if row.epoch != first.epoch or (packed and size > max_bytes):
            break
        packed.append(record)
    return Batch(
        epoch=first.epoch,
        lane=first.lane,
        seqs=tuple(row.seq for row in rows[: len(packed)]),
        first_place=first.place,
        last_place=rows[len(packed) - 1].place,
        payload=head + b",".join(packed) + tail,
    )
