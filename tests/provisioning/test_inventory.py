"""One plan gives the hub and the devices files that agree, and that both really read."""

from pathlib import Path

import msgspec
import pytest

from edge.config_file import load_config
from hub.places.areas import read_areas
from hub.places.inventory import mistakes_in, read_inventory
from provisioning.cities.sample import OWN_CAMERA, sample_city
from provisioning.inventory import CityPlan, edge_config, hub_inventory
from provisioning.toml_writing import to_toml


@pytest.fixture
def plan(tmp_path: Path) -> CityPlan:
    return sample_city(
        seed=1, phones=tmp_path / "phones & keys.json", own_cameras=("video.mp4", "rtsp://x/1")
    )


def test_the_hub_reads_its_half_and_finds_no_mistake(plan: CityPlan, tmp_path: Path) -> None:
    path = tmp_path / "inventory.json"
    path.write_bytes(msgspec.json.encode(hub_inventory(plan)))
    inventory = read_inventory(path)
    kelurahan = [area.code for area in read_areas().kelurahan]
    assert mistakes_in(inventory, kelurahan=kelurahan, known_sites=[]) == ()
    assert {device.id for device in inventory.devices} == {device.id for device in plan.devices}


def test_each_device_reads_its_half_and_both_name_the_same_things(plan: CityPlan, tmp_path: Path) -> None:
    told_hub = {device["id"]: device for device in hub_inventory(plan)["devices"]}
    for device in plan.devices:
        path = tmp_path / f"{device.id}.toml"
        path.write_text(to_toml(edge_config(device, broker_port=1234, outbox_mib=8, health_every_s=5)))
        config = load_config(path)
        hub_half = told_hub[config.device]
        assert [camera.id for camera in config.cameras] == [camera["id"] for camera in hub_half["cameras"]]
        assert [door.id for door in config.doors] == [door["id"] for door in hub_half["doors"]]
        assert [sensor.id for sensor in config.sensors] == [sensor["id"] for sensor in hub_half["sensors"]]
        for camera, told in zip(config.cameras, hub_half["cameras"], strict=True):
            assert [(line.id, line.forward) for line in camera.lines] == [
                (line["id"], line["forward"]) for line in told["lines"]
            ]
        assert config.hub.port == 1234


def test_every_source_is_listed_once(plan: CityPlan) -> None:
    assert len(set(plan.sources)) == len(plan.sources) == 11
    assert f"{OWN_CAMERA}/kamera-2" in plan.sources


def test_the_hub_learns_where_a_camera_looks_and_what_it_hangs_on(plan: CityPlan, tmp_path: Path) -> None:
    path = tmp_path / "inventory.json"
    path.write_bytes(msgspec.json.encode(hub_inventory(plan)))
    cameras = {camera.id: camera for device in read_inventory(path).devices for camera in device.cameras}
    assert cameras["utara"].heading_deg == 0.0
    assert cameras["selatan"].heading_deg == 180.0
    assert cameras["kamera-1"].heading_deg is None
    assert cameras["utara"].network_switch == cameras["selatan"].network_switch != ""
