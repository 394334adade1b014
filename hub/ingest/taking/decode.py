"""Bytes of ``records`` to records with checksums; pure, no I/O.

The whole message is decoded strictly. Only when that fails it is taken apart record by record,
so that one bad record does not lose its neighbours.
"""

from typing import Annotated
from zlib import crc32

import msgspec

from edge.wire.messages import MAX_BATCH_RECORDS, DecodeError, Record, decode_records
from edge.wire.records.bodies import LANE_OF_BODY, Epoch, Lane, Seq


class BadRecord(msgspec.Struct, frozen=True):
    """A record that is none; ``seq`` is ``None`` where not even that can be read."""

    seq: int | None
    reason: str
    raw: bytes


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """What a message holds: good records with the CRC-32 of each body as sent, and bad ones."""

    epoch: str
    records: tuple[Record, ...]
    body_crc32s: tuple[int, ...]
    bad: tuple[BadRecord, ...] = ()


class _RawBody(msgspec.Struct, frozen=True):
    body: msgspec.Raw


class _RawBodies(msgspec.Struct, frozen=True):
    records: tuple[_RawBody, ...]


class _RawBatch(msgspec.Struct, frozen=True):
    epoch: Epoch
    lane: Lane | None = None
    records: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=MAX_BATCH_RECORDS)] = ()


class _Numbered(msgspec.Struct, frozen=True):
    seq: Seq


_raw_bodies = msgspec.json.Decoder(_RawBodies)
_raw_body = msgspec.json.Decoder(_RawBody)
_raw_batch = msgspec.json.Decoder(_RawBatch)
_record = msgspec.json.Decoder(Record, strict=True)
_numbered = msgspec.json.Decoder(_Numbered)

# Everything msgspec raises for bytes that are not what they should be.
_NOT_READABLE = (msgspec.MsgspecError, ValueError, RecursionError)


def decode_message(payload: bytes) -> Decoded:
    """Decode what came on ``records``.

    Raises:
        DecodeError: not even the epoch can be read; nothing of it can be acknowledged.
    """
    try:
        batch = decode_records(payload)
    except DecodeError as error:
        return _decode_singly(payload, str(error))
    bodies = _raw_bodies.decode(payload).records
    return Decoded(
        epoch=batch.epoch,
        records=batch.records,
        body_crc32s=tuple(crc32(raw.body) for raw in bodies),
    )


def _decode_singly(payload: bytes, reason: str) -> Decoded:
    try:
        batch = _raw_batch.decode(payload)
    except _NOT_READABLE:
        raise DecodeError(reason) from None
    records: dict[int, Record] = {}
    crcs: list[int] = []
    bad: list[BadRecord] = []
    for raw in batch.records:
        try:
            record = _decode_record(bytes(raw), batch.lane, records)
        except DecodeError as error:
            bad.append(BadRecord(_seq_of(raw), str(error), bytes(raw)))
        else:
            records[record.seq] = record
            crcs.append(crc32(_raw_body.decode(raw).body))
    if not bad:
        # Each record is well, the message round them is not: too large, an unknown key.
        bad.append(BadRecord(None, reason, payload))
    return Decoded(
        epoch=batch.epoch, records=tuple(records.values()), body_crc32s=tuple(crcs), bad=tuple(bad)
    )


def _decode_record(raw: bytes, lane: Lane | None, before: dict[int, Record]) -> Record:
    try:
        record = _record.decode(raw)
    except _NOT_READABLE as error:
        raise DecodeError(str(error)[:300]) from error
    if LANE_OF_BODY[type(record.body)] is not lane:
        raise DecodeError(f"{type(record.body).__name__} in lane {lane}")
    if record.seq in before:
        raise DecodeError("its seq occurs twice in one message")
    return record


def _seq_of(raw: msgspec.Raw) -> int | None:
    try:
        return _numbered.decode(raw).seq
    except _NOT_READABLE:
        return None
