"""What a person types after ``--camera``, to the adapter that reads it.

Nothing is connected here; a wrong text is an error that says what would be right.
"""

import re
from collections.abc import Callable
from pathlib import Path

from edge.cameras.port import Camera, CameraError
from edge.wire.records.bodies import CameraFault

KINDS = (
    "rtsp://host/path, http://host/path (motion JPEG), /dev/video0, picamera:0, "
    "a video file, replay:FILE?pace=max&loop=0, or scene:street?seed=1"
)
_SCHEME = re.compile(r"\A([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def open_camera(source: str, *, fps: float, password_file: str | None = None) -> Camera:
    """Return the opened camera of ``source``.

    Args:
        source: see ``KINDS``.
        fps: frames a second wanted, for sources that can be asked.
        password_file: file with the password of a network camera.

    Raises:
        CameraError: no such kind of source, or it cannot be opened.
    """
    camera = camera_for(source, fps=fps, password_file=password_file)
    camera.open()
    return camera


def camera_for(source: str, *, fps: float, password_file: str | None = None) -> Camera:
    """Return the adapter for ``source``, not yet open.

    Raises:
        CameraError: no such kind of source, or its options are wrong.
    """
    found = _SCHEME.match(source)
    scheme = found.group(1).lower() if found else ""
    make = _MAKERS.get(scheme)
    if make is not None:
        return make(source, fps, password_file)
    # A bare path may hold a colon, so only what is no file is called an unknown kind.
    if scheme and not Path(source).exists():
        raise CameraError(CameraFault.NOT_FOUND, f"{scheme}: is no kind of camera; give {KINDS}")
    return _local(source)


# Adapters are imported when they are needed: a worker on a Pi pays for one, not for all.


def _local(source: str) -> Camera:
    from edge.cameras.sources.v4l2 import is_video_device, v4l2_camera

    if is_video_device(source):
        return v4l2_camera(source)
    if not source.strip():
        raise CameraError(CameraFault.NOT_FOUND, f"no camera is given; give {KINDS}")
    return _replay(f"replay:{source}", 0, None)


def _replay(source: str, fps: float, password_file: str | None) -> Camera:
    from edge.cameras.sources.replay import ReplayCamera, parse_recording

    return ReplayCamera(parse_recording(source.partition(":")[2]))


def _rtsp(source: str, fps: float, password_file: str | None) -> Camera:
    from edge.cameras.sources.rtsp import rtsp_camera

    return rtsp_camera(source, password_file=password_file)


def _mjpeg(source: str, fps: float, password_file: str | None) -> Camera:
    from edge.cameras.sources.mjpeg import mjpeg_camera

    return mjpeg_camera(source, password_file=password_file)


def _picamera(source: str, fps: float, password_file: str | None) -> Camera:
    from edge.cameras.sources.picamera import PiCamera

    number = source.partition(":")[2] or "0"
    if not number.isdecimal() or len(number) > 2:
        raise CameraError(CameraFault.NOT_FOUND, f"picamera:{number}: give a number, as picamera:0")
    return PiCamera(int(number), fps=fps)


def _scene(source: str, fps: float, password_file: str | None) -> Camera:
    name = source.partition(":")[2]
    if name.partition("?")[0] == "gauge":
        from edge.cameras.drawn.gauge.camera import GaugeCamera
        from edge.cameras.drawn.gauge.settings import parse_gauge

        return GaugeCamera(parse_gauge(name))
    from edge.cameras.sources.scene import SceneCamera, parse_scene

    return SceneCamera(parse_scene(name))


_MAKERS: dict[str, Callable[[str, float, str | None], Camera]] = {
    "replay": _replay,
    "rtsp": _rtsp,
    "rtsps": _rtsp,
    "http": _mjpeg,
    "https": _mjpeg,
    "picamera": _picamera,
    "scene": _scene,
}
