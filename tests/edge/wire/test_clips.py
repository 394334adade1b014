"""Pieces of a clip: their heads are read back, and nothing that does not fit is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.clips import (
    CLIP_ID_PATTERN,
    CLIP_PIECE_BYTES,
    MAX_CLIP_BYTES,
    MAX_CLIP_PIECES,
    PieceError,
    PieceHead,
    is_clip_id,
    piece_length,
    read_head,
)

CLIP = "20261121t001359z-0badcafe"
SHA = "ab" * 32


def head(**changes: object) -> list[tuple[str, str]]:
    told = {"clip": CLIP, "piece": "0", "bytes": "100", "sha256": SHA} | changes
    return [(name, str(value)) for name, value in told.items() if value is not None]


@given(
    clip=st.from_regex(CLIP_ID_PATTERN),
    size_bytes=st.integers(1, MAX_CLIP_BYTES),
    place=st.floats(0, 1, exclude_max=True),
)
def test_a_head_is_read_back_and_the_pieces_are_the_file(clip: str, size_bytes: int, place: float) -> None:
    count = PieceHead(clip, 0, size_bytes, SHA).count
    assert 1 <= count <= MAX_CLIP_PIECES
    assert sum(piece_length(number, size_bytes) for number in range(count)) == size_bytes
    written = PieceHead(clip, int(place * count), size_bytes, SHA)
    length = piece_length(written.number, size_bytes)
    assert read_head(written.properties(), payload_bytes=length) == written
    with pytest.raises(PieceError, match="bytes"):
        read_head(written.properties(), payload_bytes=length + 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clip": None}, "'clip' is missing"),
        ({"clip": "../../../etc/passwd"}, "'clip' is missing or malformed"),
        ({"clip": CLIP + "\n"}, "'clip' is missing or malformed"),
        ({"piece": "-1"}, "'piece' is missing or malformed"),
        ({"piece": "00"}, "'piece' is missing or malformed"),
        ({"piece": "١"}, "'piece' is missing or malformed"),
        ({"piece": "1"}, "piece 1 of 1"),
        ({"bytes": "0"}, "a clip of 0 bytes"),
        ({"bytes": str(MAX_CLIP_BYTES + 1)}, "a clip of 33554433 bytes"),
        ({"bytes": "9" * 40}, "'bytes' is missing or malformed"),
        ({"bytes": str(CLIP_PIECE_BYTES)}, "piece 0 has 100 bytes"),
        ({"sha256": SHA.upper()}, "'sha256' is missing or malformed"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(PieceError, match=reason):
        read_head(head(**changes), payload_bytes=100)


def test_a_property_that_is_there_twice_is_refused_and_a_strange_one_passed_over() -> None:
    assert read_head([*head(), ("x", "y")], payload_bytes=100).clip == CLIP
    with pytest.raises(PieceError, match="twice"):
        read_head([*head(), ("clip", CLIP)], payload_bytes=100)


def test_only_a_clip_id_may_name_a_file() -> None:
    assert is_clip_id(CLIP)
    assert not any(map(is_clip_id, ("", "..", CLIP + "/..", CLIP + "\n", CLIP.upper())))
