"""``pontive-edge discover`` as a technician runs it."""

import json

import pytest
from click.testing import CliRunner

from edge.cli import main
from edge.discovery.command import DiscoveryError, as_lines, discovered
from edge.discovery.found import FoundCamera
from provisioning.simulators.onvif_camera import OnvifCameraSimulator, running
from tests.edge.health.twins import talker


def test_an_onvif_camera_is_found_beside_the_networks_named() -> None:
    with running(OnvifCameraSimulator(name="Gerbang")) as camera, talker(b""):
        found = discovered(
            ("127.0.0.1/32",), interface="127.0.0.1", wait_s=0.5, destination=("127.0.0.1", camera.port)
        )
    assert [(each.address, each.name) for each in found] == [("127.0.0.1", "Gerbang")]


def test_an_interface_that_is_not_ours_names_the_remedy() -> None:
    with pytest.raises(DiscoveryError, match="--interface"):
        discovered((), interface="192.0.2.200", wait_s=0.05)


def test_lines_for_people() -> None:
    assert "--network" in as_lines(())
    lines = as_lines(
        (
            FoundCamera(address="10.0.0.9", source="rtsp://10.0.0.9:554/", name="Gerbang", needs_login=True),
            FoundCamera(address="10.0.0.20", source="rtsp://10.0.0.20:554/", needs_login=False),
            FoundCamera(address="10.0.0.21"),
        )
    ).splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == ["10.0.0.9", "10.0.0.20", "10.0.0.21"]
    assert "asks for a login" in lines[0]
    assert "Gerbang" in lines[0]
    assert "open to everybody" in lines[1]
    assert "ONVIF only" in lines[2]


def test_json_for_programs_and_an_exit_code_for_a_network_that_may_not_be() -> None:
    runner = CliRunner()
    done = runner.invoke(main, ["discover", "--interface", "127.0.0.1", "--wait", "0.1", "--json"])
    assert done.exit_code == 0, done.output
    assert isinstance(json.loads(done.stdout), list)
    refused = runner.invoke(main, ["discover", "--network", "8.8.8.0/24"])
    assert refused.exit_code == 2
    assert "not a private network" in refused.stderr
