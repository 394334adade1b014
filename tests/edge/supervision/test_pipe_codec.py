"""What a worker may put into the pipe, and what it may not."""

import pickle
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from edge.supervision.messages import Beat, DoorScreen, Faulted, Said, StillTaken, Told
from edge.supervision.pipe_codec import GarbageError, clean_detail, decode, encode_message, is_acceptable
from edge.wire.messages import MAX_STILL_BYTES
from edge.wire.records.bodies import (
    Assurance,
    CameraFault,
    CameraIntegrity,
    HadirScan,
    PictureState,
    ScanMethod,
    SensorReading,
)

AT = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
READING = SensorReading(sensor="a", quantity="x", value=1.5)
SCAN = HadirScan(
    door="a",
    person=1,
    method=ScanMethod.PHONE,
    assurance=Assurance.STRONG,
    issued_at=AT,
    token="0" * 32,
    roster_version=3,
    flags=("clock-unknown",),
)


@pytest.mark.parametrize(
    "message",
    [
        Beat(frames=3, pts_s=1.5),
        Said(body=READING, at=AT, mono_ns=5, ticket=7),
        Said(body=SCAN, at=AT, mono_ns=5),
        Said(body=CameraIntegrity(camera="c", picture=PictureState.BLACK), at=AT, mono_ns=0),
        StillTaken(camera="c", jpeg=b"\xff\xd8", at=AT),
        Faulted(CameraFault.REFUSED, "no"),
        Told("H00", "Selamat pagi, Budi.", "Budi", "MASUK 07.14", "tepat waktu"),
        DoorScreen("123", ("Jam perangkat diperkirakan",), True, False),
        DoorScreen(),
    ],
)
def test_every_message_of_a_worker_comes_through(message: Any) -> None:
    assert decode(encode_message(message)) == message


@pytest.mark.parametrize(
    "message",
    [
        Beat(frames="many", pts_s=0),  # type: ignore[arg-type] - what a broken worker might send
        Said(body=READING, at=AT.replace(tzinfo=None), mono_ns=1),
        Said(body=READING, at=AT, mono_ns=-1),
        Said(body=READING, at=AT, mono_ns=2**63),
        Said(body=READING, at=AT, mono_ns=1, ticket=-1),
        Told("XX9", "text"),
        Told("H00", "t" * 201),
        Told("H00", "text", name=7),  # type: ignore[arg-type] - as above
        DoorScreen(challenge="12"),
        DoorScreen(footers=("a",) * 5),
        DoorScreen(footers=(1,)),  # type: ignore[arg-type] - as above
        Said(body="words", at=AT, mono_ns=1),  # type: ignore[arg-type] - as above
        Said(body=SensorReading(sensor="a", quantity="x", value=float("nan")), at=AT, mono_ns=1),
        Said(body=SensorReading(sensor="NOT AN ID", quantity="x", value=1), at=AT, mono_ns=1),
        StillTaken(camera="c", jpeg=b"", at=AT),
        StillTaken(camera="c", jpeg=bytes(MAX_STILL_BYTES + 1), at=AT),
        Faulted("broken", "x"),  # type: ignore[arg-type] - as above
    ],
    ids=lambda message: repr(message).partition(" at 0x")[0][:60],
)
def test_impossible_values_are_garbage(message: Any) -> None:
    with pytest.raises(GarbageError):
        decode(encode_message(message))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00",
        b"\xff\x80",
        pickle.dumps(Beat(frames=3, pts_s=1.5)),
        encode_message(Beat(frames=3, pts_s=1.5)) + b"more",
        b"\x01" + b"\x91" * 100_000,
        # Four gigabytes of text, a list of four thousand million things: none of it is there.
        b"\x05\x82\xa5fault\xdb\xff\xff\xff\xff",
        b"\x07\x81\xa7footers\xdd\xff\xff\xff\xff",
    ],
    ids=["nothing", "a kind alone", "no kind", "a pickle", "too much", "deep", "long text", "long list"],
)
def test_what_is_no_message_is_garbage(payload: bytes) -> None:
    with pytest.raises(GarbageError):
        decode(payload)


def test_broken_messages_are_garbage_and_nothing_else() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    whole = encode_message(Said(body=SCAN, at=AT, mono_ns=5))
    refused = 0
    for _ in range(2_000):
        broken = bytearray(whole)
        broken[chance.randrange(len(broken))] ^= chance.randrange(1, 256)
        try:
            decode(bytes(broken))
        except GarbageError:
            refused += 1
    assert refused > 500


def test_a_body_that_has_no_json_is_refused() -> None:
    assert is_acceptable(READING)
    assert not is_acceptable(SensorReading(sensor="a", quantity="x", value=object()))  # type: ignore[arg-type] - as above
    assert not is_acceptable(42)


def test_a_detail_becomes_one_short_printable_line() -> None:
    assert clean_detail("line\none\x00" + "x" * 900) == ("line one " + "x" * 900)[:500]
