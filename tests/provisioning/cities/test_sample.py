"""The sample city is the small plausible city that the README promises."""

from pathlib import Path

import pytest

from edge.cameras.drawn.gauge.settings import drawn_gauge, parse_gauge
from edge.cameras.opening import camera_for
from edge.config import Medium
from edge.hadir.phones.camera import parse_door_scene
from edge.sensors.simulated import open_sensor
from edge.wire.camera_settings import check_view
from provisioning.cities.sample import OWN_CAMERA, sample_city


@pytest.mark.parametrize("seed", [0, 1, 99_999])
def test_every_simulated_source_is_one_that_the_edge_knows(seed: int, tmp_path: Path) -> None:
    phones = tmp_path / "a folder & more" / "phones.json"
    plan = sample_city(seed=seed, phones=phones)
    for device in plan.devices:
        for camera in device.cameras:
            camera_for(camera.settings.source, fps=camera.settings.fps)
            check_view(camera.settings, camera.settings.id)
        for door in device.doors:
            assert parse_door_scene(door.settings.source).phones == str(phones)
        for sensor in device.sensors:
            open_sensor(sensor.settings.source)


def test_two_seeds_draw_different_streets_and_one_seed_the_same() -> None:
    def sources(seed: int) -> list[str]:
        plan = sample_city(seed=seed, phones=Path("p"))
        return [camera.settings.source for device in plan.devices for camera in device.cameras]

    assert sources(1) == sources(1)
    assert len(set(sources(1))) == 5
    assert set(sources(1)).isdisjoint(sources(7))


@pytest.mark.parametrize("seed", [0, 1, 7, 99_999])
def test_the_gauge_is_marked_where_it_is_drawn(seed: int) -> None:
    plan = sample_city(seed=seed, phones=Path("p"))
    (camera,) = [each for device in plan.devices for each in device.cameras if each.settings.gauges]
    drawn = drawn_gauge(parse_gauge(camera.settings.source.removeprefix("scene:")))
    for marked, corner in zip(camera.settings.gauges[0].corners, drawn.corners, strict=True):
        assert marked == pytest.approx(corner, abs=0.002)


def test_one_camera_measures_zones_sizes_and_speeds() -> None:
    plan = sample_city(seed=1, phones=Path("p"))
    measuring = [each for device in plan.devices for each in device.cameras if each.settings.zones]
    assert [each.settings.id for each in measuring] == ["utara"]
    assert measuring[0].settings.ground is not None
    assert measuring[0].lines[0].line.sizes is not None
    # Of another seed the camera hangs elsewhere: its ground would be wrong.
    other = sample_city(seed=2, phones=Path("p"))
    assert all(each.settings.ground is None for device in other.devices for each in device.cameras)


def test_the_monument_lies_on_the_equator_and_one_device_comes_and_goes() -> None:
    plan = sample_city(seed=1, phones=Path("p"))
    assert [site.id for site in plan.sites if site.lat == 0.0] == ["tugu-khatulistiwa"]
    assert [device.id for device in plan.devices if device.is_fickle] == ["pi-beting"]
    assert {device.id for device in plan.devices if device.medium is Medium.WIRELESS} == {"pi-beting"}


def test_own_cameras_get_a_site_and_a_line_across_the_middle() -> None:
    plan = sample_city(seed=1, phones=Path("p"), own_cameras=("/dev/video0",))
    own = plan.devices[-1]
    assert own.id == own.site == plan.sites[-1].id == OWN_CAMERA
    assert own.cameras[0].settings.source == "/dev/video0"
    assert own.cameras[0].lines[0].line.points == ((0.0, 0.5), (1.0, 0.5))
