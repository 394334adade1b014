"""One camera of a door in a thread of its own: only its newest frame waits to be read.

Keeps a slow decoder from reading a queue of old frames, and a silent camera from holding up
the answers of the agent.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edge.cameras.port import Camera, CameraError, Frame
from edge.hadir.reading.passes import Luma
from edge.wire.records.bodies import CameraFault


@dataclass(frozen=True, slots=True)
class Grabbed:
    """A frame of our own, and which camera saw it."""

    camera: int
    luma: Luma
    pts_s: float
    seq: int


class Grabber:
    """Takes frames from one camera until told to stop."""

    def __init__(self, *, number: int, camera: Camera, wake: Callable[[], None]) -> None:
        """Set up.

        Args:
            number: Which camera of the door.
            camera: Opened and closed in the thread.
            wake: Called when a frame or an error waits; from the thread.
        """
        self._number = number
        self._camera = camera
        self._wake = wake
        self._lock = threading.Lock()
        self._newest: Grabbed | None = None
        self._error: CameraError | None = None
        self._is_stopped = False
        self._thread = threading.Thread(target=self._grab, name=f"door-camera-{number}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def take(self) -> Grabbed | None:
        """Return the newest frame, once.

        Raises:
            CameraError: the camera gave up.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            newest, self._newest = self._newest, None
            return newest

    def stop(self, timeout_s: float = 2.0) -> None:
        """End after the frame at hand; a camera that hangs is left to die with the process."""
        self._is_stopped = True
        self._thread.join(timeout=timeout_s)

    def _grab(self) -> None:
        try:
            self._camera.open()
            for frame in self._camera.frames():
                if self._is_stopped:
                    break
                self._offer(frame)
            else:
                raise CameraError(CameraFault.ENDED, "the source ended")
        except CameraError as error:
            self._fail(error)
        # A camera driver may raise anything; the door must learn of it, not lose the thread.
        except Exception as error:
            self._fail(CameraError(CameraFault.FAILED, f"{type(error).__name__}: {error}"))
        finally:
            self._camera.close()

    def _offer(self, frame: Frame) -> None:
        grabbed = Grabbed(self._number, np.array(frame.luma), frame.pts_s, frame.seq)
        with self._lock:
            # One wake for one frame that waits, or a slow reader would drown in wakes.
            was_empty = self._newest is None
            self._newest = grabbed
        if was_empty:
            self._wake()

    def _fail(self, error: CameraError) -> None:
        with self._lock:
            self._error = error
        self._wake()
