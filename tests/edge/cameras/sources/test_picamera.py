"""The Pi's own camera, against a fake with exactly the calls that are used."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from edge.cameras.port import CameraError
from edge.cameras.sources.picamera import PiCamera
from edge.wire.records.bodies import CameraFault
from tests.edge.cameras.contract import CameraContract, take


class FakeRequest:
    def __init__(self, device: "FakePicamera2", number: int) -> None:
        self._device = device
        self._number = number
        device.held += 1

    def make_array(self, name: str) -> np.ndarray:
        width, height = self._device.configuration[name]["size"]
        if name == "main":
            return np.tile(np.arange(width, dtype=np.uint8)[:, None], (height, 1, 3))
        # Rows of the sensor's small stream are padded to 64 bytes.
        padded = (width + 63) // 64 * 64 + 64
        array = np.full((height * 3 // 2, padded), 99, np.uint8)
        array[:height, :width] = 10 + self._number
        return array

    def get_metadata(self) -> dict[str, Any]:
        if self._device.has_time:
            return {"SensorTimestamp": 5_000_000_000 + self._number * 100_000_000}
        return {}

    def release(self) -> None:
        self._device.held -= 1


class FakeJob:
    def __init__(self, device: "FakePicamera2") -> None:
        self._device = device

    def get_result(self, timeout: float | None = None) -> FakeRequest:
        assert timeout is not None
        if self._device.fails_with is not None:
            raise self._device.fails_with
        self._device.captured += 1
        return FakeRequest(self._device, self._device.captured - 1)


class FakePicamera2:
    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.configuration: dict[str, Any] = {}
        self.calls: list[str] = []
        self.captured = self.held = 0
        self.has_time = True
        self.fails_with: Exception | None = None
        self.start_fails_with: Exception | None = None

    def create_video_configuration(self, **parts: Any) -> dict[str, Any]:
        return parts

    def configure(self, configuration: dict[str, Any]) -> None:
        self.configuration = configuration

    def start(self) -> None:
        if self.start_fails_with is not None:
            raise self.start_fails_with
        self.calls.append("start")

    def capture_request(self, *, wait: bool) -> FakeJob:
        assert wait is False
        return FakeJob(self)

    def stop(self) -> None:
        self.calls.append("stop")

    def close(self) -> None:
        self.calls.append("close")


def module_of(device: FakePicamera2) -> SimpleNamespace:
    return SimpleNamespace(Picamera2=lambda number: device)


@pytest.fixture
def device() -> FakePicamera2:
    return FakePicamera2()


@pytest.fixture
def camera(device: FakePicamera2) -> PiCamera:
    return PiCamera(0, fps=10, load=lambda: module_of(device))


class TestPiCameraKeepsTheContract(CameraContract):
    pass


def test_luma_is_the_small_stream_without_its_padding(camera: PiCamera) -> None:
    camera.open()
    frame = take(camera, 1)[0]
    assert frame.luma.shape == (360, 640)
    assert set(np.unique(frame.luma)) == {10}


def test_the_sensor_is_asked_for_both_streams_and_the_rate(camera: PiCamera, device: FakePicamera2) -> None:
    camera.open()
    assert device.configuration["lores"]["format"] == "YUV420"
    assert device.configuration["main"]["format"] == "RGB888"
    assert device.configuration["controls"] == {"FrameRate": 10}


def test_buffers_go_back_to_the_sensor(camera: PiCamera, device: FakePicamera2) -> None:
    camera.open()
    take(camera, 5)
    assert device.held == 1
    camera.close()
    assert device.held == 0
    assert device.calls[-2:] == ["stop", "close"]


def test_a_sensor_without_timestamps_gets_even_time(camera: PiCamera, device: FakePicamera2) -> None:
    device.has_time = False
    camera.open()
    assert [frame.pts_s for frame in take(camera, 3)] == pytest.approx([0.0, 0.1, 0.2])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModuleNotFoundError("No module named 'libcamera'"), "apt install python3-picamera2"),
        (RuntimeError("No camera number 0 found"), "is the cable in"),
        (IndexError("list index out of range"), "is the cable in"),
    ],
)
def test_what_is_missing_is_named(error: Exception, words: str) -> None:
    def load() -> Any:
        raise error

    with pytest.raises(CameraError, match=words) as caught:
        PiCamera(0, fps=10, load=load).open()
    assert caught.value.fault is CameraFault.UNAVAILABLE


def test_a_sensor_that_does_not_start_is_let_go(camera: PiCamera, device: FakePicamera2) -> None:
    device.start_fails_with = RuntimeError("Failed to start camera: Device or resource busy")
    with pytest.raises(CameraError, match="busy") as caught:
        camera.open()
    assert caught.value.fault is CameraFault.UNAVAILABLE
    assert device.calls == ["stop", "close"]


@pytest.mark.parametrize(
    ("error", "fault"),
    [(TimeoutError(), CameraFault.SILENT), (RuntimeError("camera stopped"), CameraFault.FAILED)],
)
def test_a_sensor_that_gives_up_is_a_fault(
    camera: PiCamera, device: FakePicamera2, error: Exception, fault: CameraFault
) -> None:
    camera.open()
    take(camera, 1)
    device.fails_with = error
    with pytest.raises(CameraError) as caught:
        take(camera, 1)
    assert caught.value.fault is fault
