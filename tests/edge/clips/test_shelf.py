"""The shelf: whole clips or none, whatever happens to the disk."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.clips.shelf import ClipShelf, ShelfError

CLIP = "20261121t001359z-0badcafe"
OTHER = "20261121t001459z-0badcaff"
NOW = datetime.now(UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> ClipShelf:
    return ClipShelf(tmp_path / "clips", reserve_bytes=0)


def age(path: Path, days: float) -> None:
    at_s = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at_s, at_s))


def test_a_clip_is_found_again_and_the_folder_is_the_index(shelf: ClipShelf, tmp_path: Path) -> None:
    shelf.keep("utara", CLIP, b"film")
    path = shelf.find("utara", CLIP)
    assert path == tmp_path / "clips" / "utara" / f"{CLIP}.mp4"
    assert path.read_bytes() == b"film"
    (entry,) = shelf.entries()
    assert (entry.camera, entry.clip, entry.size_bytes) == ("utara", CLIP, 4)
    assert os.listdir(path.parent) == [path.name], "nothing half written is left"


@pytest.mark.parametrize(
    ("camera", "clip"),
    [("utara", OTHER), ("selatan", CLIP), ("../utara", CLIP), ("utara", "../../secret"), ("", CLIP)],
)
def test_what_is_not_there_or_no_id_is_not_found(shelf: ClipShelf, camera: str, clip: str) -> None:
    shelf.keep("utara", CLIP, b"film")
    assert shelf.find(camera, clip) is None


def test_a_power_cut_leaves_a_part_that_the_next_start_removes(shelf: ClipShelf, tmp_path: Path) -> None:
    shelf.keep("utara", CLIP, b"film")
    part = tmp_path / "clips" / "utara" / f"{OTHER}.part"
    part.write_bytes(b"half")
    assert [entry.clip for entry in shelf.entries()] == [CLIP]
    shelf.sweep("utara")
    shelf.sweep("never-heard-of")
    assert not part.exists()
    assert shelf.find("utara", CLIP) is not None


def test_clips_leave_the_reserve_to_the_rest_of_the_disk(tmp_path: Path) -> None:
    shelf = ClipShelf(tmp_path / "clips", reserve_bytes=2**60)
    with pytest.raises(ShelfError, match="MiB are free"):
        shelf.keep("utara", CLIP, b"film")
    assert shelf.entries() == []


def test_a_disk_that_fills_meanwhile_leaves_nothing_half(
    shelf: ClipShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ShelfError, match="No space left"):
        shelf.keep("utara", CLIP, b"film")
    assert os.listdir(tmp_path / "clips" / "utara") == []


def test_a_clip_that_is_too_large_or_misnamed_is_refused(shelf: ClipShelf) -> None:
    with pytest.raises(ShelfError, match="more than"):
        shelf.keep("utara", CLIP, bytes(32 * 2**20 + 1))
    with pytest.raises(ShelfError, match="no id of a clip"):
        shelf.keep("utara", "x", b"film")


def test_old_and_superfluous_clips_go(shelf: ClipShelf) -> None:
    for number, days in enumerate((9.0, 3.0, 2.0, 1.0)):
        clip = f"2026112{number}t001359z-0badcafe"
        shelf.keep("utara", clip, bytes(100))
        path = shelf.find("utara", clip)
        assert path is not None
        age(path, days)
    assert shelf.tidy(now=NOW, max_bytes=250, keep=timedelta(days=7)) == 2
    assert sorted(entry.clip[:8] for entry in shelf.entries()) == ["20261122", "20261123"]


def test_all_clips_of_one_camera_can_be_forgotten(shelf: ClipShelf) -> None:
    shelf.keep("utara", CLIP, b"film")
    shelf.keep("selatan", CLIP, b"film")
    assert shelf.forget_camera("utara") == 1
    assert [entry.camera for entry in shelf.entries()] == ["selatan"]
