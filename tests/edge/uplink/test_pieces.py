"""Clips on their way: one piece at a time, in any order, and nothing but what was asked for."""

import hashlib
import random
from pathlib import Path

import pytest

from edge.uplink.pieces import MOST_WAITING, OutgoingClip, OutgoingClips, Piece, outgoing_clip
from edge.wire.clips import CLIP_PIECE_BYTES, MAX_CLIP_BYTES, read_head

FILM = random.Random(7).randbytes(2 * CLIP_PIECE_BYTES + 77)


def clip_in(folder: Path, name: str = "20261121t001359z-0badcafe", *pieces: int) -> OutgoingClip:
    path = folder / f"{name}.mp4"
    path.write_bytes(FILM)
    return outgoing_clip("utara", path, pieces)


class Broker:
    """Takes pieces and numbers them."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def publish(self, piece: Piece) -> int:
        self.pieces.append(piece)
        return len(self.pieces)


def drain(clips: OutgoingClips, broker: Broker) -> None:
    before = -1
    while len(broker.pieces) > before:
        before = len(broker.pieces)
        clips.publish(broker.publish)
        clips.answered(len(broker.pieces), is_taken=True)


def test_the_pieces_are_the_file_and_say_so(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    assert clips.add(clip_in(tmp_path))
    drain(clips, broker)
    assert b"".join(piece.payload for piece in broker.pieces) == FILM
    for number, piece in enumerate(broker.pieces):
        head = read_head(piece.head.properties(), payload_bytes=len(piece.payload))
        assert (head.number, head.count, head.size_bytes) == (number, 3, len(FILM))
        assert head.sha256 == hashlib.sha256(FILM).hexdigest()
        assert piece.camera == "utara"


def test_only_the_pieces_that_are_missing_are_sent_again(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    clips.add(clip_in(tmp_path, "20261121t001359z-0badcafe", 2, 0, 2))
    drain(clips, broker)
    assert [piece.head.number for piece in broker.pieces] == [0, 2]


def test_one_piece_is_under_way_at_a_time(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    clips.add(clip_in(tmp_path))
    clips.publish(broker.publish)
    clips.publish(broker.publish)
    assert len(broker.pieces) == 1
    assert not clips.answered(99, is_taken=True), "the answer to a record"
    clips.publish(broker.publish)
    assert len(broker.pieces) == 1
    assert clips.answered(1, is_taken=True)
    clips.publish(broker.publish)
    assert len(broker.pieces) == 2


def test_when_nobody_listens_or_the_connection_ends_the_rest_is_dropped(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    clips.add(clip_in(tmp_path))
    clips.publish(broker.publish)
    assert clips.answered(1, is_taken=False)
    clips.publish(broker.publish)
    assert len(broker.pieces) == 1
    clips.add(clip_in(tmp_path))
    clips.publish(lambda _piece: None)
    clips.clear()
    clips.publish(broker.publish)
    assert len(broker.pieces) == 1


def test_a_clip_that_is_deleted_meanwhile_gives_way_to_the_next(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    gone = clip_in(tmp_path)
    clips.add(gone)
    clips.add(clip_in(tmp_path, "20261121t001459z-0badcafe"))
    gone.path.unlink()
    drain(clips, broker)
    assert {piece.head.clip for piece in broker.pieces} == {"20261121t001459z-0badcafe"}
    assert len(broker.pieces) == 3


def test_the_queue_is_bounded_and_the_same_clip_waits_once(tmp_path: Path) -> None:
    clips, broker = OutgoingClips(), Broker()
    names = [f"2026112{number}t001359z-0badcafe" for number in range(MOST_WAITING)]
    assert all(clips.add(clip_in(tmp_path, name)) for name in names)
    assert not clips.add(clip_in(tmp_path, "20261129t001359z-0badcafe"))
    assert clips.add(clip_in(tmp_path, names[0], 1)), "asked again: only what is missing now"
    drain(clips, broker)
    assert [piece.head.number for piece in broker.pieces] == [1, *[0, 1, 2] * (MOST_WAITING - 1)]


def test_a_file_that_cannot_be_a_clip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "20261121t001359z-0badcafe.mp4"
    with pytest.raises(OSError, match="No such file"):
        outgoing_clip("utara", path, ())
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="0 bytes"):
        outgoing_clip("utara", path, ())
    with path.open("wb") as file:
        file.truncate(MAX_CLIP_BYTES + 1)
    with pytest.raises(ValueError, match="33554433 bytes"):
        outgoing_clip("utara", path, ())
    path.write_bytes(FILM)
    with pytest.raises(ValueError, match="has 3 pieces"):
        outgoing_clip("utara", path, (3,))
