"""What FFmpeg says, in the words of the contract: one place turns its errors into ours.

Must not put an address into a message: the caller passes a name without secrets.
"""

from dataclasses import dataclass

import av.error as ffmpeg

from edge.cameras.port import CameraError
from edge.wire.records.bodies import CameraFault

_INPUT_OUTPUT_ERROR = 5
_NO_DEVICE = 19
_BUSY = 16
_NOT_A_TERMINAL = 25  # "inappropriate ioctl": the file is no video device
_UNREACHABLE = {101, 113}  # network, host


@dataclass(frozen=True, slots=True)
class _Meaning:
    fault: CameraFault
    advice: str


_SILENT = _Meaning(CameraFault.SILENT, "says nothing; is it the right port, and is the camera well?")
_UNREACHED = _Meaning(CameraFault.NOT_FOUND, "cannot be reached; check its address, cable and power")
_NO_VIDEO = _Meaning(CameraFault.NOT_VIDEO, "is no video that can be read; check the path and the codec")
_ENDED = _Meaning(CameraFault.ENDED, "closed the stream")

_BY_TYPE: tuple[tuple[type[Exception], _Meaning], ...] = (
    (ffmpeg.ExitError, _SILENT),
    (ffmpeg.TimeoutError, _SILENT),
    (ffmpeg.HTTPUnauthorizedError, _Meaning(CameraFault.UNAUTHORISED, "refuses the user or the password")),
    (ffmpeg.HTTPForbiddenError, _Meaning(CameraFault.UNAUTHORISED, "forbids this user to watch")),
    (ffmpeg.HTTPNotFoundError, _Meaning(CameraFault.NOT_FOUND, "knows no such stream; check the path")),
    (ffmpeg.FileNotFoundError, _Meaning(CameraFault.NOT_FOUND, "does not exist; check the path")),
    (ffmpeg.IsADirectoryError, _Meaning(CameraFault.NOT_VIDEO, "is a folder; give the video in it")),
    (
        ffmpeg.PermissionError,
        _Meaning(CameraFault.REFUSED, "may not be read by this user; check its owner and group"),
    ),
    (
        ffmpeg.ConnectionRefusedError,
        _Meaning(CameraFault.REFUSED, "refuses connections; is the port right, and RTSP switched on?"),
    ),
    (ffmpeg.ConnectionResetError, _ENDED),
    (ffmpeg.BrokenPipeError, _ENDED),
    (ffmpeg.EOFError, _ENDED),
    (ffmpeg.InvalidDataError, _NO_VIDEO),
    (ffmpeg.ArgumentError, _NO_VIDEO),  # a format or a protocol that is not allowed
    (ffmpeg.LookupError, _NO_VIDEO),
    (ffmpeg.PatchWelcomeError, _NO_VIDEO),
)
_BY_NUMBER: dict[int, _Meaning] = {
    _INPUT_OUTPUT_ERROR: _UNREACHED,
    _NO_DEVICE: _Meaning(CameraFault.NOT_FOUND, "was unplugged"),
    _BUSY: _Meaning(CameraFault.REFUSED, "is in use by another program"),
    _NOT_A_TERMINAL: _Meaning(CameraFault.NOT_VIDEO, "is no video device"),
    **dict.fromkeys(_UNREACHABLE, _UNREACHED),
}


def camera_error(
    error: ffmpeg.FFmpegError, *, name: str, took_s: float, timeout_s: float, is_open: bool = False
) -> CameraError:
    """Return what a technician should read instead of ``error``.

    Args:
        name: the source without secrets.
        took_s: how long the call lasted. FFmpeg answers an interrupted RTSP handshake with
            "invalid data", so only the time tells silence from rubbish.
        timeout_s: how long it was allowed to last.
        is_open: the source had been reached before.
    """
    meaning = _SILENT if took_s >= timeout_s else _meaning(error)
    if is_open and meaning is _UNREACHED:
        meaning = _ENDED
    if meaning is None:
        return CameraError(CameraFault.FAILED, f"{name}: {error.strerror or type(error).__name__}")
    return CameraError(meaning.fault, f"{name} {meaning.advice}")


def _meaning(error: ffmpeg.FFmpegError) -> _Meaning | None:
    for kind, meaning in _BY_TYPE:
        if isinstance(error, kind):
            return meaning
    return _BY_NUMBER.get(error.errno or 0)
