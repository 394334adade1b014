"""Checks of ONVIF and detector, against the simulated camera and a tiny model."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.bug_report import as_lines, bug_report
from edge.cli import main
from edge.config import CameraSettings, DetectorSettings, Preset
from edge.config_file import load_config
from edge.errors import ConfigError
from edge.health.selftest.equipment import check_equipment, check_onvif
from edge.health.selftest.models import missing_models
from edge.ptz.port import CameraPreset, Pose
from edge.ptz.simulated.head import Head
from edge.ptz.simulated.server import OnvifServer
from edge.ptz.simulated.service import SimulatedOnvif
from tests.edge.agent_city import Device
from tests.edge.vision.objects.onnx_writing import model


@pytest.fixture
def onvif() -> Iterator[OnvifServer]:
    one = OnvifServer(SimulatedOnvif(Head(time.monotonic), lambda: datetime.now(UTC)))
    yield one
    one.close()


def camera(onvif: str = "", detector: DetectorSettings | None = None, *tokens: str) -> CameraSettings:
    presets = tuple(Preset(id=f"preset-{token}", token=token) for token in tokens)
    return CameraSettings(id="utara", source="scene:street", onvif=onvif, detector=detector, presets=presets)


def test_a_camera_without_equipment_has_no_checks() -> None:
    assert check_equipment([camera()]) == []


def test_onvif_that_answers_says_how_many_presets_are_drawn(onvif: OnvifServer) -> None:
    (check,) = check_equipment([camera(onvif.address, None, "1", "2")])
    assert (check.name, check.is_ok, check.detail) == ("onvif-utara", True, "3 presets, 2 of them drawn")


def test_onvif_that_cannot_be_asked_is_named() -> None:
    (check,) = check_equipment([camera("http://127.0.0.1:9/")])
    assert not check.is_ok
    assert "check address and port" in check.detail


def test_a_preset_that_the_camera_forgot_is_named(onvif: OnvifServer) -> None:
    (check,) = check_equipment([camera(onvif.address, None, "1", "9")])
    assert not check.is_ok
    assert "preset-9; teach it there again" in check.detail


def test_a_camera_that_names_no_position_is_named() -> None:
    class Mute(Head):
        def pose(self) -> Pose:
            return Pose(None)

    check = check_onvif(camera("http://127.0.0.1/"), Mute(time.monotonic, presets=(CameraPreset("1", ""),)))
    assert "names no position" in check.detail


def test_a_detector_that_can_be_used_and_one_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(model())
    good = DetectorSettings(model=str(tmp_path / "m.onnx"), labels=("merah", "biru"))
    lost = DetectorSettings(model=str(tmp_path / "none.onnx"), labels=("merah", "biru"))
    checks = check_equipment([camera("", good), camera("", lost)])
    assert [check.is_ok for check in checks] == [True, False]
    assert checks[0].detail == "m.onnx with 2 labels"
    assert "none.onnx cannot be read" in checks[1].detail
    (words,) = missing_models([camera("", good), camera("", lost), camera()])
    assert "none.onnx is missing; copy" in words


TURNING = """
[[cameras]]
id = "utara"
source = "scene:street"
onvif = "http://operator:s3cret@127.0.0.1:9/"
presets = [ {id = "jalan", token = "1"} ]
detector = {model = "yolo.onnx", labels = ["mobil"]}
"""


def test_the_command_line_names_a_missing_model_and_masks_the_password(tmp_path: Path) -> None:
    device = Device(tmp_path)
    device.configure(TURNING)
    checked = CliRunner().invoke(main, ["check-config", "--config", str(device.config_path)])
    assert checked.exit_code == 1
    assert "yolo.onnx is missing" in checked.output
    shown = CliRunner().invoke(main, ["show-config", "--json", "--config", str(device.config_path)])
    assert "s3cret" not in shown.output
    (shown_camera,) = json.loads(shown.output)["cameras"]
    assert shown_camera["onvif"] == "http://operator:***@127.0.0.1:9/"
    assert shown_camera["presets"][0]["token"] == "1"
    tested = CliRunner().invoke(main, ["selftest", "--json", "--config", str(device.config_path)])
    names = {check["name"]: check["is_ok"] for check in json.loads(tested.stdout)}
    assert (names["onvif-utara"], names["detector-utara"]) == (False, False)


def test_the_bug_report_tells_of_presets_and_model(tmp_path: Path) -> None:
    device = Device(tmp_path)
    config = device.configure(TURNING)
    found = bug_report(config)
    found["agent"] = None
    assert "left no status" in as_lines(found)
    found["agent"] = {
        "age_s": 1.0, "is_connected": True, "outbox": {}, "kept": 0, "refused": 0, "outbox_trouble": "",
        "health": {}, "workers": [], "recent_warnings": [],
    }  # fmt: skip
    lines = as_lines(found)
    assert "camera utara: turns by ONVIF http://operator:***@127.0.0.1:9/; presets drawn: jalan" in lines
    assert "yolo.onnx is missing" in lines


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('presets = [ {id = "a", token = "1"} ]', r"cameras\[0\]\.presets: nobody knows.*set onvif"),
        (
            'onvif = "http://10.0.0.9/"\nprivacy_masks = [ [[0,0],[1,0],[1,1]] ]',
            r"cameras\[0\]\.privacy_masks: .*draw them in its presets",
        ),
    ],
)
def test_views_that_could_not_be_told_apart_are_refused(tmp_path: Path, keys: str, words: str) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(f'device = "pi-1"\n[[cameras]]\nid = "utara"\nsource = "scene:street"\n{keys}\n')
    with pytest.raises(ConfigError, match=words):
        load_config(path)
