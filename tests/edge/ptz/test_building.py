"""What a worker builds of a camera's ONVIF settings."""

from pathlib import Path

import pytest

from edge.config import CameraSettings
from edge.ptz.building import Unreachable, lookout_of, turning_of
from edge.ptz.onvif import OnvifTurning
from edge.ptz.port import Speed, TurningError


def settings(
    onvif: str = "http://10.0.0.9/onvif/device_service", password_file: str | None = None
) -> CameraSettings:
    source = "rtsp://operator@10.0.0.9/stream"
    return CameraSettings(id="utara", source=source, onvif=onvif, password_file=password_file)


def test_a_camera_without_onvif_costs_nothing() -> None:
    assert turning_of(settings("")) is None
    assert lookout_of(settings("")) is None


def test_a_camera_with_onvif_is_looked_out_for(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("rahasia\n")
    camera = settings(password_file=str(tmp_path / "word"))
    assert isinstance(turning_of(camera), OnvifTurning)
    lookout = lookout_of(camera)
    assert lookout is not None
    assert lookout.heard is None


@pytest.mark.parametrize(
    ("onvif", "password_file", "words"),
    [("http:///", None, "not of the form"), ("http://10.0.0.9/", "/nowhere/word", "cannot be read")],
)
def test_what_can_never_be_asked_says_why_each_time(
    onvif: str, password_file: str | None, words: str
) -> None:
    turning = turning_of(settings(onvif, password_file))
    assert isinstance(turning, Unreachable)
    for ask in (
        turning.pose,
        turning.presets,
        turning.stop,
        lambda: turning.go_to("1"),
        lambda: turning.move(Speed(), timeout_s=1),
    ):
        with pytest.raises(TurningError, match=words):
            ask()
