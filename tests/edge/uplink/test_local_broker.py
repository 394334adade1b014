"""The second broker is a real mosquitto, with and without a login; it may be away."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from edge.config import CameraSettings, EdgeConfig, HomeAssistantSettings
from edge.errors import ConfigError
from edge.uplink.local_broker import tell_home
from edge.wire.records.bodies import CameraIntegrity, DeviceIncident, PictureState
from provisioning.broker import find_mosquitto
from tests.mosquitto import free_port

PATIENCE_S = 240.0
AVAILABILITY = "pontive-local/pi-1/availability"
PICTURE = "pontive-local/pi-1/gate/picture"
ENTITY = "homeassistant/binary_sensor/pontive_pi-1_gate_picture/config"


def wait_for(is_true: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


class House:
    """A mosquitto as people run it at home, and somebody who listens to everything."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.heard: dict[str, bytes] = {}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._ear: paho.Client | None = None

    def start(self, *, password: str = "") -> None:
        lines = [f"listener {self.port} 127.0.0.1", f"allow_anonymous {'false' if password else 'true'}"]
        if password:
            users = self._folder / "users"
            tool = shutil.which("mosquitto_passwd")
            assert tool is not None
            subprocess.run([tool, "-b", "-c", str(users), "pi", password], check=True, capture_output=True)
            users.chmod(0o644)
            lines.append(f"password_file {users}")
        (self._folder / "home.conf").write_text("\n".join([*lines, "user root", ""]))
        self._process = subprocess.Popen(
            [find_mosquitto(), "-c", str(self._folder / "home.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ear = paho.Client(CallbackAPIVersion.VERSION2)
        if password:
            self._ear.username_pw_set("pi", password)
        self._ear.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._ear.on_message = self._hear
        self._ear.reconnect_delay_set(1, 1)
        self._ear.connect_async("127.0.0.1", self.port)
        self._ear.loop_start()

    def _hear(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self.heard[message.topic] = bytes(message.payload)

    def stop(self) -> None:
        if self._ear is not None:
            self._ear.disconnect()
            self._ear.loop_stop()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path)
    yield one
    one.stop()


def config(port: int, **more: str) -> EdgeConfig:
    return EdgeConfig(
        device="pi-1",
        cameras=(CameraSettings(id="gate", source="scene:street?seed=1"),),
        home_assistant=HomeAssistantSettings(host="127.0.0.1", port=port, **more),
    )


BLACK = CameraIntegrity(camera="gate", picture=PictureState.BLACK)


def test_entities_states_and_availability_reach_a_broker_that_comes_late(house: House) -> None:
    with ExitStack() as stack:
        tell = tell_home(config(house.port), at_end=stack.callback)
        assert tell is not None
        tell(BLACK)
        tell(DeviceIncident(what="x"))
        house.start()
        wait_for(lambda: {AVAILABILITY, PICTURE, ENTITY} <= house.heard.keys())
        assert house.heard[AVAILABILITY] == b"online"
        assert json.loads(house.heard[PICTURE])["problem"] == "ON"
        tell(CameraIntegrity(camera="gate", picture=PictureState.GOOD))
        wait_for(lambda: json.loads(house.heard[PICTURE])["problem"] == "OFF")
    wait_for(lambda: house.heard[AVAILABILITY] == b"offline")


def test_a_login_is_read_from_its_file(house: House, tmp_path: Path) -> None:
    house.start(password="rahasia")
    (tmp_path / "password").write_text("rahasia\n")
    with ExitStack() as stack:
        tell_home(
            config(house.port, user="pi", password_file=str(tmp_path / "password")), at_end=stack.callback
        )
        wait_for(lambda: house.heard.get(AVAILABILITY) == b"online")


def test_a_wrong_login_is_named_and_tried_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.start(password="rahasia")
    with ExitStack() as stack:
        tell_home(config(house.port, user="pi"), at_end=stack.callback)
        wait_for(lambda: "refuses us" in caplog.text)


def test_without_a_host_nobody_is_told() -> None:
    with ExitStack() as stack:
        assert tell_home(EdgeConfig(device="pi-1"), at_end=stack.callback) is None


@pytest.mark.parametrize("name", ["password_file", "ca"])
def test_a_login_that_cannot_be_read_is_a_configuration_error(tmp_path: Path, name: str) -> None:
    with ExitStack() as stack, pytest.raises(ConfigError, match="home_assistant"):
        tell_home(config(1, **{name: str(tmp_path / "gone")}), at_end=stack.callback)
