"""Where a network camera can be asked, taken from its source; other cameras have no such place."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from edge.config import CameraSettings
from edge.health.probing.rtsp_stages import RtspTarget

_PORTS = {"rtsp": 554, "http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class CameraTarget:
    """One network camera; the password stays in its file until it is needed."""

    camera: str
    host: str
    port: int
    path: str = "/"
    is_rtsp: bool = True
    user: str = ""
    password_file: str | None = None
    # Of an address that carries its own password, as a technician may try it.
    inline_password: str = ""

    def rtsp(self) -> RtspTarget:
        """Return what to ask for, with the login as far as it can be read now."""
        return RtspTarget(self.host, self.port, self.path, self.user, self._password())

    def _password(self) -> str:
        if self.password_file is None:
            return self.inline_password
        try:
            return Path(self.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""  # the worker says so itself when it opens the camera


def target_of(settings: CameraSettings) -> CameraTarget | None:
    """Return where a camera can be asked, or None when it is no network camera."""
    try:
        parts = urlsplit(settings.source)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if not parts.hostname or port == 0:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return CameraTarget(
        camera=settings.id,
        host=parts.hostname,
        port=port,
        path=(parts.path or "/") + query,
        is_rtsp=parts.scheme == "rtsp",
        user=unquote(parts.username or ""),
        password_file=settings.password_file,
        inline_password=unquote(parts.password or ""),
    )
