"""The agent's desk for clips: answers the hub, and keeps the shelf small."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.clips.desk import ClipDesk
from edge.clips.shelf import ClipShelf
from edge.config import ClipSettings
from edge.uplink.pieces import OutgoingClip
from edge.wire.messages import SendClip

CLIP = "20261121t001359z-0badcafe"


class Rig:
    def __init__(self, folder: Path) -> None:
        self.shelf = ClipShelf(folder / "clips", reserve_bytes=0)
        self.sent: list[OutgoingClip] = []
        self.has_room = True
        self.desk = ClipDesk(
            settings=ClipSettings(max_mib=16, folder=str(folder / "clips")),
            send=self.send,
            now=lambda: datetime.now(UTC),
        )

    def send(self, clip: OutgoingClip) -> bool:
        self.sent.append(clip)
        return self.has_room


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    rig = Rig(tmp_path)
    rig.shelf.keep("utara", CLIP, bytes(100))
    return rig


def test_a_clip_that_is_there_is_queued(rig: Rig) -> None:
    reply = rig.desk.send_clip(SendClip(camera="utara", clip=CLIP))
    assert (reply.is_done, reply.values) == (True, {"pieces": 1.0})
    assert [(clip.camera, clip.clip, clip.pieces) for clip in rig.sent] == [("utara", CLIP, (0,))]


def test_a_clip_that_is_gone_is_said_so_that_the_hub_need_not_ask_again(rig: Rig) -> None:
    for command in (
        SendClip(camera="selatan", clip=CLIP),
        SendClip(camera="utara", clip="20261121t001359z-00000000"),
    ):
        reply = rig.desk.send_clip(command)
        assert (reply.is_done, reply.values) == (False, {"is_gone": True})
    assert rig.sent == []


def test_an_impossible_piece_and_a_full_queue_are_refused(rig: Rig) -> None:
    assert "has 1 pieces" in rig.desk.send_clip(SendClip(camera="utara", clip=CLIP, pieces=(1,))).detail
    rig.has_room = False
    assert "ask again later" in rig.desk.send_clip(SendClip(camera="utara", clip=CLIP)).detail


def test_the_shelf_is_tidied_by_the_settings_and_a_disk_that_refuses_is_said_once(
    rig: Rig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig.shelf.keep("utara", "20261122t001359z-0badcafe", bytes(16 * 2**20))
    rig.desk.tidy()
    assert [entry.size_bytes for entry in rig.shelf.entries()] == [16 * 2**20]
    folder = tmp_path / "clips" / "utara" / "20261120t001359z-0badcafe.mp4"
    folder.mkdir()
    (folder.parent / "20261122t001359z-0badcafe.mp4").rename(folder / "x")
    for day in (23, 24):
        rig.shelf.keep("utara", f"202611{day}t001359z-0badcafe", bytes(16 * 2**20))
    rig.desk.tidy()
    rig.desk.tidy()
    assert caplog.text.count("clips cannot be deleted") == 1
    assert "20261123" not in {entry.clip[:8] for entry in rig.shelf.entries()}, "the others went"
