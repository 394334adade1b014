"""Messages to records: strict, and leaving no neighbour behind."""

from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.messages import MAX_RECORDS_BYTES, DecodeError, encode
from hub.ingest.taking.decode import decode_message
from tests.hub.ingest.rig import EPOCH, SAMPLES, batch_of, reading, record_of


def test_the_checksum_is_that_of_the_bytes_as_sent() -> None:
    payload = batch_of(reading(1)).replace(b'"value":1.5', b'"value" : 1.50')
    (crc,) = decode_message(payload).body_crc32s
    start = payload.index(b'{"kind"')
    assert crc == crc32(payload[start : payload.index(b"}", start) + 1])
    assert crc != crc32(encode(reading(1).body))


@pytest.mark.parametrize("body", SAMPLES, ids=lambda body: type(body).__name__)
def test_every_kind_is_decoded_with_its_checksum(body: object) -> None:
    decoded = decode_message(batch_of(record_of(body, 9)))  # type: ignore[arg-type]
    assert decoded.records == (record_of(body, 9),)  # type: ignore[arg-type]
    assert decoded.body_crc32s == (crc32(encode(body)),)  # type: ignore[arg-type]
    assert decoded.bad == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"seq":2,', b'"seq":2,"extra":1,', "unknown field"),
        (b'"seq":2,', b'"seq":1,', "its seq occurs twice"),
        (b'"value":2.0', b'"value":NaN', ""),
        (b'"value":2.0', b'"value":true', "float"),
        (b'"kind":"sensor-reading","sensor":"air-2"', b'"kind":"motion-event","camera":"c"', "unknown field"),
        (b'"kind":"sensor-reading","sensor":"air-2"', b'"kind":"new-thing"', "Invalid value"),
    ],
)
def test_a_bad_record_leaves_its_neighbours(old: bytes, new: bytes, reason: str) -> None:
    second = msgspec.structs.replace(
        reading(2), body=msgspec.structs.replace(reading(2).body, sensor="air-2", value=2.0)
    )
    payload = batch_of(reading(1), second, reading(3))
    assert old in payload
    if b"NaN" in new:  # not JSON at all: nothing can be told apart any more
        with pytest.raises(DecodeError):
            decode_message(payload.replace(old, new))
        return
    decoded = decode_message(payload.replace(old, new))
    assert [record.seq for record in decoded.records] == [1, 3]
    (bad,) = decoded.bad
    assert reason in bad.reason
    assert bad.seq == (1 if "twice" in reason else 2)


def test_a_record_in_the_wrong_lane_is_bad() -> None:
    payload = batch_of(reading(1)).replace(b'"lane":"telemetry"', b'"lane":"attendance"')
    decoded = decode_message(payload)
    assert decoded.records == ()
    assert [(bad.seq, bad.reason) for bad in decoded.bad] == [(1, "SensorReading in lane attendance")]


def test_a_bad_record_without_a_number_cannot_be_acknowledged() -> None:
    payload = batch_of(reading(1), reading(2)).replace(b'"seq":2', b'"seq":-2')
    decoded = decode_message(payload)
    assert [record.seq for record in decoded.records] == [1]
    assert [bad.seq for bad in decoded.bad] == [None]


def test_a_message_that_is_too_large_keeps_its_good_records_and_is_named() -> None:
    payload = batch_of(reading(1)) + b" " * MAX_RECORDS_BYTES
    decoded = decode_message(payload)
    assert [record.seq for record in decoded.records] == [1]
    (bad,) = decoded.bad
    assert (bad.seq, bad.raw) == (None, payload)
    assert "bytes, more than" in bad.reason


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b"{}", b"\xff", b'{"epoch":"x"}', b"[" * 100_000])
def test_what_has_no_epoch_is_no_message(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_message(payload)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_end_in_another_error(payload: bytes) -> None:
    for attempt in (payload, f'{{"epoch":"{EPOCH}","lane":"event","records":['.encode() + payload + b"]}"):
        try:
            decode_message(attempt)
        except DecodeError:
            continue
