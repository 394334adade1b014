"""The camera on the ribbon cable of a Raspberry Pi, by picamera2.

picamera2 exists only on a Pi (its libcamera is Debian's, not PyPI's), so it is imported when a
camera is opened. Analysis gets the luma plane of the small stream as the hardware made it.
"""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from edge.cameras.port import Bgr, CameraError, Frame, Luma
from edge.cameras.sources.timeline import Timeline
from edge.wire.records.bodies import CameraFault

# Below the silence after which the agent calls a camera hung.
_READ_TIMEOUT_S = 4.0
_MAIN_SIZE = (1280, 720)
_LORES_SIZE = (640, 360)


def _import_picamera2() -> Any:
    return importlib.import_module("picamera2")


class PiCamera:
    """Adapter of :class:`edge.cameras.port.Camera` for a camera of the Pi.

    Args:
        number: which camera, from 0.
        fps: frames a second the sensor is asked for.
        load: returns the module ``picamera2``; may raise ``ImportError``.
    """

    def __init__(
        self,
        number: int,
        *,
        fps: float,
        load: Callable[[], Any] = _import_picamera2,
    ) -> None:
        self._name = f"picamera:{number}"
        self._number = number
        self._fps = fps
        self._load = load
        self._device: Any = None
        self._request: Any = None

    def open(self) -> None:
        """Start the sensor with a colour stream and a small YUV420 stream."""
        self.close()
        try:
            device = self._load().Picamera2(self._number)
        except ImportError as error:
            raise self._unavailable(
                f"picamera2 cannot be imported ({error}); apt install python3-picamera2"
            ) from error
        except (RuntimeError, IndexError) as error:
            raise self._unavailable(f"{error}; is the cable in, and is the camera enabled?") from error
        self._device = device
        try:
            self._start(device)
        except RuntimeError as error:
            self.close()
            raise self._unavailable(f"does not start: {error}") from error

    def _start(self, device: Any) -> None:
        configuration = device.create_video_configuration(
            main={"size": _MAIN_SIZE, "format": "RGB888"},  # which is B, G, R in memory
            lores={"size": _LORES_SIZE, "format": "YUV420"},
            controls={"FrameRate": self._fps},
        )
        device.configure(configuration)
        device.start()

    def frames(self) -> Iterator[Frame]:
        """Yield frames at the sensor's pace."""
        timeline = Timeline(step_s=1 / self._fps)
        seq = 0
        while True:
            request = self._next_request()
            self._release()
            self._request = request
            stamp_ns = request.get_metadata().get("SensorTimestamp")
            pts_s = timeline.place(None if stamp_ns is None else stamp_ns / 1e9)
            yield Frame(luma=_luma_of(request), pts_s=pts_s, seq=seq, is_key=True)
            seq += 1

    def picture(self) -> Bgr:
        """Return the newest frame in colour."""
        if self._request is None:
            raise CameraError(CameraFault.FAILED, f"{self._name}: no frame has come yet")
        picture: Bgr = self._request.make_array("main")
        return picture

    def close(self) -> None:
        """Stop the sensor and give its buffers back."""
        device, self._device = self._device, None
        if device is not None:
            self._release()
            device.stop()
            device.close()

    def _next_request(self) -> Any:
        if self._device is None:
            raise CameraError(CameraFault.FAILED, f"{self._name} is not open")
        try:
            return self._device.capture_request(wait=False).get_result(timeout=_READ_TIMEOUT_S)
        except TimeoutError as error:
            raise CameraError(CameraFault.SILENT, f"{self._name} gives no frames; check its cable") from error
        except RuntimeError as error:
            raise CameraError(CameraFault.FAILED, f"{self._name}: {error}") from error

    def _release(self) -> None:
        request, self._request = self._request, None
        if request is not None:
            request.release()

    def _unavailable(self, reason: str) -> CameraError:
        return CameraError(CameraFault.UNAVAILABLE, f"{self._name}: {reason}")


def _luma_of(request: Any) -> Luma:
    """Return the luma of the small stream; its rows may be longer than the picture is wide."""
    planes: Luma = request.make_array("lores")
    width, height = _LORES_SIZE
    luma = planes[:height, :width]
    luma.flags.writeable = False
    return luma
