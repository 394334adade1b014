"""FFmpeg's errors in the words of the contract."""

import av.error
import pytest

from edge.cameras.sources.faults import camera_error
from edge.wire.records.bodies import CameraFault


def fault_of(number: int, *, took_s: float = 0.1) -> CameraFault:
    kind = av.error.classes.get(number, av.error.OSError)
    error = kind(number, "said by the system", "rtsp://admin:s3cret@host/x")
    told = camera_error(error, name="rtsp://host/x", took_s=took_s, timeout_s=4.0)
    assert "s3cret" not in str(told)
    assert "rtsp://host/x" in str(told)
    return told.fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (2, CameraFault.NOT_FOUND),
        (5, CameraFault.NOT_FOUND),
        (13, CameraFault.REFUSED),
        (16, CameraFault.REFUSED),
        (19, CameraFault.NOT_FOUND),
        (21, CameraFault.NOT_VIDEO),
        (22, CameraFault.NOT_VIDEO),
        (25, CameraFault.NOT_VIDEO),
        (28, CameraFault.FAILED),
        (32, CameraFault.ENDED),
        (101, CameraFault.NOT_FOUND),
        (104, CameraFault.ENDED),
        (110, CameraFault.SILENT),
        (111, CameraFault.REFUSED),
        (113, CameraFault.NOT_FOUND),
    ],
)
def test_an_error_of_the_system_has_a_fault(number: int, fault: CameraFault) -> None:
    assert fault_of(number) is fault


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        (b"\xf8401", CameraFault.UNAUTHORISED),
        (b"\xf8403", CameraFault.UNAUTHORISED),
        (b"\xf8404", CameraFault.NOT_FOUND),
        (b"\xf84XX", CameraFault.FAILED),
        (b"\xf85XX", CameraFault.FAILED),
        (b"EOF ", CameraFault.ENDED),
        (b"EXIT", CameraFault.SILENT),
        (b"INDA", CameraFault.NOT_VIDEO),
        (b"\xf8DEC", CameraFault.NOT_VIDEO),
        (b"\xf8PRO", CameraFault.NOT_VIDEO),
        (b"PAWE", CameraFault.NOT_VIDEO),
        (b"BUG!", CameraFault.FAILED),
    ],
)
def test_an_error_of_ffmpeg_has_a_fault(tag: bytes, fault: CameraFault) -> None:
    assert fault_of(av.error.tag_to_code(tag)) is fault


def test_whatever_comes_after_the_timeout_is_silence() -> None:
    assert fault_of(av.error.tag_to_code(b"INDA"), took_s=4.0) is CameraFault.SILENT
