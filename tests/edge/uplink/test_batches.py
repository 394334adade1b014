"""Packing rows into messages."""

from edge.uplink.batches import pack
from edge.wire.messages import (
    MAX_BATCH_RECORDS,
    MAX_RECORDS_BYTES,
    Record,
    Records,
    decode_body,
    decode_records,
    encode,
)
from edge.wire.records.bodies import Lane


def test_a_batch_is_byte_for_byte_the_encoded_message(memory_rows) -> None:
    for lane in Lane:
        memory_rows.add(lane, 7)
        rows = memory_rows.rows(lane, limit=100)
        batch = pack(rows)
        records = tuple(
            Record(
                seq=row.seq,
                at=row.at,
                clock=row.clock,
                boot_id=row.boot_id,
                mono_ns=row.mono_ns,
                body=decode_body(row.payload),
            )
            for row in rows
        )
        assert batch.payload == encode(Records(epoch="a" * 16, lane=lane, records=records))
        assert decode_records(batch.payload).records == records
        assert batch.seqs == tuple(row.seq for row in rows)
        assert (batch.first_place, batch.last_place) == (rows[0].place, rows[-1].place)


def test_a_batch_ends_at_its_size_its_count_and_its_epoch(memory_rows) -> None:
    memory_rows.add(Lane.TELEMETRY, 2000)
    rows = memory_rows.rows(Lane.TELEMETRY, limit=2000)
    batch = pack(rows)
    assert MAX_RECORDS_BYTES - 400 < len(batch.payload) <= MAX_RECORDS_BYTES
    assert len(decode_records(batch.payload).records) <= MAX_BATCH_RECORDS
    assert len(pack(rows, max_bytes=10**9).seqs) == MAX_BATCH_RECORDS
    assert len(pack(rows, max_bytes=10).seqs) == 1

    memory_rows.add(Lane.EVENT, 3)
    memory_rows.add(Lane.EVENT, 3, epoch="c" * 16, generation=1)
    assert len(pack(memory_rows.rows(Lane.EVENT, limit=10)).seqs) == 3
