"""The sample city is the small plausible city that the README promises."""

from pathlib import Path

import pytest

from edge.cameras.drawn.settings import parse_scene
from edge.hadir.phones.camera import parse_door_scene
from edge.sensors.simulated import open_sensor
from provisioning.sample_city import OWN_CAMERA, sample_city


@pytest.mark.parametrize("seed", [0, 1, 99_999])
def test_every_simulated_source_is_one_that_the_edge_knows(seed: int, tmp_path: Path) -> None:
    phones = tmp_path / "a folder & more" / "phones.json"
    plan = sample_city(seed=seed, phones=phones)
    for device in plan.devices:
        for camera in device.cameras:
            parse_scene(camera.settings.source.removeprefix("scene:"))
        for door in device.doors:
            assert parse_door_scene(door.settings.source).phones == str(phones)
        for sensor in device.sensors:
            open_sensor(sensor.settings.source)


def test_two_seeds_draw_different_streets_and_one_seed_the_same() -> None:
    def sources(seed: int) -> list[str]:
        plan = sample_city(seed=seed, phones=Path("p"))
        return [camera.settings.source for device in plan.devices for camera in device.cameras]

    assert sources(1) == sources(1)
    assert len(set(sources(1))) == 4
    assert set(sources(1)).isdisjoint(sources(7))


def test_the_monument_lies_on_the_equator_and_one_device_comes_and_goes() -> None:
    plan = sample_city(seed=1, phones=Path("p"))
    assert [site.id for site in plan.sites if site.lat == 0.0] == ["tugu-khatulistiwa"]
    assert [device.id for device in plan.devices if device.is_fickle] == ["pi-beting"]
    assert {device.id for device in plan.devices if device.medium == "wireless"} == {"pi-beting"}


def test_own_cameras_get_a_site_and_a_line_across_the_middle() -> None:
    plan = sample_city(seed=1, phones=Path("p"), own_cameras=("/dev/video0",))
    own = plan.devices[-1]
    assert own.id == own.site == plan.sites[-1].id == OWN_CAMERA
    assert own.cameras[0].settings.source == "/dev/video0"
    assert own.cameras[0].lines[0].line.points == ((0.0, 0.5), (1.0, 0.5))
