"""Stills: whole files, the newest, of cameras and not of everything."""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from edge.wire.messages import MAX_STILL_BYTES
from edge.wire.topics import UpChannel
from hub.ingest.models import DeadLetter, Still
from hub.ingest.pictures.stills import MAX_CAMERAS, taken_at
from hub.ingest.taking.link import Message
from tests.hub.ingest.rig import DEVICE, NOW, Rig, message_of

JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"


def still(jpeg: bytes = JPEG, *, camera: str = "cam-1", said_at: str = "") -> Message:
    message = message_of(jpeg, channel=UpChannel.STILL, source=camera)
    return msgspec.structs.replace(message, said_at=said_at, ticket=None)


def stills(rig: Rig) -> list[Still]:
    with rig.database.reading() as session:
        return list(session.scalars(select(Still)))


def reasons(rig: Rig) -> list[str]:
    with rig.database.reading() as session:
        return [letter.reason for letter in session.scalars(select(DeadLetter))]


def test_the_newest_still_is_the_file(rig: Rig) -> None:
    at = NOW - timedelta(seconds=2)
    rig.give(still(), still(JPEG + b"2", said_at=at.isoformat()))
    rig.give(still(JPEG + b"33", said_at=at.isoformat()))
    folder = rig.folder / "stills" / DEVICE
    assert (folder / "cam-1.jpg").read_bytes() == JPEG + b"33"
    assert os.listdir(folder) == ["cam-1.jpg"], "no part of a file is left"
    (row,) = stills(rig)
    assert (row.taken_at, row.received_at, row.bytes) == (at, NOW, len(JPEG) + 2)


def test_what_is_no_picture_or_too_large_is_buried_without_the_picture(rig: Rig) -> None:
    rig.give(still(b"GIF89a" + bytes(1_000)))
    rig.give(still(JPEG + bytes(MAX_STILL_BYTES)))
    assert stills(rig) == []
    assert sorted(reasons(rig)) == [
        "still is no JPEG",
        f"still of {len(JPEG) + 200_000} bytes, more than 200000",
    ]
    with rig.database.reading() as session:
        assert {len(letter.raw) for letter in session.scalars(select(DeadLetter))} == {64}


def test_a_picture_of_a_stranger_is_not_kept_either(rig: Rig) -> None:
    picture = message_of(JPEG * 50, device="stranger", channel=UpChannel.STILL, source="cam-1")
    rig.give(picture, msgspec.structs.replace(picture, topic="pontive/1/up/pi-01/still/NO ID"))
    with rig.database.reading() as session:
        letters = session.scalars(select(DeadLetter)).all()
    assert [len(letter.raw) for letter in letters] == [64, 64]
    assert not (rig.folder / "stills").exists()


def test_a_device_cannot_fill_the_disk_with_names_of_cameras(rig: Rig) -> None:
    for number in range(MAX_CAMERAS + 3):
        rig.clock.advance(1)
        rig.give(still(camera=f"cam-{number}"))
    assert len(stills(rig)) == MAX_CAMERAS
    rig.clock.advance(1)
    rig.give(still(JPEG + b"new", camera="cam-0"))
    assert (rig.folder / "stills" / DEVICE / "cam-0.jpg").read_bytes() == JPEG + b"new"


def test_stills_beyond_the_rate_are_dropped(rig: Rig) -> None:
    for number in range(100):
        rig.give(still(JPEG + str(number).encode()))
    assert rig.ingest.heartbeat.refused > 0


def test_a_folder_that_cannot_be_written_stops_no_records(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.folder.parent.mkdir(exist_ok=True)
    Path(rig.folder).write_text("a file where the folder should be")
    rig.give(still())
    assert stills(rig) == []
    assert "still cannot be written" in caplog.text


@pytest.mark.parametrize("said", ["", "yesterday", "2026-11-21T03:00:00", "1970-01-01T00:00:00+00:00"])
def test_an_unbelievable_time_gives_way_to_the_arrival(said: str) -> None:
    assert taken_at(said, received_at=NOW) == NOW


def test_a_believable_time_of_any_zone_is_taken() -> None:
    assert taken_at("2026-11-21T09:59:58+07:00", received_at=NOW) == NOW - timedelta(seconds=2)
