"""``pontive-edge update``: what a technician reads, and bundles of simulated machines."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from edge.cli import main
from edge.command_line import EXIT_CONFIG
from edge.errors import ConfigError
from edge.update.building import SIMULATED_BOARD
from edge.update.command import pack_simulated
from edge.update.port import BundleError, InstallError
from edge.update.simulated.bundle import read_private_key, read_public_keys, unpack
from edge.update.simulated.system import SimulatedSystem
from tests.edge.update.device import KEY, Device, public_pem


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["update", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def config_of(folder: Path, system: str = "simulated") -> str:
    path = folder / "edge.toml"
    path.write_text(f'device = "pi-01"\n[update]\nsystem = "{system}"\nfolder = "{folder}"\n')
    return str(path)


def test_the_status_says_what_runs_what_is_wanted_and_why_not(tmp_path: Path) -> None:
    assert "takes no updates" in run("status", "--config", config_of(tmp_path, "none"))
    config = config_of(tmp_path)
    assert "running: 0.1.0 (number 1), slot a" in run("status", "--config", config)
    device = Device(tmp_path, deaf_numbers=(2,))
    device.live_on(device.release(2))
    (tmp_path / "update" / "progress.json").replace(tmp_path / "progress.json")
    said = run("status", "--config", config)
    assert "wanted: 0.2.0 (number 2)" in said
    assert "state: returned" in said
    assert "why: not-heard" in said
    found = json.loads(run("status", "--config", config, "--json"))
    assert found["running"]["is_committed"]
    assert found["wanted"] == {"number": 2, "version": "0.2.0"}
    (tmp_path / "machine" / "machine.json").write_text("{")
    assert "running: unknown" in run("status", "--config", config)


def test_a_bundle_is_packed_and_read_back_with_the_key_only(tmp_path: Path) -> None:
    key, bundle = tmp_path / "firmware.key", tmp_path / "x.bundle"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    run("pack", str(bundle), "--number", "3", "--version", "0.3.0", "--key", str(key), "--broken")
    facts, _ = unpack(bundle, [KEY.public_key()])
    assert (facts.board, facts.number, facts.name, facts.starts) == (SIMULATED_BOARD, 3, "0.3.0", False)
    with pytest.raises(BundleError, match="tidak ditandatangani"):
        unpack(bundle, [])
    other = tmp_path / "other.key"
    elliptic = generate_private_key(SECP256R1())
    other.write_bytes(elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(ConfigError, match="no Ed25519 key"):
        read_private_key(other)
    other.write_text("rubbish")
    with pytest.raises(ConfigError, match="no private key"):
        pack_simulated(bundle, number=1, name="x", key=other, starts=True)
    arguments = ["update", "pack", str(bundle), "--number", "3", "--version", "0.3.0", "--key", str(other)]
    assert CliRunner().invoke(main, arguments).exit_code == EXIT_CONFIG


def test_keys_of_the_city_are_read_and_a_broken_one_stops(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(public_pem(KEY))
    elliptic = generate_private_key(SECP256R1()).public_key()
    (tmp_path / "b.pem").write_bytes(elliptic.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert len(read_public_keys(tmp_path)) == 1
    (tmp_path / "c.pem").write_text("rubbish")
    with pytest.raises(BundleError, match=r"c\.pem"):
        read_public_keys(tmp_path)


def test_a_simulated_machine_with_a_dead_disk_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device(tmp_path)
    machine = device.machine
    document = device.release(2)
    bundle = tmp_path / "x.bundle"
    bundle.write_bytes(device.served[document.sha256])

    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("edge.update.simulated.system.write_whole", refuse)
    for act in (lambda: machine.install(bundle), machine.mark_good, machine.cut_power):
        with pytest.raises(InstallError, match="Input/output"):
            act()
    with pytest.raises(InstallError):
        SimulatedSystem(tmp_path / "new", board="virt")
