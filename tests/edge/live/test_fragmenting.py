"""Packets to pieces that a player plays: one frame each, keys told, nothing decoded."""

import pytest

from edge.clips.remux import RemuxError
from edge.clips.ring import StreamShape
from edge.live.fragmenting import Fragmenter
from edge.wire.live import LiveKind
from tests.edge.clips.film import GROUP, decoded, film, packets_of


def test_the_pieces_together_play_every_frame_but_the_last() -> None:
    shape, packets = packets_of(film(seconds=3))
    fragmenter = Fragmenter(shape, stream=7)
    pieces = [piece for packet in packets for piece in fragmenter.feed(packet)]
    fragmenter.close()
    assert [piece.number for piece in pieces] == list(range(len(pieces)))
    assert {piece.stream for piece in pieces} == {7}
    assert pieces[0].kind is LiveKind.INIT
    kinds = [piece.kind for piece in pieces[1:]]
    assert len(kinds) == len(packets) - 1, "a fragment comes when the next packet does"
    assert [place for place, kind in enumerate(kinds) if kind is LiveKind.KEY] == [0, GROUP, 2 * GROUP]
    frames = decoded(b"".join(piece.data for piece in pieces))
    assert len(frames) == len(packets) - 1


def test_a_viewer_may_begin_at_any_key() -> None:
    shape, packets = packets_of(film(seconds=3))
    fragmenter = Fragmenter(shape, stream=7)
    init, *pieces = [piece for packet in packets for piece in fragmenter.feed(packet)]
    late = b"".join([init.data, *(piece.data for piece in pieces[GROUP:])])
    assert len(decoded(late)) == len(pieces) - GROUP


def test_a_codec_that_browsers_do_not_play_is_named_with_the_remedy() -> None:
    shape, _ = packets_of(film(seconds=0.5, codec="mjpeg"))
    with pytest.raises(RemuxError, match=r"sends MJPEG, browsers need H.264; set its codec"):
        Fragmenter(shape, stream=1)


def test_a_shape_that_is_none_is_an_error() -> None:
    with pytest.raises(RemuxError, match="h264"):
        Fragmenter(StreamShape("h264", 1 / 90_000, b"rubbish"), stream=1)


def test_closing_one_that_saw_nothing_is_quiet() -> None:
    shape, _ = packets_of(film(seconds=0.5))
    Fragmenter(shape, stream=1).close()
