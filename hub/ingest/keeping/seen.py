"""Which (device, epoch, seq) are in: the dedupe, in the same transaction as the rows.

A watermark and one bit a seq above it, in blocks: lanes drain out of order and thinned outboxes
leave holes for ever, and a list of ranges would grow with the holes. Never looks at times.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.bulk import BulkInsert, BulkSelect
from hub.ingest.models import IngestSeen

BLOCK_SEQS = 4096
_FULL = b"\xff" * (BLOCK_SEQS // 8)

Stream = tuple[str, str]  # device, epoch
_Block = tuple[str, str, int]  # device, epoch, seq // BLOCK_SEQS

_STREAM_KEY = (("device", "text"), ("epoch", "text"))
_BLOCK_KEY = (*_STREAM_KEY, ("block", "bigint"))
_add_streams = BulkInsert("ingest_stream", (*_STREAM_KEY, ("watermark", "bigint")), "ON CONFLICT DO NOTHING")
# The lock lets two hub processes share a device without counting a record twice.
_read_streams = BulkSelect("ingest_stream", _STREAM_KEY, ("watermark",), for_update=True)
_raise_watermarks = BulkInsert(
    "ingest_stream",
    (*_STREAM_KEY, ("watermark", "bigint")),
    "ON CONFLICT (device, epoch) DO UPDATE SET watermark = excluded.watermark",
)
_read_blocks = BulkSelect("ingest_seen", _BLOCK_KEY, ("bits",))
_write_blocks = BulkInsert(
    "ingest_seen",
    (*_BLOCK_KEY, ("bits", "bytea")),
    "ON CONFLICT (device, epoch, block) DO UPDATE SET bits = excluded.bits",
)


def claim(session: Session, seqs: Mapping[Stream, Iterable[int]]) -> dict[Stream, set[int]]:
    """Mark seqs as seen and return those that were not.

    Args:
        session: The transaction that will also keep the records.
        seqs: Of each stream, what came; repetitions are allowed.
    """
    watermarks = _watermarks(session, sorted(seqs))
    wanted: dict[_Block, set[int]] = defaultdict(set)
    for stream, numbers in seqs.items():
        for seq in numbers:
            if seq >= watermarks[stream]:
                wanted[(*stream, seq // BLOCK_SEQS)].add(seq)
    blocks = _blocks(session, list(wanted))
    fresh: dict[Stream, set[int]] = {stream: set() for stream in seqs}
    for key, numbers in wanted.items():
        fresh[key[0], key[1]].update(_set_bits(blocks[key], numbers))
    _store(session, blocks, watermarks)
    return fresh


def _watermarks(session: Session, streams: list[Stream]) -> dict[Stream, int]:
    _add_streams.run(session, [(*stream, 0) for stream in streams])
    return {(row[0], row[1]): row[2] for row in _read_streams.run(session, streams)}


def _blocks(session: Session, keys: list[_Block]) -> dict[_Block, bytearray]:
    blocks = {key: bytearray(BLOCK_SEQS // 8) for key in keys}
    for device, epoch, block, bits in _read_blocks.run(session, keys):
        blocks[device, epoch, block] = bytearray(bits)
    return blocks


def _set_bits(bits: bytearray, seqs: set[int]) -> list[int]:
    fresh: list[int] = []
    for seq in seqs:
        place, mask = (seq % BLOCK_SEQS) >> 3, 1 << (seq & 7)
        if not bits[place] & mask:
            bits[place] |= mask
            fresh.append(seq)
    return fresh


def _store(session: Session, blocks: dict[_Block, bytearray], watermarks: dict[Stream, int]) -> None:
    full: list[_Block] = []
    for key in sorted(blocks):
        if key[2] == 0:
            blocks[key][0] |= 1  # seq 0 does not exist
        if blocks[key] == _FULL:
            full.append(key)
    rows = [(*key, bytes(bits)) for key, bits in blocks.items()]
    _write_blocks.run(session, rows)
    if full:
        _raise_over(session, full, watermarks)


def _raise_over(session: Session, full: list[_Block], watermarks: dict[Stream, int]) -> None:
    raised: dict[Stream, int] = {}
    for device, epoch, block in full:
        stream = (device, epoch)
        mark = raised.get(stream, watermarks[stream])
        if block * BLOCK_SEQS == mark:
            raised[stream] = _first_hole(session, stream, block) * BLOCK_SEQS
    _raise_watermarks.run(session, [(*stream, mark) for stream, mark in raised.items()])
    for (device, epoch), mark in raised.items():
        session.execute(
            delete(IngestSeen).where(
                IngestSeen.device == device,
                IngestSeen.epoch == epoch,
                IngestSeen.block < mark // BLOCK_SEQS,
            )
        )


def _first_hole(session: Session, stream: Stream, block: int) -> int:
    while True:
        rows = _read_blocks.run(session, [(*stream, block)])
        if not rows or bytes(rows[0][3]) != _FULL:
            return block
        block += 1
