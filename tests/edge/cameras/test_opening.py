"""From what a person types to the adapter that reads it."""

from pathlib import Path

import pytest

from edge.cameras.opening import camera_for, open_camera
from edge.cameras.port import CameraError
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.picamera import PiCamera
from edge.cameras.sources.replay import ReplayCamera
from edge.cameras.sources.scene import SceneCamera
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.conftest import VideoMaker


@pytest.mark.parametrize(
    ("source", "adapter"),
    [
        ("rtsp://10.0.0.9/live", ContainerCamera),
        ("RTSP://10.0.0.9/live", ContainerCamera),
        ("rtsps://10.0.0.9/live", ContainerCamera),
        ("http://10.0.0.9/video.mjpg", ContainerCamera),
        ("https://10.0.0.9/video.mjpg", ContainerCamera),
        ("/dev/video0", ContainerCamera),
        ("/dev/v4l/by-id/usb-046d_HD_Pro-video-index0", ContainerCamera),
        ("picamera:0", PiCamera),
        ("picamera:", PiCamera),
        ("replay:clip.mp4?pace=max", ReplayCamera),
        ("scene:street?seed=3", SceneCamera),
        ("clip.mp4", ReplayCamera),
        ("../videos/clip.mp4?loop=0", ReplayCamera),
        ("/dev/shm/clip.mp4", ReplayCamera),
    ],
)
def test_each_kind_of_source_has_its_adapter(source: str, adapter: type) -> None:
    assert isinstance(camera_for(source, fps=10), adapter)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "no camera is given"),
        ("  ", "no camera is given"),
        ("file:///etc/passwd", "file: is no kind of camera"),
        ("concat:a.mp4|b.mp4", "concat: is no kind of camera"),
        ("ftp://host/x", "ftp: is no kind of camera"),
        ("rtsp://", "rtsp://host/path"),
        ("http://", "http://host/path"),
        ("picamera:one", "picamera:0"),
        ("picamera:-1", "picamera:0"),
        ("replay:a.mp4?speed=2", "pace=real"),
        ("scene:moon", "scene:moon"),
    ],
)
def test_a_wrong_source_is_named_with_what_would_be_right(source: str, words: str) -> None:
    with pytest.raises(CameraError, match=words) as caught:
        camera_for(source, fps=10)
    assert caught.value.fault is CameraFault.NOT_FOUND


def test_a_bare_path_with_a_colon_is_a_file_when_it_exists(
    make_video: VideoMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video().rename(tmp_path / "gate:1.mp4")
    monkeypatch.chdir(tmp_path)
    camera = open_camera("gate:1.mp4", fps=10)
    assert next(iter(camera.frames())).seq == 0
    camera.close()


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(CameraError, match="/dev/video999") as caught:
        open_camera("/dev/video999", fps=10)
    assert caught.value.fault is CameraFault.NOT_FOUND


def test_a_pi_camera_where_there_is_no_pi_is_unavailable() -> None:
    with pytest.raises(CameraError, match="picamera:0") as caught:
        open_camera("picamera:0", fps=10)
    assert caught.value.fault is CameraFault.UNAVAILABLE
