"""The envelopes that cross the broker, and their strict coding.

JSON of frozen msgspec structs: unknown keys, wrong types, NaN and out-of-range numbers are
errors. The JSON Schema of all of this is ``docs/wire/schema.json``.
"""

from enum import StrEnum
from typing import Annotated, Any, cast

import msgspec

# One vocabulary for every reader: commands lie beside, and are had from here.
from edge.wire.commands import CameraOrder as CameraOrder
from edge.wire.commands import Command as Command
from edge.wire.commands import CountWithMe as CountWithMe
from edge.wire.commands import GoToPreset as GoToPreset
from edge.wire.commands import KeepClip as KeepClip
from edge.wire.commands import LearnScale as LearnScale
from edge.wire.commands import MendStream as MendStream
from edge.wire.commands import RunSelftest as RunSelftest
from edge.wire.commands import SaveBackground as SaveBackground
from edge.wire.commands import SendClip as SendClip
from edge.wire.commands import SendLive as SendLive
from edge.wire.commands import SendThumbs as SendThumbs
from edge.wire.commands import SetInterval as SetInterval
from edge.wire.commands import ShowOverlay as ShowOverlay
from edge.wire.commands import Steer as Steer
from edge.wire.commands import TakeStill as TakeStill
from edge.wire.commands import TellPresets as TellPresets
from edge.wire.commands import TellSettings as TellSettings
from edge.wire.commands import TellStream as TellStream
from edge.wire.records.bodies import (
    LANE_OF_BODY,
    Body,
    BootId,
    ClockQuality,
    Count,
    Epoch,
    Instant,
    Lane,
    Message,
    Seconds,
    Seq,
    ShortText,
    SourceId,
    Text,
)

# Far below what the broker lets pass, so that no setting of it can bite.
MAX_RECORDS_BYTES = 65_536
MAX_BODY_BYTES = 16_384
MAX_STILL_BYTES = 200_000
MAX_BATCH_RECORDS = 500

# --- device to hub ------------------------------------------------------------------------------


class Record(Message, frozen=True):
    """One thing a device saw, with all that is known of when.

    The key of a record is (device, epoch, seq): never its time.
    """

    seq: Seq
    at: Instant
    clock: ClockQuality
    boot_id: BootId
    mono_ns: Count
    body: Body


class Records(Message, frozen=True):
    """What a device publishes on ``records``: some rows of one lane of its outbox."""

    epoch: Epoch
    lane: Lane
    records: Annotated[tuple[Record, ...], msgspec.Meta(min_length=1, max_length=MAX_BATCH_RECORDS)]
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class Online(Message, tag="online", tag_field="kind", frozen=True):
    """A device came up, or its connection did."""

    epoch: Epoch
    boot_id: BootId
    at: Instant
    clock: ClockQuality
    firmware: ShortText
    hardware: ShortText
    uptime_s: Seconds
    cameras: Annotated[tuple[SourceId, ...], msgspec.Meta(max_length=32)] = ()
    doors: Annotated[tuple[SourceId, ...], msgspec.Meta(max_length=8)] = ()
    sensors: Annotated[tuple[SourceId, ...], msgspec.Meta(max_length=64)] = ()
    roster_version: Count = 0
    config_version: Count = 0
    # Serial number of the certificate in use, hexadecimal; empty: from before it was said.
    certificate: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{0,40}\Z")] = ""
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class OfflineReason(StrEnum):
    """Why a device says it is gone."""

    WILL = "will"  # said by the broker in the device's name
    STOPPED = "stopped"
    POWER = "power"  # last gasp


class Offline(Message, tag="offline", tag_field="kind", frozen=True):
    """A device is gone."""

    boot_id: BootId
    reason: OfflineReason
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


State = Online | Offline


class Reply(Message, frozen=True):
    """The answer to a command; ``detail`` is for a person, ``values`` for a screen."""

    command: ShortText
    is_done: bool
    detail: Text = ""
    values: dict[ShortText, float | str | bool] = msgspec.field(default_factory=dict)
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


# --- hub to device ------------------------------------------------------------------------------


class Ack(Message, frozen=True):
    """Rows that are committed at the hub; the device may now delete them.

    ``ranges`` are inclusive and need not be in order.
    """

    epoch: Epoch
    ranges: Annotated[tuple[tuple[Seq, Seq], ...], msgspec.Meta(max_length=2_000)]
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class Desired(Message, frozen=True):
    """A document the hub wants a device to have: signed, and sealed to the device's key.

    ``sealed`` and ``signature`` are base64; see :mod:`edge.wire.desired`.
    """

    document: ShortText
    version: Count
    sealed: Annotated[str, msgspec.Meta(max_length=1_500_000)]
    signature: Annotated[str, msgspec.Meta(max_length=128)]
    v: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


# --- coding -------------------------------------------------------------------------------------


class DecodeError(ValueError):
    """Bytes that are not the message they should be; says where and why."""


_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {
    shape: msgspec.json.Decoder(shape, strict=True)
    for shape in (Records, State, Ack, Command, Reply, Desired, Body)
}


def encode(message: msgspec.Struct) -> bytes:
    """Return the UTF-8 JSON of a message."""
    return _encoder.encode(message)


def _decode(payload: bytes, shape: Any) -> Any:
    try:
        return _decoders[shape].decode(payload)
    # A bomb of brackets ends in RecursionError, which is no ValueError.
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DecodeError(str(error)[:300]) from error


def decode_records(payload: bytes) -> Records:
    """Decode what came on ``records``.

    Raises:
        DecodeError: not strict JSON of :class:`Records`, larger than ``MAX_RECORDS_BYTES``,
            a body in the wrong lane, or a seq that occurs twice.
    """
    if len(payload) > MAX_RECORDS_BYTES:
        raise DecodeError(f"{len(payload)} bytes, more than {MAX_RECORDS_BYTES}")
    batch: Records = _decode(payload, Records)
    for record in batch.records:
        if LANE_OF_BODY[type(record.body)] is not batch.lane:
            raise DecodeError(f"seq {record.seq}: {type(record.body).__name__} in lane {batch.lane}")
    if len({record.seq for record in batch.records}) != len(batch.records):
        raise DecodeError("a seq occurs twice in one message")
    return batch


def decode_state(payload: bytes) -> State:
    """Decode what came on ``state``. Raises :class:`DecodeError`."""
    return cast(State, _decode(payload, State))


def decode_ack(payload: bytes) -> Ack:
    """Decode what came on ``ack``.

    Raises:
        DecodeError: malformed, or a range that ends before it begins.
    """
    ack: Ack = _decode(payload, Ack)
    for first, last in ack.ranges:
        if last < first:
            raise DecodeError(f"range {first}-{last} ends before it begins")
    return ack


def decode_command(payload: bytes) -> Command:
    """Decode what came on ``cmd``. Raises :class:`DecodeError`."""
    return cast(Command, _decode(payload, Command))


def decode_reply(payload: bytes) -> Reply:
    """Decode what came on ``reply``. Raises :class:`DecodeError`."""
    return cast(Reply, _decode(payload, Reply))


def decode_desired(payload: bytes) -> Desired:
    """Decode what came on ``desired``. Raises :class:`DecodeError`."""
    return cast(Desired, _decode(payload, Desired))


def decode_body(payload: bytes) -> Body:
    """Decode the stored body of one record. Raises :class:`DecodeError`."""
    return cast(Body, _decode(payload, Body))


def ranges_of(seqs: list[int]) -> tuple[tuple[int, int], ...]:
    """Return the inclusive ranges that cover exactly ``seqs``, in rising order."""
    ranges: list[tuple[int, int]] = []
    for seq in sorted(set(seqs)):
        if ranges and seq == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], seq)
        else:
            ranges.append((seq, seq))
    return tuple(ranges)
