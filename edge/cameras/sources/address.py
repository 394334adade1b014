"""Addresses of network cameras: which are allowed, and how the password gets into them.

The password is read when the camera is opened and lives in no attribute of ours, no log line and no error.
"""

from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from edge.cameras.port import CameraError
from edge.config import SECRET_WORD
from edge.wire.records.bodies import CameraFault


def split_address(source: str, *, schemes: tuple[str, ...]) -> SplitResult:
    """Take an address apart.

    Raises:
        CameraError: not an address of one of ``schemes`` with a host.
    """
    try:
        parts = urlsplit(source)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bad port, a half-written IPv6 address
        is_whole = False
    if not is_whole:
        wanted = " or ".join(f"{scheme}://host/path" for scheme in schemes)
        raise CameraError(CameraFault.NOT_FOUND, f"the camera's address is not of the form {wanted}")
    return parts


def label_of(parts: SplitResult) -> str:
    """Return the address as it may be logged: no user, no password, no query."""
    host = parts.netloc.rpartition("@")[2]
    path = SECRET_WORD.sub(r"\1***", parts.path)
    return f"{parts.scheme}://{host}{path}"


def with_password(parts: SplitResult, password_file: str | None) -> str:
    """Return the address to connect to, with the password of ``password_file`` in it.

    Raises:
        CameraError: the file cannot be read or is empty, or the address names no user.
    """
    if password_file is None:
        return urlunsplit(parts)
    if not parts.username:
        raise CameraError(
            CameraFault.UNAUTHORISED, f"{label_of(parts)}: password_file is set but the address names no user"
        )
    password = _read(Path(password_file))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{quote(password, safe='')}@{host}"))


def _read(path: Path) -> str:
    try:
        password = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CameraError(
            CameraFault.UNAUTHORISED, f"password_file {path} cannot be read: {type(error).__name__}"
        ) from error
    if not password:
        raise CameraError(CameraFault.UNAUTHORISED, f"password_file {path} is empty")
    return password
