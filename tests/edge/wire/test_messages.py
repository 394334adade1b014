"""Messages: read back what was written, and refuse everything that is not ours."""

import itertools
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire import messages
from edge.wire.messages import DecodeError, Record, Records
from edge.wire.records import bodies
from edge.wire.records.bodies import ClockQuality, Lane, SensorReading

RECORDED = Path(__file__).parents[2] / "data" / "wire"
AT = datetime(2026, 11, 21, 0, 14, 9, 123456, tzinfo=UTC)


def record(seq: int = 1, body: bodies.Body | None = None) -> Record:
    return Record(
        seq=seq,
        at=AT,
        clock=ClockQuality.SYNCED,
        boot_id="0" * 32,
        mono_ns=5,
        body=body or SensorReading(sensor="kapuas", quantity="water_level_m", value=1.25),
    )


def records(*items: Record, lane: Lane = Lane.TELEMETRY) -> Records:
    return Records(epoch="00000000000000aa", lane=lane, records=items or (record(),))


def test_records_are_read_back() -> None:
    batch = records(record(1), record(2))
    assert messages.decode_records(messages.encode(batch)) == batch


def test_every_body_has_a_lane_and_a_kind_of_its_own() -> None:
    shapes = set(bodies.Body.__args__)  # type: ignore[attr-defined]  # a union knows its parts
    assert set(bodies.LANE_OF_BODY) == shapes
    assert len({shape.__struct_config__.tag for shape in shapes}) == len(shapes)


def test_an_instant_without_zone_is_refused_and_another_zone_is_the_same_instant() -> None:
    wire = messages.encode(records())
    with pytest.raises(DecodeError, match="timezone"):
        messages.decode_records(wire.replace(b"123456Z", b"123456"))
    other = messages.decode_records(wire.replace(b"00:14:09.123456Z", b"07:14:09.123456+07:00"))
    assert other.records[0].at == AT
    assert other.records[0].at.tzinfo == timezone(timedelta(hours=7))


# What a JSON decoder without schema lets through (measured 2026-11), and more.
HOSTILE: dict[str, bytes] = {
    "not json": b"\xff\xfe\x00",
    "empty": b"",
    "null": b"null",
    "a list": b"[]",
    "brackets": b"[" * 60_000,
    "too large": b" " * (messages.MAX_RECORDS_BYTES + 1),
    "cut short": messages.encode(records())[:-9],
    "nan": messages.encode(records()).replace(b"1.25", b"NaN"),
    "infinity": messages.encode(records()).replace(b"1.25", b"Infinity"),
    "overflowing number": messages.encode(records()).replace(b"1.25", b"1e999"),
    "lone surrogate": messages.encode(records()).replace(b'"kapuas"', b'"\\ud800"'),
    "nul": messages.encode(records()).replace(b'"kapuas"', b'"a\\u0000b"'),
    "bool as number": messages.encode(records()).replace(b'"seq":1', b'"seq":true'),
    "string as number": messages.encode(records()).replace(b'"seq":1', b'"seq":"1"'),
    "negative seq": messages.encode(records()).replace(b'"seq":1', b'"seq":-1'),
    "seq zero": messages.encode(records()).replace(b'"seq":1', b'"seq":0'),
    "seq past 64 bit": messages.encode(records()).replace(b'"seq":1', b'"seq":9223372036854775808'),
    "extra key": messages.encode(records()).replace(b'"seq":1', b'"seq":1,"admin":true'),
    "unknown kind": messages.encode(records()).replace(b"sensor-reading", b"root-shell"),
    "markup in an id": messages.encode(records()).replace(b'"kapuas"', b'"<script>"'),
    "newline in an id": messages.encode(records()).replace(b'"kapuas"', b'"kapuas\\n"'),
    "trailing bytes": messages.encode(records()) + b"{}",
    "wrong lane": messages.encode(records()).replace(b'"telemetry"', b'"attendance"'),
    "no records": messages.encode(records()).replace(messages.encode(record()), b""),
    "a seq twice": messages.encode(records(record(3), record(3))),
    "future version": messages.encode(records()).replace(b'"v":1', b'"v":2'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_payload_is_named_and_refused(name: str) -> None:
    with pytest.raises(DecodeError) as caught:
        messages.decode_records(HOSTILE[name])
    assert 0 < len(str(caught.value)) <= 300


@given(st.binary(max_size=400))
def test_no_bytes_whatever_raise_anything_but_a_decode_error(payload: bytes) -> None:
    for decode in (
        messages.decode_records,
        messages.decode_state,
        messages.decode_ack,
        messages.decode_command,
        messages.decode_reply,
        messages.decode_desired,
        messages.decode_body,
    ):
        with pytest.raises(DecodeError):
            decode(payload)


def test_an_acknowledgement_is_read_back_and_a_reversed_range_refused() -> None:
    ack = messages.Ack(epoch="00000000000000aa", ranges=((1, 4), (9, 9)))
    assert messages.decode_ack(messages.encode(ack)) == ack
    with pytest.raises(DecodeError, match="4-1 ends before it begins"):
        messages.decode_ack(messages.encode(messages.Ack(epoch="00000000000000aa", ranges=((4, 1),))))


@given(st.lists(st.integers(1, 50)))
def test_ranges_cover_exactly_the_seqs(seqs: list[int]) -> None:
    ranges = messages.ranges_of(seqs)
    assert {seq for first, last in ranges for seq in range(first, last + 1)} == set(seqs)
    assert all(later[0] > earlier[1] + 1 for earlier, later in itertools.pairwise(ranges))


DECODERS = {
    "records": messages.decode_records,
    "state": messages.decode_state,
    "ack": messages.decode_ack,
    "cmd": messages.decode_command,
    "reply": messages.decode_reply,
    "desired": messages.decode_desired,
}


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_a_message_recorded_from_old_firmware_is_still_readable(path: Path) -> None:
    decode = DECODERS[path.stem.split("--")[0]]
    message = decode(path.read_bytes())
    assert holds(json.loads(msgspec.json.encode(message)), json.loads(path.read_bytes()))


def holds(whole: Any, old: Any) -> bool:
    """Return whether everything in ``old`` is in ``whole``, which may have more keys at any depth."""
    match whole, old:
        case dict(), dict():
            return all(key in whole and holds(whole[key], value) for key, value in old.items())
        case list(), list():
            return len(whole) == len(old) and all(map(holds, whole, old))
        case _:
            return bool(whole == old)


def test_there_is_a_recorded_message_of_every_kind() -> None:
    told = {path.stem.split("--")[1] for path in RECORDED.glob("*.json")}
    tags = {shape.__struct_config__.tag for shape in bodies.LANE_OF_BODY}
    tags |= {"online", "offline", "take-still", "run-selftest", "set-interval", "reply", "ack", "desired"}
    tags |= {"tell-settings", "learn-scale", "save-background", "count-with-me", "show-overlay"}
    tags |= {"keep-clip", "send-clip", "send-live", "send-thumbs", "steer"}
    tags |= {"tell-stream", "mend-stream"}
    assert told == tags
