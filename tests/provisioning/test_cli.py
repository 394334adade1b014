"""The command line: what it makes, and how it says what is in the way."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from provisioning.cli import simulate
from provisioning.errors import ProvisioningError
from provisioning.trust.certificates import read_certificate
from provisioning.trust.enrol import make_request
from provisioning.trust.keyfiles import ensure_ec_key

PROGRAM = str(Path(sys.executable).parent / "pontive-provision")


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def test_an_authority_signs_and_revokes_from_the_command_line(tmp_path: Path) -> None:
    assert "Move " in run("ca", "init", tmp_path / "ca").stdout
    (tmp_path / "device.csr").write_bytes(make_request(ensure_ec_key(tmp_path / "device.key"), "pi-satu"))
    signed = run("ca", "sign", tmp_path / "ca", tmp_path / "device.csr", tmp_path / "device.pem")
    assert signed.returncode == 0, signed.stderr
    certificate = read_certificate(tmp_path / "device.pem")
    assert certificate.not_valid_after_utc > datetime.now(UTC)
    revoked = run("ca", "revoke", tmp_path / "ca", tmp_path / "device.pem")
    assert "SIGHUP" in revoked.stdout


def test_a_garbled_request_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "device.csr").write_text("garbled")
    result = run("ca", "sign", tmp_path / "ca", tmp_path / "device.csr", tmp_path / "device.pem")
    assert result.returncode == 1
    assert result.stderr.startswith("pontive: certificate request: not readable")
    assert not (tmp_path / "device.pem").exists()


def test_the_rules_of_a_broker_are_written_for_every_address(tmp_path: Path) -> None:
    (tmp_path / "server.key").touch()
    result = run("broker", "config", tmp_path, "--port", "8884")
    assert result.returncode == 0, result.stderr
    rules = (tmp_path / "mosquitto.conf").read_text()
    assert "listener 8884 0.0.0.0" in rules
    assert "listener 8884 ::" in rules
    assert "pattern write pontive/1/up/%u/#" in (tmp_path / "acl").read_text()


def test_a_city_names_a_port_in_use_and_the_option(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        result = run("city", "up", "--data", tmp_path, "--port", str(port), "--no-browser")
    assert result.returncode == 1
    assert f"port {port} cannot be used" in result.stderr
    assert "--port" in result.stderr


def test_a_city_names_a_folder_it_cannot_write_and_the_option(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("city", "up", "--data", tmp_path / "file" / "data", "--no-browser")
    assert result.returncode == 1
    assert "cannot be written" in result.stderr
    assert "--data" in result.stderr


@pytest.mark.parametrize("wrong", [["--port", "0"], ["--for", "-1"], ["--seed", "x"], ["--colour"]])
def test_wrong_use_is_exit_code_2(wrong: list[str]) -> None:
    assert run("city", "up", *wrong).returncode == 2


def test_simulators_are_listed_and_say_what_they_take() -> None:
    assert {"camera", "discovery"} <= set(run("simulate", "--help").stdout.split())
    assert "--fault" in run("simulate", "camera", "--help").stdout
    assert "--name" in run("simulate", "discovery", "--help").stdout
    assert run("simulate", "toaster").returncode == 2


def test_a_simulator_without_its_libraries_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "provisioning.simulators.rtsp_camera", None)
    with pytest.raises(ProvisioningError, match="extra 'edge'"):
        simulate.get_command(click.Context(simulate), "camera")
