"""An installation of a hub: told, done once, refused early; on a folder instead of a machine."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from hub.config import load_config
from provisioning.errors import ProvisioningError
from provisioning.hosting import commands, places
from provisioning.hosting.certificates import HubCertificates
from provisioning.hosting.commands import hub
from provisioning.hosting.machine import Machine
from provisioning.hosting.places import HubPlaces
from provisioning.hosting.setup import HubSetup, remove_units
from provisioning.hosting.wishes import Wishes, settings_text
from provisioning.trust.certificates import read_certificate, server_names

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
HOSTS = ("hub.example.id", "10.0.0.2")


class PlayedMachine(Machine):
    """Plays systemd: makes folders that it is told to, and remembers what is enabled and running."""

    def __init__(self, root: Path, *, has_systemd: bool = True) -> None:
        self.root, self._has_systemd = root, has_systemd
        self.ran: list[str] = []
        self.given: dict[str, str] = {}
        self.users = {"mosquitto"}
        self.enabled: set[str] = set()
        self.running: set[str] = set()
        self.has_tables = False

    def run(self, *command: str) -> None:
        self.ran.append(" ".join(command))
        if command[0] == "systemd-sysusers":
            self.users.add("pontive-hub")
        if command[0] == "systemd-tmpfiles":
            lines = [line.split() for line in Path(command[2]).read_text().splitlines() if line[:2] == "d "]
            for _d, path, *_rest in lines:
                (self.root / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
        if "migrate" in command:
            self.has_tables = True
        names = {word for word in command if "." in word and "/" not in word}
        if "enable" in command:
            self.enabled |= names
        if {"start", "restart"} & set(command):
            self.running |= names
        if "disable" in command:
            self.enabled -= names

    def succeeds(self, *command: str) -> bool:
        if "status" in command:
            return self.has_tables
        return command[-1] in (self.enabled if "is-enabled" in command else self.running)

    def give(self, paths: Sequence[Path], user: str, group: str) -> None:
        self.given |= {str(path.relative_to(self.root)): f"{user}:{group}" for path in paths}

    def has_user(self, name: str) -> bool:
        return name in self.users

    def has_systemd(self) -> bool:
        return self._has_systemd


class Server:
    """A folder that is a machine."""

    def __init__(self, root: Path, **machine: bool) -> None:
        self.places, self.machine = HubPlaces(root), PlayedMachine(root, **machine)
        self.wishes, self.now = Wishes(HOSTS), NOW

    def certificates(self) -> HubCertificates:
        return HubCertificates(self.places, self.wishes, machine=self.machine, now=self.now)

    def setup(self, programs: str = "/opt/pontive/bin") -> HubSetup:
        return HubSetup(
            self.places,
            self.wishes,
            machine=self.machine,
            certificates=self.certificates(),
            programs=Path(programs),
        )

    def install(self) -> list[str]:
        setup = self.setup()
        setup.check()
        done = []
        for step in setup.steps():
            if not step.is_done():
                step.act()
                done.append(step.text)
        return done


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_a_first_run_does_every_step_but_starting_what_it_just_started(server: Server) -> None:
    assert len(server.install()) == 10
    assert server.install() == []
    assert server.machine.running == set(places.STARTED)


def test_an_interrupted_run_is_finished_by_the_next(server: Server) -> None:
    for step in server.setup().steps()[:4]:
        step.act()
    assert len(server.install()) == 6


def test_a_new_version_of_a_unit_is_put_in_place_and_started_anew(server: Server) -> None:
    server.install()
    (server.places.units / "pontive-web.service").write_text("[Unit]\n")
    server.machine.ran.clear()
    assert [text[:5] for text in server.install()] == ["units"]
    assert any(one.startswith("systemctl restart") for one in server.machine.ran)
    assert "@BIN@" not in (server.places.units / "pontive-web.service").read_text()


def test_what_stopped_is_started(server: Server) -> None:
    server.install()
    server.machine.running.discard("pontive-web.service")
    assert [text[:7] for text in server.install()] == ["running"]


def test_without_systemd_units_are_enabled_and_nothing_is_started(tmp_path: Path) -> None:
    server = Server(tmp_path, has_systemd=False)
    assert len(server.install()) == 10
    assert server.machine.running == set()
    assert server.machine.enabled == set(places.STARTED)
    assert len(remove_units(server.places, server.machine)) == len(places.UNITS) + 3


def test_the_settings_are_good_and_the_operators_from_then_on(server: Server) -> None:
    server.install()
    config = load_config(server.places.settings)
    assert config.web.trusted_hosts[:2] == HOSTS
    assert config.enrolment.url == "https://hub.example.id"
    assert config.letters.address == "HTTPS://HUB.EXAMPLE.ID/V/"
    for path in (config.broker.certificate, config.broker.ca, config.signing_key, config.web.tls.key):
        assert Path(path).exists()
    server.places.settings.write_text("# mine\n")
    server.install()
    assert server.places.settings.read_text() == "# mine\n"


def test_what_the_hub_writes_by_itself_lies_where_its_services_may_write(server: Server) -> None:
    server.install()
    beside = str(server.places.settings.parent)
    # What is left out of hub.toml lies beside it: in a folder that ProtectSystem= makes read-only.
    there = {name: value for name, value in _texts(load_config(server.places.settings)) if beside in value}
    assert there == {
        "web.tls.certificate": f"{beside}/tls/web.pem",
        "web.tls.key": f"{beside}/tls/web.key",
        "letters.gateway_password_file": f"{beside}/gateway.password",  # the operator's, and only read
    }


def _texts(section: msgspec.Struct, above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in msgspec.structs.asdict(section).items():
        if isinstance(value, msgspec.Struct):
            yield from _texts(value, f"{above}{name}.")
        elif isinstance(value, str):
            yield f"{above}{name}", value


def test_private_keys_go_to_whom_they_belong(server: Server) -> None:
    server.install()
    given = server.machine.given
    assert given["var/lib/pontive/ca/issuing.key"] == "pontive-hub:pontive-hub"
    assert given["var/lib/pontive/ca/root"] == "root:root"
    assert given["etc/pontive/broker/server.key"] == "mosquitto:mosquitto"
    assert given["etc/pontive/tls/web.key"] == "root:pontive-hub"
    assert (server.places.backup_key).stat().st_size == 32


def test_certificates_name_all_hosts_and_that_of_the_screens_is_short_enough_for_browsers(
    server: Server,
) -> None:
    server.install()
    for path in (server.places.broker / "server.pem", server.places.tls / "web.pem"):
        assert set(HOSTS) <= set(server_names(read_certificate(path)))
    web = read_certificate(server.places.tls / "web.pem")
    # Apple refuses more than 398 days for new certificates of public, 825 of private authorities (2020).
    assert web.not_valid_after_utc - web.not_valid_before_utc <= timedelta(days=398)
    assert server_names(read_certificate(server.places.state / "hub.pem")) == ()


def test_certificates_near_their_end_are_made_anew_with_the_same_key(server: Server) -> None:
    server.install()
    key = (server.places.tls / "web.key").read_bytes()
    server.now = NOW + timedelta(days=70)
    assert [text[:4] for text in server.install()] == ["keys"]
    server.now = NOW + timedelta(days=380)
    assert len(server.install()) == 3
    assert (server.places.tls / "web.key").read_bytes() == key


def test_a_certificate_that_is_given_is_used_and_left_alone(server: Server, tmp_path: Path) -> None:
    certificate, key = tmp_path / "full.pem", tmp_path / "full.key"
    server.wishes = Wishes(HOSTS, web_port=8443, certificate=certificate, key=key)
    with pytest.raises(ProvisioningError, match="is not there"):
        server.install()
    certificate.touch()
    key.touch()
    server.install()
    config = tomllib.loads(server.places.settings.read_text())
    assert config["web"]["tls"] == {"certificate": str(certificate), "key": str(key)}
    assert config["letters"]["address"] == "HTTPS://HUB.EXAMPLE.ID:8443/V/"
    assert not (server.places.tls / "web.pem").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hosts": ("Hub",)}, "small letters"),
        ({"hosts": ()}, "at least one --host"),
        ({"key": Path("x")}, "belong together"),
    ],
)
def test_wrong_wishes_are_refused_first(server: Server, changes: dict[str, object], words: str) -> None:
    server.wishes = replace(server.wishes, **changes)  # type: ignore[arg-type]
    with pytest.raises(ProvisioningError, match=words):
        server.install()
    assert server.machine.ran == []


def test_programs_in_a_home_and_a_missing_broker_are_refused(server: Server) -> None:
    with pytest.raises(ProvisioningError, match="/opt/pontive"):
        server.setup("/home/budi/.venv/bin").check()
    server.machine.users.clear()
    with pytest.raises(ProvisioningError, match="apt-get install mosquitto"):
        server.install()


def test_another_database_is_written_into_the_settings(server: Server) -> None:
    text = settings_text(replace(server.wishes, database="postgresql+psycopg:///pontive"), server.places)
    assert tomllib.loads(text)["database"] == "postgresql+psycopg:///pontive"


def test_removal_leaves_records_and_keys(server: Server) -> None:
    server.install()
    gone = remove_units(server.places, server.machine)
    assert server.places.users in gone
    assert server.places.settings.exists()
    assert server.machine.enabled == {"mosquitto.service"}
    assert remove_units(server.places, server.machine) == []


def test_a_file_that_is_not_shipped_is_named() -> None:
    with pytest.raises(ProvisioningError, match="install the wheel again"):
        places.shipped("nothing.conf")


def test_a_real_machine_runs_gives_and_knows(tmp_path: Path) -> None:
    machine = Machine()
    machine.run("true")
    with pytest.raises(ProvisioningError, match="false: exit code 1"):
        machine.run("false")
    assert machine.succeeds("true")
    assert not machine.succeeds("no-such-program-here")
    assert machine.has_user("root")
    assert not machine.has_user("nobody-of-that-name")
    assert isinstance(machine.has_systemd(), bool)
    path = tmp_path / "x"
    path.touch()
    machine.give([path], path.owner(), path.group())


class Desk:
    """The commands on a folder."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = server
        monkeypatch.setattr(commands, "HubPlaces", lambda: server.places)
        monkeypatch.setattr(commands.os, "geteuid", lambda: 0)
        monkeypatch.setattr(commands.sys, "executable", "/opt/pontive/bin/python")

    def run(self, *words: str, code: int = 0) -> str:
        result = CliRunner().invoke(hub, list(words), obj=self.server.machine)
        assert result.exit_code == code, (result.output, result.exception)
        return result.output


@pytest.fixture
def desk(server: Server, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(server, monkeypatch)


def test_the_command_tells_does_and_says_what_is_left(desk: Desk) -> None:
    install = ("install", "--host", HOSTS[0])
    assert desk.run(*install, "--check", code=1).count("to do ") == 11
    done = desk.run(*install)
    for words in ("https://hub.example.id/", "user first", "root.key", "backup.key", "Browsers must trust"):
        assert words in done
    assert desk.run(*install, "--check").count("there ") == 11
    assert "done" not in desk.run(*install)
    assert f"https://{HOSTS[0]}:8443/" in desk.run(*install, "--web-port", "8443")


def test_without_root_nothing_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.os, "geteuid", lambda: 1000)
    result = CliRunner().invoke(hub, ["install"], obj=desk.server.machine)
    assert "needs root" in str(result.exception)


def test_renewal_says_what_it_renewed_and_restarts(desk: Desk) -> None:
    desk.run("install", "--host", HOSTS[0])
    assert "nothing" in desk.run("renew")
    for path in (desk.server.places.state / "hub.pem", desk.server.places.tls / "web.pem"):
        path.unlink()
    desk.server.machine.ran.clear()
    assert "renewed: hub, screens" in desk.run("renew")
    assert desk.server.machine.ran[-1].startswith("systemctl try-restart")
    assert HOSTS[0] in server_names(read_certificate(desk.server.places.tls / "web.pem"))


def test_removal_keeps_data_unless_it_is_told_twice(desk: Desk) -> None:
    desk.run("install", "--host", HOSTS[0])
    assert "kept" in desk.run("uninstall")
    assert "Go on?" in desk.run("uninstall", "--purge", code=1)
    assert desk.server.places.state.exists()
    desk.run("uninstall", "--purge", "--yes")
    assert not desk.server.places.state.exists()
