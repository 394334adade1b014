"""Rows without an outbox."""

import itertools
from datetime import timedelta

import pytest

from edge.clock import BUILT_AT
from edge.outbox import Row
from edge.outbox.row import place_of
from edge.wire.messages import Ack, ranges_of
from edge.wire.records.bodies import ClockQuality, Lane

PAYLOADS = {
    Lane.TELEMETRY: b'{"kind":"sensor-reading","sensor":"s","quantity":"q","value":1.0,"spread":null}',
    Lane.EVENT: b'{"kind":"device-incident","what":"w","detail":""}',
    Lane.ATTENDANCE: (
        b'{"kind":"hadir-scan","door":"d","person":1,"method":"phone","assurance":"weak",'
        b'"issued_at":"2026-11-21T00:00:00Z","token":"00000000000000000000000000000000",'
        b'"roster_version":0,"flags":[]}'
    ),
}


class MemoryRows:
    """A source of rows in memory, and a hub that acknowledges them."""

    def __init__(self) -> None:
        self.kept: dict[int, Row] = {}
        self._seqs = itertools.count(1)

    def add(self, lane: Lane, count: int = 1, *, epoch: str = "a" * 16, generation: int = 0) -> list[int]:
        seqs = []
        for _ in range(count):
            seq = next(self._seqs)
            place = place_of(lane, generation, seq)
            at = BUILT_AT + timedelta(microseconds=seq)
            self.kept[place] = Row(
                place, epoch, seq, lane, "b" * 32, seq, at, ClockQuality.SYNCED, PAYLOADS[lane]
            )
            seqs.append(seq)
        return seqs

    def rows(self, lane: Lane, *, after: int = -1, until: int | None = None, limit: int) -> list[Row]:
        chosen = [
            row
            for place, row in sorted(self.kept.items())
            if row.lane is lane and place > after and (until is None or place <= until)
        ]
        return chosen[:limit]

    def newest_place(self, lane: Lane) -> int:
        return max(
            (place for place, row in self.kept.items() if row.lane is lane), default=place_of(lane, 0, 0) - 1
        )

    def forget(self, seqs) -> Ack:
        self.kept = {place: row for place, row in self.kept.items() if row.seq not in set(seqs)}
        return Ack(epoch="a" * 16, ranges=ranges_of(list(seqs)))


@pytest.fixture
def memory_rows() -> MemoryRows:
    return MemoryRows()
