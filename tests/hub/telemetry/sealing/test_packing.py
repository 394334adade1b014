"""Chunks of columns: what goes in comes out, and damage is noticed."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.telemetry.sealing.packing import Columns, pack_columns, unpack_columns

INT64 = st.integers(-(2**63), 2**63 - 1)
ROWS = st.integers(0, 4).flatmap(
    lambda width: st.lists(st.tuples(INT64, INT64, *[st.floats(allow_nan=True)] * width), max_size=30).map(
        lambda rows: (width, rows)
    )
)


@given(ROWS)
def test_columns_come_back_to_the_bit(drawn: tuple[int, list[tuple[float, ...]]]) -> None:
    width, rows = drawn
    values = np.array([row[2:] for row in rows], np.float64).reshape(len(rows), width)
    columns = Columns(
        np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.int64), values
    )
    back = unpack_columns(pack_columns(columns))
    assert np.array_equal(back.at_ms, columns.at_ms)
    assert np.array_equal(back.rank, columns.rank)
    # Minus zero may come back as zero.
    assert np.array_equal(back.values, columns.values, equal_nan=True)


def test_a_day_of_a_minute_counter_takes_two_bytes_a_row() -> None:
    minutes = np.arange(1440, dtype=np.int64)
    counts = (minutes * 7 % 13).astype(np.float64).reshape(-1, 1)
    chunk = pack_columns(Columns(minutes * 60_000, minutes, counts))
    assert len(chunk) < 2 * 1440


@pytest.mark.parametrize(
    "chunk",
    [
        b"",
        b"P1",
        struct.pack("<2sHI", b"P1", 1, 5) + b"no zlib",
        struct.pack("<2sHI", b"P1", 1, 5) + zlib.compress(b"too short"),
        struct.pack("<2sHI", b"XX", 0, 0) + zlib.compress(b""),
    ],
)
def test_what_is_no_chunk_is_refused(chunk: bytes) -> None:
    with pytest.raises(ValueError, match="not a sealed chunk"):
        unpack_columns(chunk)
