"""``pontive-provision fleet``: from an account to a card, releases in rings, the report for the hub."""

import base64
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click.testing
import msgspec
import pytest

from edge.wire.fleet_report import FleetReport
from edge.wire.joining.claims import make_claim_code
from provisioning.cli import commands
from provisioning.errors import ProvisioningError
from provisioning.fleets import commands as fleet_commands
from provisioning.fleets.errors import FleetError, Trouble
from provisioning.fleets.joining import uuid_of
from provisioning.fleets.port import FleetService, Place
from provisioning.fleets.rings import release_to, ring_states
from provisioning.fleets.settings import FleetSettings, read_fleet_settings, read_token
from provisioning.fleets.twin import MemoryFleet

CAMERAS = "pontive-camera"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Desk:
    """A folder with ``fleet.toml``, and a service in memory behind the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service = MemoryFleet(new_key=lambda: secrets.token_hex(16), now=lambda: NOW)
        self.settings = folder / "fleet.toml"
        self.settings.write_text('organization = "kota"\ntoken_file = "t"\nca_file = "root.pem"\n')
        (folder / "t").write_text("k" * 32 + "\n")
        (folder / "root.pem").write_text("ROOT")
        self.is_down = False

    def connect(self, _settings: FleetSettings, _token: str) -> FleetService:
        if self.is_down:
            raise FleetError(Trouble.NO_NETWORK, "the API does not answer")
        return self.service

    def run(self, *words: str, code: int = 0) -> str:
        runner = click.testing.CliRunner()
        args = ["fleet", "--config", str(self.settings), *words]
        result = runner.invoke(commands, args, obj=self.connect, catch_exceptions=not code)
        assert result.exit_code == code, result.output
        return result.output

    def join(self, device: str, ring: str = "semua") -> str:
        card = self.folder / f"{device}.json"
        line = f"device {device} --role camera --site P-1 --hub https://hub --ring {ring} --card {card}"
        self.run(*line.split())
        return str(json.loads(card.read_text())["uuid"])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.run("create")
    return desk


def test_a_device_gets_a_card_its_name_its_site_and_its_claim(desk: Desk) -> None:
    card, code = desk.folder / "config.json", str(make_claim_code(bytes(10), bytes(32)))
    line = f"device pi-jawi --role camera --site P-17 --hub https://hub --card {card} --code"
    assert "resin-boot" in desk.run(*line.split(), code)
    values = json.loads(card.read_text())
    assert card.stat().st_mode & 0o777 == 0o600
    assert values["apiEndpoint"] == "https://api.balena-cloud.com"
    assert values["vpnEndpoint"] == "cloudlink.balena-cloud.com"
    assert base64.b64decode(values["balenaRootCA"]) == b"ROOT"
    assert (values["applicationId"], values["deviceId"], values["hostname"]) == (1, 1, "pi-jawi")
    seen = desk.service.devices(CAMERAS)[0]
    assert (seen.uuid, seen.tags["site"]) == (values["uuid"], "P-17")
    assert desk.service.variables[Place(CAMERAS, seen.uuid)] == {
        "PONTIVE_ROLE": "camera", "PONTIVE_HUB": "https://hub", "PONTIVE_CLAIM": code,
    }  # fmt: skip


def test_a_card_made_again_is_the_same_device_with_another_key(desk: Desk) -> None:
    first = desk.join("pi-a")
    key = json.loads((desk.folder / "pi-a.json").read_text())["deviceApiKey"]
    assert desk.join("pi-a") == first == uuid_of("kota", "pi-a")
    assert json.loads((desk.folder / "pi-a.json").read_text())["deviceApiKey"] != key
    assert len(first) == 62


def test_a_mistyped_claim_code_registers_nothing(desk: Desk) -> None:
    runner = click.testing.CliRunner()
    line = f"fleet --config {desk.settings} device pi-a --role door --site P --hub h --code AAAA".split()
    result = runner.invoke(commands, line, obj=desk.connect)
    assert isinstance(result.exception, ProvisioningError)
    assert desk.service.devices("pontive-door") == ()


def test_variables_reach_fleet_device_and_service(desk: Desk) -> None:
    uuid = desk.join("pi-a")
    desk.service.connect(uuid, "edge")
    desk.run(*["variable", "LEVEL", "info", "--role", "camera"])
    desk.run(*["variable", "LEVEL", "debug", "--role", "camera", "--device", "pi-a"])
    desk.run(*["variable", "LEVEL", "trace", "--role", "camera", "--device", "pi-a", "--service", "edge"])
    values = [
        desk.service.variables[Place(CAMERAS, *more)]["LEVEL"] for more in ((), (uuid,), (uuid, "edge"))
    ]
    assert values == ["info", "debug", "trace"]
    assert "--device" in desk.run(*["variable", "A", "b", "--role", "camera", "--service", "edge"], code=2)


def test_status_logs_and_removal(desk: Desk) -> None:
    desk.service.connect(desk.join("pi-a"), line="hello")
    assert "online   pi-a" in desk.run("status", "--role", "camera")
    assert json.loads(desk.run("status", "--role", "camera", "--json"))[0]["tags"]["site"] == "P-1"
    assert "hello" in desk.run("logs", "pi-a")
    assert "Revoke" in desk.run("remove", "pi-a", "--yes")
    assert desk.run("status", "--role", "camera") == ""


def test_a_release_goes_ring_by_ring_and_stops_where_a_device_does_not_run_it(desk: Desk) -> None:
    pilot, district, city = (
        desk.join(name, ring) for name, ring in (("pi-a", "uji"), ("pi-b", "awal"), ("pi-c", "semua"))
    )
    for uuid in (district, city):
        desk.service.connect(uuid)
    desk.service.publish(CAMERAS, "a" * 40, "0.1.0")
    desk.service.pin_fleet(CAMERAS, "a" * 40)
    desk.service.publish(CAMERAS, "b" * 40, "0.2.0")

    def give(ring: str, *, is_forced: bool = False) -> int:
        return release_to(desk.service, CAMERAS, "b" * 40, ring, is_forced=is_forced)

    assert give("uji") == 1
    with pytest.raises(FleetError, match="pi-a of an earlier ring"):
        give("awal")
    desk.service.connect(pilot)
    assert "1 run it, 0 do not" in desk.run(*f"release {'b' * 40} --role camera --ring awal".split())
    assert [one.running[:1] for one in desk.service.devices(CAMERAS)] == ["b", "b", "a"]
    assert give("semua") == 3
    assert [(one.running[:1], one.pinned) for one in desk.service.devices(CAMERAS)] == [("b", "")] * 3


def test_an_unknown_release_is_given_to_nobody_and_force_overrides_the_order(desk: Desk) -> None:
    desk.join("pi-a", "uji")
    with pytest.raises(FleetError, match="finished release"):
        release_to(desk.service, CAMERAS, "f" * 40, "uji")
    desk.service.publish(CAMERAS, "b" * 40, "")
    assert release_to(desk.service, CAMERAS, "b" * 40, "awal", is_forced=True) == 0
    states = ring_states(desk.service.devices(CAMERAS), "b" * 40)
    assert [len(state.waiting) for state in states] == [1, 0, 0]


def test_the_report_keeps_what_was_known_when_the_service_is_gone(desk: Desk) -> None:
    uuid, file = desk.join("pi-a", "uji"), desk.folder / "fleet.json"
    desk.service.publish(CAMERAS, "a" * 40, "0.1.0")
    desk.service.connect(uuid, line="hello")
    desk.run("report", str(file))
    desk.is_down = True
    assert "does not answer" in desk.run("report", str(file))
    report = msgspec.json.decode(file.read_bytes(), type=FleetReport)
    (entry,) = report.devices
    assert (entry.device, entry.release, entry.ring, entry.log[-1].text) == (
        "pi-a",
        "0.1.0",
        "uji",
        "hello",
    )
    assert report.trouble == "the API does not answer"
    file.write_text("{")
    desk.run("report", str(file))
    assert msgspec.json.decode(file.read_bytes(), type=FleetReport).devices == ()


def test_a_fleet_that_was_never_made_has_no_devices_in_the_report(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run("report", str(tmp_path / "fleet.json"))
    assert msgspec.json.decode((tmp_path / "fleet.json").read_bytes(), type=FleetReport).trouble == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "organization"),
        ('organization = "k"\nhost = "x"', "host"),
        ('organization = "k"\napi_endpoint = "ftp://x"', "api_endpoint"),
    ],
)
def test_wrong_settings_name_the_key(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "fleet.toml").write_text(text)
    with pytest.raises(ProvisioningError, match=words):
        read_fleet_settings(tmp_path / "fleet.toml")


def test_a_token_file_without_a_token_is_named(tmp_path: Path) -> None:
    settings = FleetSettings(organization="k", token_file=str(tmp_path / "t"))
    with pytest.raises(ProvisioningError, match="make an API key"):
        read_token(settings)
    (tmp_path / "t").write_text("my password")
    with pytest.raises(ProvisioningError, match="no API key"):
        read_token(settings)


def test_addresses_of_an_own_api_follow_from_it() -> None:
    own = FleetSettings(organization="k", api_endpoint="http://10.0.0.5:8000/")
    assert (own.api, own.domain) == ("http://10.0.0.5:8000", "10.0.0.5")


def test_the_real_service_is_behind_the_commands(desk: Desk) -> None:
    settings = FleetSettings(organization="k", api_endpoint="http://127.0.0.1:9", timeout_s=20)
    with pytest.raises(FleetError, match="does not answer"):
        fleet_commands.connect_to_balena(settings, "k" * 32)


def test_a_root_certificate_that_is_not_there_is_named(desk: Desk) -> None:
    (desk.folder / "root.pem").unlink()
    runner = click.testing.CliRunner()
    line = f"fleet --config {desk.settings} device pi-a --role door --site P --hub h".split()
    assert "root.pem" in str(runner.invoke(commands, line, obj=desk.connect).exception)


def test_a_card_for_balena_cloud_brings_no_root(desk: Desk) -> None:
    desk.settings.write_text('organization = "kota"\ntoken_file = "t"\n')
    desk.join("pi-a")
    assert "balenaRootCA" not in json.loads((desk.folder / "pi-a.json").read_text())


def test_removal_is_asked_for(desk: Desk) -> None:
    desk.join("pi-a")
    assert "Go on?" in desk.run("remove", "pi-a", code=1)
    assert len(desk.service.devices(CAMERAS)) == 1
