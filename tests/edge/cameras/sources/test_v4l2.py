"""A USB camera: the contract where there is one, the words where there is none."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest
from av.container import InputContainer

from edge.cameras.port import CameraError
from edge.cameras.sources import container
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.decoding import Opening
from edge.cameras.sources.v4l2 import is_video_device, v4l2_camera
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.conftest import VideoMaker
from tests.edge.cameras.contract import CameraContract

DEVICE = "/dev/video0"


class TestASimulatedDeviceKeepsTheContract(CameraContract):
    """The driver's side is played by a file of what a USB camera sends."""

    @pytest.fixture
    def camera(self, make_video: VideoMaker, monkeypatch: pytest.MonkeyPatch) -> ContainerCamera:
        sent = make_video("usb.avi", codec="mjpeg", pixels="yuvj422p", frames=60)

        def opened(opening: Opening, *, clock: Callable[[], float]) -> InputContainer:
            assert (opening.url, opening.format) == (DEVICE, "v4l2")
            return av.open(str(sent), mode="r")

        monkeypatch.setattr(container, "open_container", opened)
        return v4l2_camera(DEVICE)


@pytest.mark.skipif(not Path(DEVICE).exists(), reason=f"no camera at {DEVICE}")
class TestV4l2KeepsTheContract(CameraContract):
    @pytest.fixture
    def camera(self) -> ContainerCamera:
        return v4l2_camera(DEVICE)


@pytest.mark.parametrize(
    "path", ["/dev/video0", "/dev/video12", "/dev/v4l/by-path/usb-0:1.2:1.0-video-index0"]
)
def test_paths_of_video_devices_are_known(path: str) -> None:
    assert is_video_device(path)


@pytest.mark.parametrize("path", ["/dev/null", "/dev/video", "/dev/video0/../mem", "video0", "/dev/video0\n"])
def test_other_paths_are_not_opened_as_devices(path: str) -> None:
    with pytest.raises(CameraError, match="is not the path of a video device"):
        v4l2_camera(path)


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(CameraError, match="/dev/video987 does not exist") as caught:
        v4l2_camera("/dev/video987").open()
    assert caught.value.fault is CameraFault.NOT_FOUND
