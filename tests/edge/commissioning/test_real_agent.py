"""A real agent takes camera settings from a real broker, and goes back when its camera dies of them."""

import json
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.wire.desired import device_key_of_certificate, seal_for_device
from edge.wire.messages import Desired, Online
from edge.wire.records.bodies import DeviceIncident
from tests.edge.agent_city import Device
from tests.edge.running.test_agent import CAMERA, Hub, Program, wait_for
from tests.mosquitto import Mosquitto

ROOT = Path(__file__).parents[3]
# Stands for a camera driver that cannot bear a setting: the worker dies before it begins.
FATAL_SCALE = 0.5
SABOTAGE = f"""
import os
import edge.supervision.worker_process as worker_process

begin = worker_process.enter

def enter(target, settings, *rest):
    if getattr(settings, "scale", 0) == {FATAL_SCALE}:
        os._exit(9)
    begin(target, settings, *rest)

enter.__module__, enter.__qualname__ = worker_process.__name__, "enter"
worker_process.enter = enter
"""


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


def signed(device: Device, version: int, **keys: Any) -> Desired:
    plain = json.dumps({"version": version, "cameras": {"street": keys}}).encode()
    return seal_for_device(
        "config",
        version,
        plain,
        device=device.name,
        device_key=device_key_of_certificate((device.folder / "device.pem").read_bytes()),
        signing_key=device.signing_key,
    )


def incidents(hub: Hub) -> dict[str, str]:
    bodies = [record.body for record in list(hub.records.values())]
    return {body.what: body.detail for body in bodies if isinstance(body, DeviceIncident)}


def version_said(hub: Hub) -> int | None:
    born = [state for state in hub.states if isinstance(state, Online)]
    return born[-1].config_version if born else None


def test_settings_are_taken_refused_and_rolled_back(tmp_path: Path, broker: Mosquitto, hub: Hub) -> None:
    device = Device(tmp_path / "pi-1", port=broker.port, authority=broker.authority)
    device.configure(CAMERA)
    (tmp_path / "sabotage").mkdir()
    (tmp_path / "sabotage" / "sitecustomize.py").write_text(textwrap.dedent(SABOTAGE))
    path = os.pathsep.join((str(tmp_path / "sabotage"), str(ROOT)))
    program = Program(device, PYTHONPATH=path)
    try:
        wait_for(lambda: hub.stills and version_said(hub) == 0, "a picture and the birth")
        line = {"id": "jalan", "points": [[0.1, 0.6], [0.9, 0.6]], "forward": "ke kota"}
        hub.desire(signed(device, 1, lines=[line], still_every_s=0.5))
        wait_for(lambda: version_said(hub) == 1, "version 1")
        hub.desire(signed(device, 2, lines=[{**line, "colour": "red"}]))
        wait_for(lambda: "config-refused" in incidents(hub), "the refusal")
        assert "cameras.street.lines[0]" in incidents(hub)["config-refused"]
        before = len(hub.stills)
        wait_for(lambda: len(hub.stills) > before, "pictures with version 1")
        hub.desire(signed(device, 3, scale=FATAL_SCALE))
        wait_for(lambda: "config-rolled-back" in incidents(hub), "the way back")
        assert incidents(hub)["config-rolled-back"].startswith("version 3: street: crashed")
        before = len(hub.stills)
        wait_for(lambda: len(hub.stills) > before, "pictures again")
    finally:
        assert program.stop() == 0
