"""Clips at the hub: asked for, taken in pieces, put together only when they are what was said."""

import hashlib
import os
import random
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from edge.wire.clips import CLIP_PIECE_BYTES, PieceHead
from edge.wire.messages import Reply, SendClip, decode_command, encode
from edge.wire.records.bodies import ClipKept, ClipReason
from edge.wire.topics import UpChannel
from hub.config import ClipStore
from hub.ingest.models import Clip, DeadLetter
from hub.ingest.pictures.clip_chores import ASK_AGAIN_AFTER, MOST_ASKS
from hub.ingest.pictures.clips import ask_for_clip, clip_path, keep_clips, parts_path
from hub.ingest.taking.link import Message
from tests.hub.ingest.rig import DEVICE, NOW, Rig, batch_of, message_of, online, record_of

CLIP = "20261121t025950z-0badcafe"
CAMERA = "cam-1"
FILM = random.Random(5).randbytes(2 * CLIP_PIECE_BYTES + 1_000)


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    rig = make_rig(handlers={ClipKept: keep_clips}, clips=ClipStore(max_mib=64, keep_days=30))
    rig.give(message_of(online(), channel=UpChannel.STATE))
    rig.give(message_of(batch_of(record_of(kept(), 1))))
    return rig


def kept(clip: str = CLIP, size_bytes: int = len(FILM)) -> ClipKept:
    started_at = NOW - timedelta(seconds=10)
    return ClipKept(
        camera=CAMERA,
        clip=clip,
        started_at=started_at,
        duration_s=20.0,
        bytes=size_bytes,
        reason=ClipReason.INTEGRITY,
    )


def piece(
    number: int,
    *,
    film: bytes = FILM,
    sha256: str | None = None,
    clip: str = CLIP,
    camera: str = CAMERA,
    device: str = DEVICE,
) -> Message:
    head = PieceHead(clip, number, len(film), sha256 or hashlib.sha256(film).hexdigest())
    payload = film[number * CLIP_PIECE_BYTES : (number + 1) * CLIP_PIECE_BYTES]
    message = message_of(payload, channel=UpChannel.CLIP, source=camera, device=device)
    return msgspec.structs.replace(message, labels=tuple(head.properties()))


def row_of(rig: Rig, clip: str = CLIP) -> Clip:
    with rig.database.reading() as session:
        return session.scalars(select(Clip).where(Clip.clip == clip)).one()


def ask(rig: Rig, clip: str = CLIP) -> None:
    with rig.database.writing() as session:
        row = session.scalars(select(Clip).where(Clip.clip == clip)).one()
        ask_for_clip(session, row, now=rig.clock.now, correlation=os.urandom(16).hex())


def commands(rig: Rig) -> list[SendClip]:
    decoded = [decode_command(said.payload) for said in rig.link.said if said.topic.endswith("/cmd")]
    return [command for command in decoded if isinstance(command, SendClip)]


def wait(rig: Rig, seconds: float) -> None:
    rig.clock.advance(seconds)
    rig.ingest.turn()


def reasons(rig: Rig) -> list[str]:
    with rig.database.reading() as session:
        return [letter.reason for letter in session.scalars(select(DeadLetter))]


def files(rig: Rig) -> list[str]:
    found = (rig.folder / "clips").rglob("*")
    return sorted(str(path.relative_to(rig.folder / "clips")) for path in found if path.is_file())


def test_a_clip_that_was_asked_for_arrives_in_any_order_and_twice(rig: Rig) -> None:
    assert row_of(rig).state == "kept"
    ask(rig)
    ask(rig)
    wait(rig, 1)
    assert commands(rig) == [SendClip(camera=CAMERA, clip=CLIP)], "asked once"
    rig.give(piece(2), piece(0), piece(2))
    assert row_of(rig).state == "asked"
    rig.give(piece(1))
    assert row_of(rig).state == "here"
    path = clip_path(rig.folder, DEVICE, CAMERA, CLIP)
    assert path.read_bytes() == FILM
    rig.give(piece(1))
    assert files(rig) == [f"{DEVICE}/{CAMERA}/{CLIP}.mp4"], "nothing half is left"
    assert reasons(rig) == []


def test_what_is_missing_is_asked_for_again_and_given_up_in_the_end(rig: Rig) -> None:
    ask(rig)
    rig.give(piece(1))
    wait(rig, ASK_AGAIN_AFTER.total_seconds() + 1)
    wait(rig, 1)
    assert commands(rig)[-1] == SendClip(camera=CAMERA, clip=CLIP, pieces=(0, 2))
    for _ in range(MOST_ASKS + 2):
        wait(rig, ASK_AGAIN_AFTER.total_seconds() + 1)
        wait(rig, 1)
    assert row_of(rig).state == "kept"
    assert files(rig) == [], "its pieces are thrown away"
    assert len(commands(rig)) <= MOST_ASKS + 1
    ask(rig)
    rig.give(piece(0), piece(1), piece(2))
    assert row_of(rig).state == "here", "it may be asked for anew"


def test_a_device_that_has_lost_it_says_so(rig: Rig) -> None:
    ask(rig)
    wait(rig, 1)
    sent = next(said for said in rig.link.said if said.topic.endswith("/cmd"))
    reply = Reply(command="send-clip", is_done=False, detail="no longer there", values={"is_gone": True})
    answer = message_of(encode(reply), channel=UpChannel.REPLY)
    rig.give(msgspec.structs.replace(answer, correlation=sent.correlation))
    wait(rig, 6)
    assert row_of(rig).state == "gone"


def test_a_wrong_digest_makes_no_clip(rig: Rig) -> None:
    ask(rig)
    rig.give(*(piece(number, sha256="ab" * 32) for number in range(3)))
    assert row_of(rig).state == "kept"
    assert files(rig) == []
    (reason,) = reasons(rig)
    assert reason.startswith(f"{CLIP} piece 2: the pieces do not make the file")


HOSTILE: dict[str, Message] = {
    "another device's clip": piece(0, device="pi-02"),
    "another camera's clip": piece(0, camera="cam-2"),
    "more bytes than the record said": piece(0, film=FILM + bytes(CLIP_PIECE_BYTES)),
    "a clip that does not exist": piece(0, clip="20261121t025950z-00000000"),
    "a path": msgspec.structs.replace(piece(0), labels=(("clip", "../../../../etc/cron.d/x"),)),
    "no head": msgspec.structs.replace(piece(0), labels=()),
    "a number past the end": msgspec.structs.replace(
        piece(0), labels=tuple(PieceHead(CLIP, 3, len(FILM), "ab" * 32).properties())
    ),
    "a payload that is too long": msgspec.structs.replace(piece(0), payload=bytes(CLIP_PIECE_BYTES + 1)),
    "an empty payload": msgspec.structs.replace(piece(0), payload=b""),
    "a stranger": piece(0, device="stranger"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_piece_leaves_no_file_and_one_short_letter(rig: Rig, name: str) -> None:
    ask(rig)
    rig.give(HOSTILE[name])
    assert files(rig) == []
    with rig.database.reading() as session:
        (letter,) = session.scalars(select(DeadLetter))
    assert len(letter.raw) <= 64
    assert row_of(rig).state == "asked"


def test_a_piece_that_nobody_asked_for_is_refused(rig: Rig) -> None:
    rig.give(piece(0))
    assert files(rig) == []
    assert reasons(rig) == [f"{CLIP} piece 0: a piece of a clip that nobody asked for"]


def test_a_second_record_of_the_same_clip_changes_nothing(rig: Rig) -> None:
    ask(rig)
    rig.give(message_of(batch_of(record_of(kept(size_bytes=5), 2))))
    row = row_of(rig)
    assert (row.state, row.bytes, row.reason) == ("asked", len(FILM), "integrity")


def test_after_a_commit_that_failed_the_file_is_recognised(rig: Rig) -> None:
    ask(rig)
    path = clip_path(rig.folder, DEVICE, CAMERA, CLIP)
    path.parent.mkdir(parents=True)
    path.write_bytes(FILM)
    rig.give(piece(2))
    assert row_of(rig).state == "here"
    assert files(rig) == [f"{DEVICE}/{CAMERA}/{CLIP}.mp4"]


def test_old_clips_are_forgotten_and_stray_pieces_swept(rig: Rig) -> None:
    ask(rig)
    rig.give(piece(0), piece(1), piece(2))
    stray = parts_path(rig.folder, DEVICE, CAMERA, "20261121t025950z-00000000")
    stray.mkdir(parents=True)
    (stray / "0").write_bytes(b"x")
    wait(rig, 601)
    assert files(rig) == [f"{DEVICE}/{CAMERA}/{CLIP}.mp4"]
    wait(rig, timedelta(days=31).total_seconds())
    assert files(rig) == []
    with rig.database.reading() as session:
        assert session.scalars(select(Clip)).all() == []


def test_the_oldest_file_goes_when_all_together_are_too_much(make_rig: Callable[..., Rig]) -> None:
    # Two clips of the same film; the limit, given in MiB, holds only one of them.
    film = FILM * 7
    limits = msgspec.structs.replace(ClipStore(), max_mib=1)
    rig = make_rig(handlers={ClipKept: keep_clips}, clips=limits)
    rig.give(message_of(online(), channel=UpChannel.STATE))
    other = "20261121t025955z-0badcafe"
    for seq, clip in enumerate((CLIP, other), 1):
        rig.give(message_of(batch_of(record_of(kept(clip, len(film)), seq))))
        ask(rig, clip)
        count = -(-len(film) // CLIP_PIECE_BYTES)
        rig.give(*(piece(number, film=film, clip=clip) for number in range(count)))
        while rig.link.waiting():
            rig.turn()
        assert row_of(rig, clip).state == "here"
        rig.clock.advance(5)
    wait(rig, 601)
    assert (row_of(rig).state, row_of(rig, other).state) == ("kept", "here")
    assert files(rig) == [f"{DEVICE}/{CAMERA}/{other}.mp4"]


def test_a_folder_that_cannot_be_written_stops_no_records(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    ask(rig)
    rig.folder.mkdir(exist_ok=True)
    (rig.folder / "clips").write_text("a file in the place of the folder")
    rig.give(piece(0), message_of(batch_of(record_of(kept("20261121t025955z-0badcafe"), 2))))
    assert "a clip cannot be written" in caplog.text
    assert row_of(rig, "20261121t025955z-0badcafe").state == "kept"
