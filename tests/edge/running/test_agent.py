"""The whole agent as a program: real outbox, real uplink, real mosquitto, real worker processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import psutil
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.wire.desired import device_key_of_certificate, seal_for_device
from edge.wire.messages import (
    Ack,
    Desired,
    Offline,
    OfflineReason,
    Online,
    Record,
    Reply,
    RunSelftest,
    State,
    TakeStill,
    decode_records,
    decode_reply,
    decode_state,
    encode,
    ranges_of,
)
from edge.wire.records.bodies import CameraIntegrity, Cause
from edge.wire.topics import DownChannel, UpChannel, down, up, up_filter
from tests.edge.agent_city import SENSOR, Device
from tests.edge.documents.test_roster import roster
from tests.edge.health.twins import Upsd, served
from tests.mosquitto import Mosquitto, free_port

PATIENCE_S = 240.0
CAMERA = """
[[cameras]]
id = "street"
source = "scene:street?seed=1"
fps = 5
still_every_s = 1
silent_after_s = 4
"""


def wait_for(is_true: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s, f"waited in vain for {what}"
        time.sleep(0.05)


class Hub:
    """Hears one device, acknowledges what it says and asks it things."""

    def __init__(self, broker: Mosquitto) -> None:
        self.records: dict[tuple[str, int], Record] = {}
        self.states: list[State] = []
        self.stills: list[str] = []
        self.replies: list[Reply] = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="hub", protocol=paho.MQTTv5)
        self._client.tls_set_context(broker.context("hub"))
        self._client.on_message = self._hear
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(up_filter(channel), 1) for channel in UpChannel]
        )
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def _hear(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        match message.topic.split("/")[4]:
            case "records":
                batch = decode_records(message.payload)
                self.records |= {(batch.epoch, record.seq): record for record in batch.records}
                ack = Ack(epoch=batch.epoch, ranges=ranges_of([record.seq for record in batch.records]))
                self._client.publish(down("pi-1", DownChannel.ACK), encode(ack), qos=1)
            case "state":
                self.states.append(decode_state(message.payload))
            case "still":
                self.stills.append(message.topic)
            case "reply":
                self.replies.append(decode_reply(message.payload))

    def ask(self, command: TakeStill | RunSelftest) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        properties.ResponseTopic = up("pi-1", UpChannel.REPLY)
        properties.CorrelationData = b"1"
        self._client.publish(down("pi-1", DownChannel.CMD), encode(command), qos=1, properties=properties)

    def desire(self, desired: Desired) -> None:
        self._client.publish(down("pi-1", DownChannel.DESIRED), encode(desired), qos=1)

    def kinds(self) -> set[str]:
        # Copied first: the connection's thread adds to it meanwhile.
        return {type(record.body).__name__ for record in tuple(self.records.values())}

    def integrity(self, camera: str) -> list[CameraIntegrity]:
        bodies = [record.body for record in tuple(self.records.values())]
        return [body for body in bodies if isinstance(body, CameraIntegrity) and body.camera == camera]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Program:
    """``pontive-edge run`` as a child process."""

    def __init__(self, device: Device, **environment: str) -> None:
        self.device = device
        self.log_path = device.folder / "agent.log"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "edge.cli", "run", "--config", str(device.config_path)],
                stderr=log,
                env={**os.environ, **environment},
                cwd=Path(__file__).parents[3],
            )

    def log(self) -> str:
        return self.log_path.read_text()

    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    one = Mosquitto(tmp_path / "city")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def hub(broker: Mosquitto) -> Iterator[Hub]:
    one = Hub(broker)
    yield one
    one.close()


@pytest.fixture
def device(broker: Mosquitto, tmp_path: Path) -> Device:
    return Device(tmp_path / "pi-1", port=broker.port, authority=broker.authority)


@pytest.fixture
def run(device: Device) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(**environment: str) -> Program:
        started.append(Program(device, **environment))
        return started[-1]

    yield start
    for program in started:
        program.process.kill()
        program.process.wait()


Run = Callable[..., Program]


def accepted(device: Device) -> dict[tuple[str, int], str]:
    lines = (device.folder / "accepted.log").read_text().splitlines()
    return {(epoch, int(seq)): kind for epoch, seq, _, kind in map(str.split, lines)}


def test_what_is_accepted_arrives_and_a_stop_is_clean(device: Device, hub: Hub, run: Run) -> None:
    device.configure(SENSOR + CAMERA)
    program = run()
    wait_for(
        lambda: {"SensorReading", "DeviceHealth", "CameraIntegrity"} <= hub.kinds(), "all kinds of records"
    )
    wait_for(lambda: hub.stills, "a still")
    assert hub.stills[0] == "pontive/1/up/pi-1/still/street"
    birth = hub.states[0]
    assert isinstance(birth, Online)
    assert (birth.cameras, birth.sensors, birth.doors) == (("street",), ("river",), ())
    assert program.stop() == 0, program.log()
    wait_for(lambda: len(hub.states) == 2, "the farewell")
    assert hub.states[1] == Offline(boot_id=birth.boot_id, reason=OfflineReason.STOPPED)
    births = len(hub.states)
    again = run()
    wait_for(lambda: len(hub.states) > births, "the second birth")
    wait_for(lambda: accepted(device).keys() <= hub.records.keys(), "every accepted record")
    assert again.stop() == 0
    assert "Traceback" not in program.log()


def test_a_kill_loses_nothing_that_was_accepted_and_leaves_no_orphans(
    device: Device, hub: Hub, run: Run
) -> None:
    device.configure(SENSOR.replace("every_s = 0.1", "every_s = 0.01"))
    program = run()
    wait_for(lambda: len(hub.records) > 100, "records")
    workers = program.workers()
    assert workers
    program.process.kill()
    program.process.wait()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE_S)
    assert alive == []
    births = len(hub.states)
    again = run()
    wait_for(lambda: len(hub.states) > births, "the second birth")
    wait_for(lambda: accepted(device).keys() <= hub.records.keys(), "every accepted record")
    assert again.stop() == 0


def test_a_stopped_camera_worker_is_replaced_and_the_others_go_on(device: Device, hub: Hub, run: Run) -> None:
    device.configure(SENSOR + CAMERA)
    program = run()
    wait_for(lambda: hub.stills and "SensorReading" in hub.kinds(), "the first still")
    before = {worker.pid: worker for worker in program.workers()}
    camera = max(before.values(), key=lambda worker: worker.memory_info().rss)
    camera.suspend()
    wait_for(
        lambda: [
            r.body.fault for r in tuple(hub.records.values()) if getattr(r.body, "fault", "none") != "none"
        ],
        "the fault on record",
    )
    seen = len(hub.stills)
    wait_for(lambda: len(hub.stills) > seen, "stills of the next worker")
    after = {worker.pid for worker in program.workers()}
    assert len(after) == 2
    assert after & before.keys() == before.keys() - {camera.pid}, "only the camera was replaced"
    assert program.stop() == 0


def test_commands_are_answered(device: Device, hub: Hub, run: Run) -> None:
    device.configure(SENSOR + CAMERA)
    program = run()
    wait_for(lambda: hub.stills, "the first still")
    hub.ask(RunSelftest())
    wait_for(lambda: hub.replies, "the answer")
    assert hub.replies[0].values["certificate"] is True
    assert hub.replies[0].values["camera-street"] is True
    hub.ask(TakeStill(camera="street"))
    wait_for(lambda: len(hub.replies) == 2, "the second answer")
    assert hub.replies[1].is_done
    assert program.stop() == 0


def test_systemd_hears_ready_status_watchdog_and_stopping(device: Device, run: Run, tmp_path: Path) -> None:
    device.configure(SENSOR)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE_S)
        program = run(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="1500000")
        heard = ""
        while not all(word in heard for word in ("READY=1", "STATUS=1 of 1 workers", "WATCHDOG=1")):
            heard += systemd.recv(1_000).decode() + "\n"
        program.process.send_signal(signal.SIGTERM)
        while "STOPPING=1" not in heard:
            heard += systemd.recv(1_000).decode() + "\n"
        assert program.process.wait(timeout=PATIENCE_S) == 0


def test_a_broker_that_is_away_costs_nothing(device: Device, broker: Mosquitto, run: Run) -> None:
    device.configure(SENSOR)
    broker.stop()
    program = run()
    wait_for(lambda: (device.folder / "accepted.log").exists() and len(accepted(device)) > 30, "records")
    broker.start()
    hub = Hub(broker)
    try:
        wait_for(
            lambda: {key for key in accepted(device) if key[1] <= 30} <= hub.records.keys(), "the backlog"
        )
    finally:
        hub.close()
    assert program.stop() == 0


def test_diagnose_reads_what_the_running_agent_says(device: Device, hub: Hub, run: Run) -> None:
    device.configure(SENSOR)
    program = run()
    wait_for(lambda: "DeviceHealth" in hub.kinds(), "the first report")
    wait_for(
        lambda: list(device.folder.glob("*.status.json")) or Path("/run/pontive-edge").is_dir(), "status"
    )
    done = subprocess.run(
        [sys.executable, "-m", "edge.cli", "diagnose", "--json", "--config", str(device.config_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    found = json.loads(done.stdout)
    assert found["agent"]["workers"][0]["name"] == "_sensors"
    assert datetime.fromisoformat(found["agent"]["at"]) <= datetime.now(UTC)
    assert program.stop() == 0


def test_a_roster_is_kept_across_restarts_and_a_lost_door_is_an_incident(
    device: Device, hub: Hub, run: Run
) -> None:
    device.configure('[[doors]]\nid = "front"\nsource = "/no/such/video.mp4"\n')
    program = run()
    wait_for(lambda: "DeviceIncident" in hub.kinds(), "the door's trouble")
    hub.desire(
        seal_for_device(
            "roster",
            7,
            roster(7),
            device="pi-1",
            device_key=device_key_of_certificate((device.folder / "device.pem").read_bytes()),
            signing_key=device.signing_key,
        )
    )
    wait_for(lambda: "roster 7 is in force" in program.log(), "the roster")
    assert program.stop() == 0
    births = len(hub.states)
    again = run()
    wait_for(lambda: len(hub.states) > births, "the second birth")
    birth = hub.states[-1]
    assert isinstance(birth, Online)
    assert birth.roster_version == 7
    assert again.stop() == 0


def test_a_dark_camera_says_why_and_a_supply_that_runs_dry_says_goodbye(
    device: Device, hub: Hub, run: Run
) -> None:
    upsd = Upsd({"ups.status": "OL"})
    with served(upsd) as ups_port:
        device.configure(
            f"""
[health]
ups = "kabinet"
ups_port = {ups_port}

[[cameras]]
id = "gate"
source = "rtsp://127.0.0.1:{free_port()}/live"
"""
        )
        program = run()
        wait_for(lambda: hub.integrity("gate"), "the dark camera")
        assert hub.integrity("gate")[0].cause is Cause.CAMERA
        assert "refuses-stream" in hub.integrity("gate")[0].evidence
        upsd.answers["ups.status"] = "OB LB"
        wait_for(lambda: isinstance(hub.states[-1], Offline), "the last gasp")
        assert hub.states[-1].reason is OfflineReason.POWER
        upsd.answers["ups.status"] = "OL"
        wait_for(lambda: isinstance(hub.states[-1], Online), "the gasp taken back")
        assert program.stop() == 0, program.log()
    assert b'"is_stopped":true' in (device.folder / "life.json").read_bytes()
    assert "Traceback" not in program.log()
