"""Builds what a camera worker knows of its turning: the lookout at its ONVIF address."""

from pathlib import Path

from edge.config import CameraSettings
from edge.ptz.lookout import Lookout
from edge.ptz.port import CameraPreset, Pose, Speed, Turning, TurningError


class Unreachable:
    """A camera whose ONVIF cannot be asked at all, and why; the camera is watched all the same."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def pose(self) -> Pose:
        """Refuse."""
        raise TurningError(self._reason)

    def presets(self) -> tuple[CameraPreset, ...]:
        """Refuse."""
        raise TurningError(self._reason)

    def go_to(self, token: str) -> None:
        """Refuse."""
        raise TurningError(self._reason)

    def move(self, speed: Speed, *, timeout_s: float) -> None:
        """Refuse."""
        raise TurningError(self._reason)

    def stop(self) -> None:
        """Refuse."""
        raise TurningError(self._reason)


def turning_of(settings: CameraSettings) -> Turning | None:
    """Return the camera as one that turns; None without an ONVIF address. Nothing is asked yet."""
    if not settings.onvif:
        return None
    # Most cameras do not turn, and what speaks to those that do takes 2 MB of each worker.
    from edge.ptz.onvif import OnvifTurning
    from edge.ptz.soap import login_of

    try:
        login = login_of(settings.onvif, source=settings.source, password=_password(settings))
        return OnvifTurning(settings.onvif, login)
    except TurningError as error:
        return Unreachable(str(error))


def lookout_of(settings: CameraSettings) -> Lookout | None:
    """Return the lookout of a camera, not yet started; None without an ONVIF address."""
    turning = turning_of(settings)
    return None if turning is None else Lookout(turning, name=settings.id)


def _password(settings: CameraSettings) -> str | None:
    if settings.password_file is None:
        return None
    try:
        return Path(settings.password_file).read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise TurningError(
            f"password_file {settings.password_file} cannot be read: {type(error).__name__}"
        ) from error
