"""Builds the coder of a camera from its settings; asks nothing yet."""

from pathlib import Path
from urllib.parse import urlsplit

from edge.config import CameraSettings
from edge.encoders.onvif import OnvifEncoder
from edge.encoders.port import Encoder, EncoderError
from edge.ptz.soap import login_of

# Where every ONVIF camera has its device service (Core Specification 2.6, 2016, section 5.1.1).
_ENTRY = "/onvif/device_service"


def encoder_of(camera: CameraSettings) -> Encoder | None:
    """Return the coder of a network camera; ``None``: what it sees comes over no network.

    Raises:
        EncoderError: the address or the password file cannot be used.
    """
    try:
        parts = urlsplit(camera.source)
        is_network = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname)
    except ValueError:
        is_network = False
    if not is_network:
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    address = camera.onvif or f"http://{host}{_ENTRY}"
    return OnvifEncoder(
        address,
        login_of(address, source=camera.source, password=_password(camera)),
        source=camera.source,
    )


def _password(camera: CameraSettings) -> str | None:
    if camera.password_file is None:
        return None
    try:
        return Path(camera.password_file).read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise EncoderError(
            f"password_file {camera.password_file} cannot be read: {type(error).__name__}"
        ) from error
