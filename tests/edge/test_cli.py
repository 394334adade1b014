"""``pontive-edge``: its output, its errors and its exit codes."""

import json
import logging
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from edge.bug_report import as_lines, bug_report
from edge.cli import main
from edge.config_file import load_config
from edge.running.agent import Agent
from edge.running.status import AgentStatus, LaneStatus, StatusFile, read_status, status_paths
from edge.shown_config import as_toml, shown
from edge.supervision.happenings import WorkerState
from edge.supervision.worker_process import WorkerKind
from edge.wire.records.bodies import DeviceHealth
from tests.edge.agent_city import SENSOR, Device

CAMERAS = """
[[cameras]]
id = "gate"
source = "rtsp://admin:s3cret@10.0.0.9/stream"
clip_source = "rtsp://admin:s3cret@10.0.0.9/main"
lines = [ {id = "road", points = [[0.1, 0.5], [0.9, 0.5]], forward = "ke \\"kota\\""} ]
[[cameras]]
id = "street"
source = "scene:street?seed=1"
"""


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """The commands set up the log of a whole process; the next test wants its own."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def call(device: Device, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(device.config_path)])


def test_a_good_configuration_is_summed_up(device: Device) -> None:
    device.configure(SENSOR + CAMERAS)
    result = call(device, "check-config")
    assert result.exit_code == 0
    assert "ok, pi-1 with 2 cameras, 0 doors, 1 sensors" in result.output


@pytest.mark.parametrize("command", ["run", "check-config", "show-config", "selftest", "diagnose"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "no such file"),
        ("device = ", "not valid TOML"),
        ('device = "pi-1"\nspeed = 3', "unknown field `speed`"),
        ('device = "PI 1"', "device: "),
    ],
)
def test_a_wrong_configuration_is_one_line_and_exit_code_2(
    device: Device, command: str, text: str | None, words: str
) -> None:
    if text is not None:
        device.config_path.write_text(text)
    result = call(device, command)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "check-config"])
def test_an_unknown_sensor_is_named_by_its_key(device: Device, command: str) -> None:
    device.configure(SENSOR.replace("simulated:water", "modbus:water"))
    result = call(device, command)
    assert result.exit_code == 2
    assert "sensors[0].source: 'modbus:water?seed=1'" in result.stderr


@pytest.mark.parametrize(
    ("missing", "words"),
    [("device.pem", "hub.certificate"), ("device.key", "hub.key"), ("ca.pem", "hub.ca")],
)
def test_an_agent_without_its_keys_does_not_start(device: Device, missing: str, words: str) -> None:
    device.configure()
    (device.folder / missing).unlink()
    result = call(device, "run")
    assert result.exit_code == 3
    assert words in result.stderr
    assert "no such file" in result.stderr


def test_a_door_without_the_hubs_key_does_not_start(device: Device) -> None:
    device.configure('[[doors]]\nid = "front"\nsource = "scene:door"\n')
    (device.folder / "hub-signing.pem").unlink()
    result = call(device, "run")
    assert result.exit_code == 3
    assert "hub.hub_key" in result.stderr


def test_an_outbox_without_room_names_the_disk_and_the_remedy(device: Device) -> None:
    device.configure()
    text = device.config_path.read_text().replace("[outbox]\n", '[outbox]\npath = "/proc/no/outbox.db"\n')
    device.config_path.write_text(text)
    result = call(device, "run")
    assert result.exit_code == 3
    assert "outbox.path /proc/no/outbox.db" in result.stderr
    assert "name a folder that this user may write" in result.stderr


def test_an_outbox_that_is_a_folder_is_named_with_what_it_needs(device: Device) -> None:
    device.configure()
    (device.folder / "outbox.db").mkdir()
    result = call(device, "run")
    assert result.exit_code == 3
    assert "it takes 4 MiB (outbox.max_mib)" in result.stderr


def test_a_clock_that_went_back_and_an_expired_certificate_are_said_but_stop_nothing(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    config = device.configure()
    (device.folder / "clock-floor").write_text("2090-01-01T00:00:00+00:00\n")
    with ExitStack() as stack:
        Agent(config, stack=stack)
    assert "the clock cannot be believed" in caplog.text
    assert "expired on" in caplog.text


def test_the_settings_shown_are_complete_masked_and_readable_again(device: Device) -> None:
    config = device.configure(SENSOR + CAMERAS)
    result = call(device, "show-config")
    assert result.exit_code == 0
    assert "s3cret" not in result.output
    assert "rtsp://admin:***@10.0.0.9/stream" in result.output
    assert "rtsp://admin:***@10.0.0.9/main" in result.output
    again = tomllib.loads(result.output)
    assert again["hub"]["keepalive_s"] == 30, "defaults are shown"
    assert msgspec.convert(again, type(config)).cameras[1] == config.cameras[1]
    as_json = json.loads(call(device, "show-config", "--json").output)
    (line,) = as_json["cameras"][0]["lines"]
    # TOML has no word for what is not set.
    assert {key: value for key, value in line.items() if value is not None} == again["cameras"][0]["lines"][0]


def test_toml_of_odd_text_survives(device: Device) -> None:
    plain = shown(device.configure(CAMERAS))
    plain["device"] = 'a"\\\n\x7fé'
    assert tomllib.loads(as_toml(plain))["device"] == plain["device"]


def test_a_selftest_says_what_failed_and_exits_with_1(device: Device) -> None:
    device.configure('[[cameras]]\nid = "gone"\nsource = "/no/such.mp4"\n')
    result = call(device, "selftest", "--json")
    assert result.exit_code == 1
    checks = {check["name"]: check["is_ok"] for check in json.loads(result.stdout)}
    assert checks["certificate"]
    assert not checks["broker"]
    assert not checks["camera-gone"]
    text = call(device, "selftest").stdout
    assert "FAILED  camera-gone" in text
    assert "ok      certificate" in text


def status(device: Device) -> AgentStatus:
    return AgentStatus(
        at=datetime.now(UTC),
        version="0.1.0",
        is_connected=True,
        roster_version=0,
        epoch="0" * 16,
        kept=5,
        refused=1,
        outbox_trouble="no room",
        outbox={"event": LaneStatus(rows=3, payload_bytes=300)},
        health=DeviceHealth(
            uptime_s=1, load=1, memory_free_mib=1, disk_free_mib=1, outbox_rows=3, outbox_bytes=300
        ),
        workers=(WorkerState("gate", WorkerKind.CAMERA, False, 7, None, 2, "hung: no progress for 8 s"),),
        recent_warnings=("WARNING edge: rtsp://admin:***@10.0.0.9",),
    )


def test_a_diagnosis_tells_what_the_agent_last_said(device: Device) -> None:
    config = device.configure(CAMERAS)
    StatusFile(status_paths(config, device.folder / "run")).write(status(device))
    result = call(device, "diagnose", "--json")
    assert result.exit_code == 0
    assert "s3cret" not in result.output
    found = json.loads(result.output)
    assert found["agent"]["kept"] == 5
    assert found["versions"]["pontive"] == "0.1.0"
    text = call(device, "diagnose").output
    assert "camera gate: is down, 7 frames, 2 restarts; hung: no progress for 8 s" in text
    assert "refused 1 no room" in text
    assert "waiting event: 3 records" in text


def test_a_diagnosis_without_an_agent_says_so(device: Device) -> None:
    config = device.configure()
    assert bug_report(config)["agent"] is None
    assert "is it running?" in as_lines(bug_report(config))


def test_the_status_prefers_the_memory_disk_and_survives_damage(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    config = device.configure()
    (device.folder / "run").mkdir()
    paths = status_paths(config, device.folder / "run")
    StatusFile(paths).write(status(device))
    assert paths[0].exists()
    assert not paths[1].exists()
    paths[1].write_text("garbage")
    found = read_status(paths)
    assert found is not None
    assert found.kept == 5
    assert "cannot be read" in caplog.text


def test_a_status_that_cannot_be_written_is_logged_once(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    file = StatusFile([device.folder / "gone" / "status.json"])
    file.write(status(device))
    file.write(status(device))
    assert caplog.text.count("cannot be written") == 1


def test_checking_a_configuration_loads_nothing_heavy(device: Device) -> None:
    device.configure(CAMERAS + SENSOR)
    program = (
        "import sys; from edge.cli import main\n"
        "try: main(['check-config', '--config', sys.argv[1]])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(sorted({'numpy', 'cv2', 'av', 'paho', 'cryptography', 'edge.outbox'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(device.config_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_agent_itself_loads_neither_numpy_nor_opencv() -> None:
    program = (
        "import sys, edge.running.agent; print(sorted({'numpy', 'cv2', 'av', 'zxingcpp'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"


def test_the_configuration_may_be_named_by_the_environment(device: Device) -> None:
    device.configure()
    result = CliRunner().invoke(main, ["check-config"], env={"PONTIVE_EDGE_CONFIG": str(device.config_path)})
    assert result.exit_code == 0
    assert load_config(device.config_path).device == "pi-1"
