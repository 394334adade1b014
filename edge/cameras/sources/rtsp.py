"""A network camera that speaks RTSP, over TCP.

UDP is not offered: on a street's switch it loses packets, and a lost packet is a smeared picture.
"""

import time
from collections.abc import Callable

from edge.cameras.sources.address import label_of, split_address, with_password
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.decoding import READ_TIMEOUT_S, Opening

SCHEMES = ("rtsp", "rtsps")
_OPTIONS = {
    "rtsp_transport": "tcp",
    # Sound would keep the read timeout from noticing that the pictures stopped.
    "allowed_media_types": "video",
    # An address, or a camera that redirects, must not make us open files or other services. Where the
    # connection leads is looked at as well (peers.py): FFmpeg cannot be told to stay.
    "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,crypto",
    "timeout": str(int(READ_TIMEOUT_S * 1e6)),
    "analyzeduration": "500000",
}


def rtsp_camera(
    address: str, *, password_file: str | None = None, clock: Callable[[], float] = time.monotonic
) -> ContainerCamera:
    """Return the camera at ``rtsp://…`` or ``rtsps://…``.

    Args:
        address: may name a user; Basic and Digest login are answered.
        password_file: file with the password, read when the camera is opened.
        clock: monotonic seconds.

    Raises:
        CameraError: not such an address.
    """
    name = label_of(split_address(address, schemes=SCHEMES))
    return ContainerCamera(name=name, opening=rtsp_opening(address, password_file), clock=clock)


def rtsp_opening(address: str, password_file: str | None = None) -> Callable[[], Opening]:
    """Return what says, each time it is called, how to open ``rtsp://…``.

    Raises:
        CameraError: not such an address.
    """
    parts = split_address(address, schemes=SCHEMES)
    name = label_of(parts)
    host = parts.hostname or ""
    return lambda: Opening(url=with_password(parts, password_file), name=name, options=_OPTIONS, host=host)
