"""Which cameras keep clips, and from which stream."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.cameras.opening import camera_for
from edge.clips.building import clips_of
from edge.clips.shelf import ClipShelf
from edge.config import CameraSettings, ClipLengths
from edge.supervision.messages import Order
from edge.wire.messages import KeepClip
from tests.edge.clips.film import decoded, film

CLIP = "20261121t001359z-0badcafe"
ON = ClipLengths(enabled=True, pre_roll_s=1, post_roll_s=1)
MASK = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.5))


def settings(folder: Path, **changes: object) -> CameraSettings:
    told = {
        "id": "utara",
        "source": f"replay:{folder / 'film.mp4'}",
        "clips": ON,
        "clip_folder": str(folder / "clips"),
    } | changes
    return CameraSettings(**told)  # type: ignore[arg-type]  # of the test's choosing


def refusal_of(camera: CameraSettings) -> str:
    clips = clips_of(camera, camera_for(camera.source, fps=10))
    answered = clips.order(Order(KeepClip(camera="utara"), ticket=1))
    clips.close(datetime.now(UTC), 1)
    assert answered is not None
    assert not answered.reply.is_done
    return answered.reply.detail


def test_a_clip_of_the_analysed_stream_itself(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(film(seconds=4))
    told = settings(tmp_path)
    camera = camera_for(told.source, fps=10)
    clips = clips_of(told, camera)
    camera.open()
    for number, _ in enumerate(camera.frames()):
        if number == 15:
            answered = clips.order(Order(KeepClip(camera="utara"), ticket=1))
            assert answered is not None
            assert answered.reply.is_done, answered.reply.detail
        if number == 25:
            break
    camera.close()
    (said,) = clips.close(datetime.now(UTC), 1)
    (entry,) = ClipShelf(tmp_path / "clips").entries()
    path = ClipShelf(tmp_path / "clips").find("utara", entry.clip)
    assert path is not None
    frames = decoded(path.read_bytes())
    assert frames[0].key_frame
    assert len(frames) >= 15, said


def test_a_camera_with_privacy_masks_keeps_none_says_so_once_and_forgets_older_ones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = ClipShelf(tmp_path / "clips", reserve_bytes=0)
    shelf.keep("utara", CLIP, b"film")
    shelf.keep("selatan", CLIP, b"film")
    assert "privacy masks" in refusal_of(settings(tmp_path, privacy_masks=(MASK,)))
    assert [record.getMessage() for record in caplog.records] == [
        "utara has privacy masks: it keeps no clips, stills only; 1 deleted"
    ]
    assert [entry.camera for entry in shelf.entries()] == ["selatan"]


def test_clips_that_are_off_and_sources_without_packets_are_said(tmp_path: Path) -> None:
    assert "switched off" in refusal_of(settings(tmp_path, clips=ClipLengths()))
    assert "switched off" in refusal_of(settings(tmp_path, clips=None))
    assert "no packets to keep" in refusal_of(settings(tmp_path, source="scene:street?seed=1"))


def test_half_written_clips_are_removed_at_the_start(tmp_path: Path) -> None:
    part = tmp_path / "clips" / "utara" / f"{CLIP}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    assert refusal_of(settings(tmp_path)) == "no packets have come yet"
    assert not part.exists()


def test_a_folder_that_cannot_be_used_leaves_the_camera_without_clips(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    part = tmp_path / "clips" / "utara" / f"{CLIP}.part"
    part.mkdir(parents=True)
    assert "cannot be used" in refusal_of(settings(tmp_path))
    assert "keeps no clips" in caplog.text


def test_a_main_stream_that_is_not_there_costs_nothing_but_clips(tmp_path: Path) -> None:
    told = settings(tmp_path, source="scene:street?seed=1", clip_source="rtsp://127.0.0.1:9/main")
    began_s = time.monotonic()
    assert refusal_of(told) == "no packets have come yet"
    assert time.monotonic() - began_s < 10, "the end does not wait for the camera"
