"""A network camera that sends motion JPEG over HTTP, as USB-camera servers and old cameras do."""

import time
from collections.abc import Callable

from edge.cameras.sources.address import label_of, split_address, with_password
from edge.cameras.sources.container import ContainerCamera
from edge.cameras.sources.decoding import Opening

SCHEMES = ("http", "https")
# Named, so that a server cannot hand us a playlist that leads elsewhere.
_FORMAT = "mpjpeg"
_OPTIONS = {
    # An address, or a camera that redirects, must not make us open files or other services.
    "protocol_whitelist": "http,https,tcp,tls",
    "max_redirects": "0",
    "analyzeduration": "500000",
}


def mjpeg_camera(
    address: str, *, password_file: str | None = None, clock: Callable[[], float] = time.monotonic
) -> ContainerCamera:
    """Return the camera at ``http://…`` or ``https://…``.

    Args:
        address: may name a user; Basic and Digest login are answered.
        password_file: file with the password, read when the camera is opened.
        clock: monotonic seconds.

    Raises:
        CameraError: not such an address.
    """
    parts = split_address(address, schemes=SCHEMES)
    name = label_of(parts)
    return ContainerCamera(
        name=name,
        opening=lambda: Opening(
            url=with_password(parts, password_file), name=name, options=_OPTIONS, format=_FORMAT
        ),
        clock=clock,
        has_time=False,
    )
