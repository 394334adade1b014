"""Pieces of live video: what goes in comes out, and rubbish is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.live import MAX_LIVE_BYTES, MOST, LiveError, LiveKind, LivePiece, pack_live, unpack_live


@given(
    st.sampled_from(LiveKind),
    st.integers(0, MOST),
    st.integers(0, MOST),
    st.binary(min_size=1, max_size=64),
    st.booleans(),
)
def test_a_piece_survives_its_journey(
    kind: LiveKind, stream: int, number: int, data: bytes, is_main: bool
) -> None:
    piece = LivePiece(kind, stream, number, data, is_main)
    assert unpack_live(pack_live(piece)) == piece


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (b"", "a piece of 0 bytes"),
        (bytes(9), "a piece of 9 bytes"),
        (b"\x07" + bytes(20), "a piece of kind 7"),
        (bytes(MAX_LIVE_BYTES + 1), "1000001 bytes"),
    ],
)
def test_rubbish_is_named(payload: bytes, complaint: str) -> None:
    with pytest.raises(LiveError, match=complaint):
        unpack_live(payload)
