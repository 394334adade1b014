"""What goes wrong with a fleet is told apart, although the SDK hides it: one clear sentence each."""

import builtins
import secrets
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import ProvisioningError
from provisioning.fleet import BalenaFleet, connect
from provisioning.fleets.errors import FleetError, Trouble
from provisioning.fleets.port import Place
from provisioning.fleets.settings import FleetSettings
from tests.provisioning.fleets.openbalena import OpenBalena

FLEET, UUID = "pontive-camera", "ab" * 31
LIMIT = (429, "Too Many Requests")


@pytest.fixture
def api() -> Iterator[OpenBalena]:
    api = OpenBalena()
    yield api
    api.close()


def settings(api: OpenBalena, **changes: Any) -> FleetSettings:
    return FleetSettings(**{"organization": "admin", "api_endpoint": api.address, "timeout_s": 20, **changes})


@pytest.fixture
def service(api: OpenBalena) -> BalenaFleet:
    service = connect(settings(api), api.token)
    service.ensure_fleet(FLEET, "raspberrypi4-64")
    service.register(FLEET, UUID)
    return service


def told(act: Callable[[], object]) -> tuple[Trouble, str]:
    with pytest.raises(FleetError) as caught:
        act()
    return caught.value.trouble, str(caught.value)


def test_a_wrong_token_is_named_before_anything_is_done(api: OpenBalena) -> None:
    trouble, words = told(lambda: connect(settings(api), "x" * 32))
    assert trouble is Trouble.BAD_TOKEN
    assert "make a new key" in words


def test_a_token_that_was_revoked_meanwhile_is_named_by_calls_that_hide_the_status(
    api: OpenBalena, service: BalenaFleet
) -> None:
    api.token = secrets.token_hex(16)
    assert told(lambda: service.logs(UUID, 5))[0] is Trouble.BAD_TOKEN
    api.failures = {"GET /v7/": (200, {"d": []})}
    assert told(lambda: service.register(FLEET, UUID))[0] is Trouble.NOT_THERE


def test_no_network_is_no_wrong_token() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    nowhere = FleetSettings(organization="admin", api_endpoint=f"http://127.0.0.1:{port}")
    trouble, words = told(lambda: connect(nowhere, "x" * 32))
    assert trouble is Trouble.NO_NETWORK
    assert "does not answer" in words


def test_a_network_that_dies_under_a_write_is_told_as_such(api: OpenBalena, service: BalenaFleet) -> None:
    api.close()
    for act in (
        lambda: service.set_variable(Place(FLEET, UUID), "A", "b"),
        lambda: service._ask("tag", service._device.tags.set, 4, "site", "P-1"),
        lambda: service._ask("key", service._device.generate_device_key, 4),
    ):
        assert told(act)[0] is Trouble.NO_NETWORK


def test_an_api_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        slow = FleetSettings(
            organization="admin", api_endpoint=f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout_s=1
        )
        assert told(lambda: connect(slow, "x" * 32))[0] is Trouble.NO_NETWORK


@pytest.mark.parametrize("part", ["POST /v7/device_environment_variable", "/v7/organization(handle"])
def test_a_rate_limit_asks_for_patience(api: OpenBalena, service: BalenaFleet, part: str) -> None:
    api.failures = {part: LIMIT}
    act = (
        service.check_account
        if "organization" in part
        else lambda: service.set_variable(Place(FLEET, UUID), "A", "b")
    )
    trouble, words = told(act)
    assert trouble is Trouble.RATE_LIMIT
    assert "wait a minute" in words


def test_a_rate_limit_on_a_call_that_hides_the_status_is_seen_all_the_same(
    api: OpenBalena, service: BalenaFleet
) -> None:
    api.failures = {"/device-key": LIMIT, "/v7/organization(": LIMIT}
    assert told(lambda: service.register(FLEET, UUID))[0] is Trouble.RATE_LIMIT
    api.failures = {}
    fresh = connect(settings(api), api.token)  # the SDK remembers who it is
    api.failures = {"/actor/v1/whoami": LIMIT, "/v7/organization(": LIMIT}
    assert told(lambda: fresh.register(FLEET, "cd" * 31))[0] is Trouble.RATE_LIMIT


def test_an_error_text_is_never_taken_for_a_key_a_log_or_a_list(
    api: OpenBalena, service: BalenaFleet
) -> None:
    api.failures = {"/device-key": (500, "Internal Server Error"), "/logs": (500, "<html>broken</html>")}
    assert told(lambda: service.register(FLEET, UUID)) == (
        Trouble.REFUSED,
        f"device {UUID[:7]} of {FLEET}: the API answered 'Internal Server Error'",
    )
    assert told(lambda: service.logs(UUID, 5))[0] is Trouble.REFUSED
    api.failures = {"$orderby=device_name": (200, {"d": {"error": "none"}})}
    assert told(lambda: service.devices(FLEET))[0] is Trouble.REFUSED
    api.failures = {"$orderby=device_name": (200, {"d": [{"uuid": 7}]})}
    assert told(lambda: service.devices(FLEET))[0] is Trouble.REFUSED
    api.failures = {"/v7/application?": (200, {"d": [{"id": 3, "should_track_latest_release": True}]})}
    assert told(lambda: service.devices(FLEET))[0] is Trouble.REFUSED


def test_a_key_of_no_person_cannot_register(api: OpenBalena, service: BalenaFleet) -> None:
    fresh = connect(settings(api), api.token)  # the SDK remembers who it is
    who = {"id": 9, "actorType": "device", "actorTypeId": 9, "uuid": UUID}
    api.failures = {"/actor/v1/whoami": (200, who)}
    assert "not of a user" in told(lambda: fresh.register(FLEET, "cd" * 31))[1]
    fresh = connect(settings(api), api.token)
    api.failures = {"/actor/v1/whoami": (200, {})}
    assert told(lambda: fresh.register(FLEET, "cd" * 31))[0] is Trouble.BAD_TOKEN


def test_somebody_elses_device_is_a_conflict(api: OpenBalena, service: BalenaFleet) -> None:
    api.failures = {"POST /v7/device_environment_variable": (409, "something else")}
    trouble, words = told(lambda: service.set_variable(Place(FLEET, UUID), "A", "b"))
    assert (trouble, words[:10]) == (Trouble.CONFLICT, "variable A")


def test_a_write_that_was_accepted_and_lost_is_found_out(api: OpenBalena, service: BalenaFleet) -> None:
    service.describe(UUID, name="pi-a", tags={"site": "P-1"})
    commit = "c" * 40
    row = {"belongs_to__application": 3, "is_created_by__user": 2, "commit": commit, "status": "success"}
    service._sdk.pine.post({"resource": "release", "body": row})
    service.set_variable(Place(FLEET, UUID), "A", "old")
    api.loses_writes = True
    for act in (
        lambda: service.describe(UUID, name="pi-b", tags={"site": "P-2"}),
        lambda: service.set_variable(Place(FLEET, UUID), "A", "new"),
        lambda: service.pin_device(UUID, commit),
        lambda: service.pin_fleet(FLEET, commit),
        lambda: service.remove(UUID),
        lambda: service.ensure_fleet("pontive-door", "raspberrypi4-64"),
    ):
        trouble, words = told(act)
        assert trouble is Trouble.UNCONFIRMED
        assert "not there when read back" in words


def test_a_registration_that_left_nothing_is_found_out(api: OpenBalena, service: BalenaFleet) -> None:
    api.failures = {"POST /device/register": (201, {"id": 9, "uuid": "cd" * 31, "api_key": "k" * 32})}
    assert told(lambda: service.register(FLEET, "cd" * 31))[0] is Trouble.UNCONFIRMED


def test_a_variable_of_a_service_is_set_where_the_service_runs(api: OpenBalena, service: BalenaFleet) -> None:
    api.tables["service"] = [{"id": 1, "service_name": "edge"}]
    api.tables["service_install"] = [{"id": 1, "device": {"__id": 4}, "installs__service": {"__id": 1}}]
    service.set_variable(Place(FLEET, UUID, "edge"), "A", "b")
    assert api.tables["device_service_environment_variable"][0]["value"] == "b"


def test_lines_of_a_log_are_read_and_cut(api: OpenBalena, service: BalenaFleet) -> None:
    api.logs[UUID] = [{"message": f"line {n}", "timestamp": 1_763_700_000_000 + n} for n in range(3)]
    assert [one.text for one in service.logs(UUID, 2)] == ["line 1", "line 2"]


def test_without_the_sdk_the_extra_is_named(api: OpenBalena, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def none(name: str, *given: Any, **more: Any) -> Any:
        if name == "balena":
            raise ImportError("no", name="balena")
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(ProvisioningError, match="extra 'provisioning'"):
        connect(settings(api), api.token)


def test_a_self_signed_api_is_trusted_by_its_own_root(
    api: OpenBalena, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    (tmp_path / "root.pem").write_text("")
    connect(settings(api, ca_file=str(tmp_path / "root.pem")), api.token)
