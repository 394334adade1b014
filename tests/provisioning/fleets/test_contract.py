"""One suite for every fleet: the twin, balena's SDK against a small API, a real API where there is one."""

import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest
import requests

from provisioning import fleet as balena
from provisioning.fleets.errors import FleetError, Trouble
from provisioning.fleets.port import FleetDevice, FleetService, Place
from provisioning.fleets.settings import FleetSettings
from provisioning.fleets.twin import MemoryFleet
from tests.provisioning.fleets.openbalena import OpenBalena

TYPE = "raspberrypi4-64"
FIRST, SECOND = "356a192b7913b04c54574d18c28d46e6395428ab", "da4b9237bacccdf19c0760cab7aec4a8359010b0"


class World(Protocol):
    """A service, and what builds and devices do to it."""

    service: FleetService

    def publish(self, fleet: str, commit: str, version: str) -> None: ...
    def come_up(self, uuid: str, key: str, fleet: str, commit: str) -> None: ...


class TwinWorld:
    def __init__(self) -> None:
        self.service = MemoryFleet(new_key=lambda: secrets.token_hex(16), now=lambda: datetime.now(UTC))

    def publish(self, fleet: str, commit: str, version: str) -> None:
        self.service.publish(fleet, commit, version)

    def come_up(self, uuid: str, key: str, fleet: str, commit: str) -> None:
        self.service.connect(uuid)


class ApiWorld:
    def __init__(self, address: str, token: str, organization: str) -> None:
        self._settings = FleetSettings(organization=organization, api_endpoint=address, timeout_s=20)
        self.service = balena.connect(self._settings, token)
        self._address, self._organization = address, organization

    def _application(self, fleet: str) -> dict[str, Any]:
        slug = f"{self._organization}/{fleet}"
        row: dict[str, Any] = self.service._sdk.models.application.get(slug)
        return row

    def publish(self, fleet: str, commit: str, version: str) -> None:
        row = {
            "belongs_to__application": self._application(fleet)["id"],
            "is_created_by__user": self.service._sdk.auth.get_user_info()["id"],
            "commit": commit,
            "composition": {},
            "status": "success",
            "source": "local",
            "start_timestamp": "2026-11-21T00:00:00Z",
            "semver": version,
        }
        self.service._sdk.pine.post({"resource": "release", "body": row})

    def come_up(self, uuid: str, key: str, fleet: str, commit: str) -> None:
        app = {"release_uuid": commit, "releases": {commit: {"services": {}}}}
        said = {"is_online": True, "cpu_temp": 54, "apps": {self._application(fleet)["uuid"]: app}}
        answer = requests.patch(
            f"{self._address}/device/v3/state",
            json={uuid: said},
            headers={"Authorization": f"Bearer {key}"},
            timeout=20,
        )
        assert answer.ok, answer.text


@pytest.fixture(params=["twin", "sdk", "real"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "twin":
        yield TwinWorld()
        return
    if request.param == "sdk":
        api = OpenBalena()
        yield ApiWorld(api.address, api.token, "admin")
        api.close()
        return
    address = os.environ.get("PONTIVE_BALENA_API", "")
    if not address:
        pytest.skip("no real openBalena API: set PONTIVE_BALENA_API, _TOKEN and _ORGANIZATION")
    yield ApiWorld(
        address,
        os.environ["PONTIVE_BALENA_API_TOKEN"],
        os.environ.get("PONTIVE_BALENA_API_ORGANIZATION", "admin"),
    )


@pytest.fixture
def fleet(world: World) -> str:
    name = f"pontive-{secrets.token_hex(4)}"
    world.service.ensure_fleet(name, TYPE)
    return name


@pytest.fixture
def uuid() -> str:
    return secrets.token_hex(31)


def only(devices: tuple[FleetDevice, ...]) -> FleetDevice:
    assert len(devices) == 1
    return devices[0]


def trouble_of(act: Callable[[], object]) -> Trouble:
    with pytest.raises(FleetError) as caught:
        act()
    return caught.value.trouble


def test_a_fleet_is_made_once_and_refuses_another_board(world: World, fleet: str) -> None:
    world.service.ensure_fleet(fleet, TYPE)
    assert world.service.devices(fleet) == ()
    assert trouble_of(lambda: world.service.ensure_fleet(fleet, "raspberrypi5")) is Trouble.CONFLICT


def test_a_registered_device_gets_a_new_key_when_it_is_registered_again(
    world: World, fleet: str, uuid: str
) -> None:
    first = world.service.register(fleet, uuid)
    second = world.service.register(fleet, uuid)
    assert (first.device_id, first.fleet_id, first.device_type) == (second.device_id, second.fleet_id, TYPE)
    assert len(first.key) >= 32
    assert first.key != second.key
    assert first.key not in repr(first)


def test_a_device_of_another_fleet_is_a_conflict(world: World, fleet: str, uuid: str) -> None:
    world.service.ensure_fleet(f"{fleet}-b", TYPE)
    world.service.register(fleet, uuid)
    assert trouble_of(lambda: world.service.register(f"{fleet}-b", uuid)) is Trouble.CONFLICT


def test_a_device_has_its_name_and_tags_and_tags_are_changed(world: World, fleet: str, uuid: str) -> None:
    world.service.register(fleet, uuid)
    world.service.describe(uuid, name="pi-jawi", tags={"site": "P-17", "ring": "semua"})
    world.service.describe(uuid, name="pi-jawi", tags={"site": "P-18"})
    seen = only(world.service.devices(fleet))
    assert (seen.name, dict(seen.tags)) == ("pi-jawi", {"site": "P-18", "ring": "semua"})
    assert (seen.is_online, seen.heartbeat, seen.running, seen.pinned) == (False, "unknown", "", "")


def test_variables_are_set_and_changed_for_fleet_and_device(world: World, fleet: str, uuid: str) -> None:
    world.service.register(fleet, uuid)
    for place in (Place(fleet), Place(fleet, uuid)):
        world.service.set_variable(place, "PONTIVE_HUB", "https://hub")
        world.service.set_variable(place, "PONTIVE_HUB", "https://hub.example.id")


def test_a_variable_of_a_service_needs_that_service_on_the_device(
    world: World, fleet: str, uuid: str
) -> None:
    world.service.register(fleet, uuid)
    place = Place(fleet, uuid, "edge")
    assert trouble_of(lambda: world.service.set_variable(place, "A", "b")) is Trouble.NOT_THERE


def test_a_release_is_pinned_for_one_device_then_for_all(world: World, fleet: str, uuid: str) -> None:
    key = world.service.register(fleet, uuid).key
    world.publish(fleet, FIRST, "0.1.0")
    world.publish(fleet, SECOND, "0.2.0")
    assert [one.version for one in world.service.releases(fleet)] == ["0.2.0", "0.1.0"]
    world.service.pin_device(uuid, FIRST)
    world.come_up(uuid, key, fleet, FIRST)
    seen = only(world.service.devices(fleet))
    assert (seen.pinned, seen.running, seen.is_online, seen.heartbeat) == (FIRST, FIRST, True, "online")
    world.service.pin_device(uuid, "")
    world.service.pin_fleet(fleet, SECOND)
    assert only(world.service.devices(fleet)).pinned == ""
    world.service.pin_fleet(fleet, "")


def test_what_is_not_there_is_said(world: World, fleet: str, uuid: str) -> None:
    service = world.service
    assert trouble_of(lambda: service.devices("pontive-nowhere")) is Trouble.NOT_THERE
    assert trouble_of(lambda: service.register("pontive-nowhere", uuid)) is Trouble.NOT_THERE
    assert trouble_of(lambda: service.describe(uuid, name="a", tags={})) is Trouble.NOT_THERE
    assert trouble_of(lambda: service.logs(uuid, 10)) is Trouble.NOT_THERE
    assert trouble_of(lambda: service.remove(uuid)) is Trouble.NOT_THERE
    assert trouble_of(lambda: service.pin_fleet(fleet, FIRST)) is Trouble.NOT_THERE
    service.register(fleet, uuid)
    assert trouble_of(lambda: service.pin_device(uuid, FIRST)) is Trouble.NOT_THERE


def test_a_removed_device_is_gone(world: World, fleet: str, uuid: str) -> None:
    world.service.register(fleet, uuid)
    assert world.service.logs(uuid, 10) == ()
    world.service.remove(uuid)
    assert world.service.devices(fleet) == ()
