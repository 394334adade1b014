"""A USB or on-board camera of Linux, ``/dev/videoN``.

The driver blocks without a timeout when a camera hangs; the agent notices that the worker
makes no progress and replaces it.
"""

import re
import time
from collections.abc import Callable

from edge.cameras.port import CameraError
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.decoding import Opening
from edge.wire.records.bodies import CameraFault

_DEVICE = re.compile(r"\A/dev/(?:video\d{1,3}|v4l/by-(?:id|path)/[\w.:+-]+)\Z")
# Most cameras have this size, and the analysis shrinks it by two; the driver takes the nearest.
_SIZE = "640x480"


def is_video_device(source: str) -> bool:
    """Say whether ``source`` is the path of a video device."""
    return _DEVICE.match(source) is not None


def v4l2_camera(device: str, *, clock: Callable[[], float] = time.monotonic) -> ContainerCamera:
    """Return the camera at ``/dev/videoN`` or ``/dev/v4l/by-id/…``.

    Args:
        device: path of the device.
        clock: monotonic seconds.

    Raises:
        CameraError: not such a path.
    """
    if not is_video_device(device):
        raise CameraError(CameraFault.NOT_FOUND, f"{device!r} is not the path of a video device")
    opening = Opening(url=device, name=device, options={"video_size": _SIZE}, format="v4l2")
    return ContainerCamera(name=device, opening=lambda: opening, clock=clock)
