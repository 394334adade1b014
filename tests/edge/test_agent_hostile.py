"""A camera that lies costs the agent nothing but that camera."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.wire.records.bodies import CameraCounts, CameraFault, PictureState
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import Fault, RtspCameraSimulator, running
from tests.edge.agent_city import Device
from tests.edge.running.test_agent import Hub, Program, wait_for
from tests.mosquitto import Mosquitto

CAMERAS = """
[[cameras]]
id = "honest"
source = "scene:street?seed=1&width=320&height=180"
fps = 5
counts_every_s = 1

[[cameras]]
id = "liar"
source = "{address}"
fps = 5
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


def counts(hub: Hub) -> int:
    bodies = [record.body for record in list(hub.records.values())]
    return sum(isinstance(body, CameraCounts) and body.camera == "honest" for body in bodies)


def test_a_camera_that_lies_is_named_comes_back_and_its_neighbour_does_not_notice(
    tmp_path: Path, broker: Mosquitto, hub: Hub
) -> None:
    device = Device(tmp_path / "pi-1", port=broker.port, authority=broker.authority)
    film = street_film(width=320, height=176, fps=10, seconds=4)
    with running(RtspCameraSimulator(film=film)) as camera:
        device.configure(CAMERAS.format(address=camera.address))
        program = Program(device)
        try:
            wait_for(lambda: hub.integrity("liar") and counts(hub), "both cameras")
            assert hub.integrity("liar")[0].picture is PictureState.GOOD
            camera.fault = Fault.GARBAGE
            wait_for(lambda: hub.integrity("liar")[-1].picture is PictureState.ABSENT, "the fault")
            assert hub.integrity("liar")[-1].fault in (CameraFault.SILENT, CameraFault.NOT_VIDEO)
            before = counts(hub)
            wait_for(lambda: counts(hub) > before + 2, "the neighbour's counts")
            camera.fault = Fault.NONE
            wait_for(lambda: hub.integrity("liar")[-1].picture is PictureState.GOOD, "the camera back")
            assert {body.picture for body in hub.integrity("honest")} == {PictureState.GOOD}
        finally:
            assert program.stop() == 0
    assert "Traceback" not in program.log()
