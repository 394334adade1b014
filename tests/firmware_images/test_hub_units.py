"""The hub's units as systemd judges them: nothing unknown in them, and little that they may do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from provisioning.hosting.places import BROKER_DROP_IN, STARTED, UNITS, shipped, unit_text

SERVICES = [name for name in UNITS if name.endswith(".service")]
# As Debian 12 and 13 ship it, without what prepares their own log folder.
DEBIAN_MOSQUITTO = """[Unit]
Description=Mosquitto MQTT Broker
[Service]
Type=notify
NotifyAccess=main
ExecStart=/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf
ExecReload=/bin/kill -HUP $MAINPID
ExecStartPre=/bin/mkdir -m 740 -p /var/log/mosquitto
[Install]
WantedBy=multi-user.target
"""

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def analysed(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words, str(path)], capture_output=True, text=True, cwd=path.parent, timeout=60
    )


def exposure(path: Path) -> float:
    said = analysed(path, "security", "--offline=yes", "--no-pager").stdout
    found = re.search(r"Overall exposure level for .*: ([0-9.]+)", said)
    assert found, said
    return float(found[1])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_little(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(unit_text(name, Path("/opt/pontive/bin")))
    assert exposure(path) <= 2.0


def test_the_broker_of_debian_is_hardened_by_our_drop_in(tmp_path: Path) -> None:
    unit = tmp_path / "mosquitto.service"
    unit.write_text(DEBIAN_MOSQUITTO)
    before = exposure(unit)
    # `security --offline` reads no drop-ins: what systemd would put together is put together here.
    unit.write_text(DEBIAN_MOSQUITTO + shipped(f"systemd/{BROKER_DROP_IN}"))
    assert exposure(unit) <= 2.0 < before


@pytest.mark.parametrize("name", UNITS)
def test_systemd_knows_every_line(tmp_path: Path, name: str) -> None:
    for one in UNITS:
        # Programs are looked for: these are there on every machine.
        text = re.sub(r"@BIN@/[\w-]+", "/bin/true", shipped(f"systemd/{one}"))
        (tmp_path / one).write_text(re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", text))
    said = analysed(tmp_path / name, "verify")
    ours = [line for line in said.stderr.splitlines() if "pontive" in line]
    assert ours == []


def test_what_is_started_is_shipped() -> None:
    assert set(STARTED) - {"mosquitto.service"} <= set(UNITS)
    for name in STARTED[1:]:
        assert "WantedBy=" in shipped(f"systemd/{name}")


def test_every_folder_that_a_unit_writes_is_made_with_an_owner() -> None:
    made = {line.split()[1] for line in shipped("tmpfiles.conf").splitlines() if line.startswith("d ")}
    for name in SERVICES:
        for line in re.findall(r"(?m)^ReadWritePaths=(.*)$", shipped(f"systemd/{name}")):
            assert set(line.split()) <= made, name


def test_the_user_of_the_hub_is_made_and_used() -> None:
    assert re.search(r"(?m)^u pontive-hub ", shipped("sysusers.conf"))
    users = {user for name in SERVICES for user in re.findall(r"(?m)^User=(.*)$", shipped(f"systemd/{name}"))}
    assert users == {"pontive-hub", "mosquitto"}
