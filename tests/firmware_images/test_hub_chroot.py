"""``pontive-hub install`` in a clean Debian: everything is told, done once, owned rightly, and runs.

One test, as the machine is built once; skipped where there is no root or no mirror.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.firmware_images import chroot
from tests.firmware_images.booted import Booted, booted, why_not_boot
from tests.firmware_images.first_day import HEALTH, FirstDay

HOST = "hub.example.id"
# In a network of its own, so that ports of this machine are free: broker, ingest and screens for real.
LIVE = """
set -e
runuser -u mosquitto -- mosquitto -c /etc/pontive/broker/mosquitto.conf & broker=$!
as_hub="setpriv --reuid=pontive-hub --regid=pontive-hub --init-groups"
caps="--inh-caps=+net_bind_service --ambient-caps=+net_bind_service"
cd /var/lib/pontive
$as_hub pontive-hub ingest --config /etc/pontive/hub.toml & ingest=$!
$as_hub $caps pontive-hub web --config /etc/pontive/hub.toml & web=$!
python3 - <<'END'
import ssl, time, urllib.request
context = ssl.create_default_context(cafile="/var/lib/pontive/ca/ca.pem")
for _ in range(600):
    try:
        print("HEALTH", urllib.request.urlopen("https://127.0.0.1/healthz", context=context).status)
        break
    except OSError as error:
        last = error
        time.sleep(0.1)
else:
    raise SystemExit(f"no screens: {last}")
END
kill $web $ingest $broker
wait
"""


def owner(root: Path, path: str) -> str:
    return chroot.run(root, "stat", "-c", "%U:%G %a", path).strip()


@pytest.mark.skipif(bool(chroot.why_not()), reason=chroot.why_not())
def test_a_clean_debian_becomes_a_hub(tmp_path: Path) -> None:
    root = chroot.make_root(tmp_path)
    try:
        chroot.install_pontive(root)
        _install_twice(root)
        _look_at_owners(root)
        _run_it(root)
        _back_up_and_renew(root)
        _boot_it(root)
        _remove(root)
    finally:
        shutil.rmtree(root)


def _install_twice(root: Path) -> None:
    install = ("/opt/pontive/bin/pontive-hub", "install", "--host", HOST)
    before = chroot.run(root, *install, "--check", code=1)
    assert before.count("to do ") == 10
    assert not (root / "etc/pontive/hub.toml").exists(), "a check changes nothing"
    done = chroot.run(root, *install)
    assert done.count("done  ") == 10
    assert f"https://{HOST}/" in done
    assert "Into a safe" in done
    settings = (root / "etc/pontive/hub.toml").read_text()
    again = chroot.run(root, *install)
    assert "done  " not in again
    assert (root / "etc/pontive/hub.toml").read_text() == settings
    assert chroot.run(root, *install, "--check").count("there ") >= 10


def _look_at_owners(root: Path) -> None:
    assert owner(root, "/etc/pontive/hub.toml") == "root:pontive-hub 640"
    assert owner(root, "/etc/pontive/backup.key") == "root:pontive-hub 640"
    assert owner(root, "/etc/pontive/broker/server.key") == "mosquitto:mosquitto 600"
    assert owner(root, "/etc/pontive/tls/web.key") == "root:pontive-hub 640"
    assert owner(root, "/var/lib/pontive/ca/issuing.key") == "pontive-hub:pontive-hub 600"
    assert owner(root, "/var/lib/pontive/ca/root") == "root:root 700"
    assert owner(root, "/var/lib/pontive/hub.db").startswith("pontive-hub:pontive-hub")
    assert owner(root, "/var/lib/pontive-news") == "pontive-hub:mosquitto 2750"
    verified = chroot.run(root, "systemd-analyze", "verify", "/etc/systemd/system/pontive-web.service")
    assert "pontive" not in verified, verified


def _run_it(root: Path) -> None:
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode != 0:
        return  # no network of its own in this sandbox: the parts were installed all the same
    live = subprocess.run(
        [*chroot.inside(root, "--net"), "sh", "-c", LIVE],
        env={"PATH": "/opt/pontive/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "HEALTH 200" in live.stdout, live.stdout + live.stderr


def _boot_it(root: Path) -> None:
    """Under a real systemd every unit comes up by itself, and both one-shots succeed."""
    if why_not_boot():
        return  # said by the sandbox; the parts were run without it above
    with booted(root) as machine:
        for unit in ("mosquitto", "pontive-ingest", "pontive-web", "pontive-broker-watch"):
            machine.wait_for("active", "systemctl", "is-active", unit)
        for timer in ("pontive-backup.timer", "pontive-drill.timer", "pontive-renew.timer"):
            assert machine.run("systemctl", "is-active", timer) == "active"
        machine.wait_for("200", "python3", "-c", HEALTH)
        assert "https://0.0.0.0:443/" in machine.run("journalctl", "-u", "pontive-web")
        for unit in ("pontive-backup", "pontive-drill", "pontive-renew"):
            assert machine.run("systemctl", "start", unit) == "", machine.run("journalctl", "-u", unit)
        _revoke_somebody(root, machine)
        failed = machine.run(
            "systemctl", "list-units", "--failed", "--plain", "--no-legend", "pontive-*", "mosquitto*"
        )
        assert failed == "", failed
        FirstDay(root, machine).live()
        machine.run("systemctl", "kill", "--signal=KILL", "pontive-ingest")
        machine.wait_for("active", "systemctl", "is-active", "pontive-ingest")


def _revoke_somebody(root: Path, machine: Booted) -> None:
    """What the hub says of revocations gets into the broker's list, and the broker is told."""
    # The first news are ingest's own: nobody is revoked.
    told = "journalctl -q -u pontive-broker-watch | grep -q 'mosquitto reads them' && echo told"
    machine.wait_for("told", "sh", "-c", told)
    assert machine.run("sh", "-c", "echo pi-uji >/var/lib/pontive-news/denied") == ""
    machine.wait_for("1", "grep", "-c", "^user pi-uji$", "/etc/pontive/broker/acl")
    assert "user pi-uji\ntopic deny #" in (root / "etc/pontive/broker/acl").read_text()


def _back_up_and_renew(root: Path) -> None:
    exec_start = re.search(
        r"(?m)^ExecStart=(.*)$", (root / "etc/systemd/system/pontive-backup.service").read_text()
    )
    assert exec_start
    made = chroot.run(root, "runuser", "-u", "pontive-hub", "--", *exec_start[1].split())
    assert "MiB" in made
    assert len(os.listdir(root / "var/backups/pontive")) == 1
    assert "nothing" in chroot.run(root, "/opt/pontive/bin/pontive-provision", "hub", "renew")
    (root / "var/lib/pontive/hub.pem").unlink()
    assert "renewed: hub" in chroot.run(root, "/opt/pontive/bin/pontive-provision", "hub", "renew")


def _remove(root: Path) -> None:
    gone = chroot.run(root, "/opt/pontive/bin/pontive-provision", "hub", "uninstall")
    assert "removed /etc/systemd/system/pontive-web.service" in gone
    assert (root / "var/lib/pontive/hub.db").exists()
    chroot.run(root, "/opt/pontive/bin/pontive-provision", "hub", "uninstall", "--purge", "--yes")
    assert not (root / "var/lib/pontive").exists()
