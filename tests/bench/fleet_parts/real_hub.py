"""A real broker, a real database and the real ``pontive-hub ingest`` for a simulated fleet.

The hub comes to the broker as in a city, with its certificate; the fleet has a plain listener of its
own beside it, on which the broker asks nobody who he is.
"""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hub.db import Database
from hub.migrations.schema import upgrade
from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, SensorEntry, SiteEntry
from hub.places.service import load_inventory
from provisioning.trust.keyfiles import ensure_signing_key
from tests import postgres
from tests.bench.fleet_parts.site import CAMERAS
from tests.mosquitto import Mosquitto, free_port

ROOT = Path(__file__).parents[3]


class FleetBroker(Mosquitto):
    """mosquitto under the city's rules, with one more door for the fleet."""

    def __init__(self, folder: Path) -> None:
        """Write its files."""
        super().__init__(folder)
        self.plain_port = free_port()
        path = folder / "broker" / "mosquitto.conf"
        lines = path.read_text().splitlines()
        # Who may do what is then asked at each door by itself.
        doors = [line for line in lines if not line.startswith(("allow_anonymous", "acl_file", "log_type"))]
        at = next(number for number, line in enumerate(doors) if line.startswith("listener"))
        own = ["allow_anonymous false", f"acl_file {folder / 'broker' / 'acl'}"]
        plain = [f"listener {self.plain_port} 127.0.0.1", "allow_anonymous true", "max_connections -1"]
        text = ["per_listener_settings true", "log_type error", *doors[:at], *doors[at:], *own, *plain, ""]
        path.write_text("\n".join(text))

    def start(self) -> None:
        """Start it and wait for the second door too."""
        super().start()
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.plain_port)) == 0:
                    return
            assert self._process is not None
            assert self._process.poll() is None, "mosquitto ended"
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        """Of the running program."""
        assert self._process is not None
        return self._process.pid


class HubIngest:
    """``pontive-hub ingest`` with one configuration, as one or several processes."""

    def __init__(self, folder: Path, broker: Mosquitto, database_url: str, *, workers: int) -> None:
        """Write its configuration and make its tables."""
        self.folder = folder
        self.config = folder / "hub.toml"
        self.log = folder / "ingest.log"
        identity = broker.identity("hub")
        folder.mkdir(exist_ok=True)
        ensure_signing_key(folder / "hub-signing.key", folder / "hub-signing.pem")
        self.config.write_text(
            f'database = "{database_url}"\n[ingest]\nworkers = {workers}\n[broker]\nport = {broker.port}\n'
            f'ca = "{identity / "ca.pem"}"\ncertificate = "{identity / "device.pem"}"\n'
            f'key = "{identity / "device.key"}"\n'
        )
        self.database = Database(database_url)
        upgrade(self.database)
        self.processes: list[subprocess.Popen[bytes]] = []

    def load(self, devices: Sequence[str]) -> None:
        """Put the fleet into the inventory."""
        with self.database.writing() as db:
            load_inventory(db, inventory_of(devices), datetime.now(UTC).date())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the command, for instance with ``--worker 1``."""
        command = [sys.executable, "-m", "hub.cli", "ingest", "--config", str(self.config), *arguments]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End all that were started, and whatever they started."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.database.close()


def inventory_of(devices: Sequence[str]) -> Inventory:
    """Return a site a device, with its cameras and a sensor."""
    cameras = tuple(
        CameraEntry(id=f"cam-{number}", name=f"Kamera {number}") for number in range(1, CAMERAS + 1)
    )
    sensor = SensorEntry(id="air-1", name="Air", quantity="water_level_m")
    return Inventory(
        sites=tuple(
            SiteEntry(id=device, name=device, kelurahan="61.71.04.1004", lat=0.0, lon=109.322)
            for device in devices
        ),
        devices=tuple(
            DeviceEntry(id=device, site=device, name=device, cameras=cameras, sensors=(sensor,))
            for device in devices
        ),
    )


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """Give a database's URL and the process id of its server, which SQLite has none of."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'hub.db'}", None
        return
    with postgres.running({"max_connections": "60", "shared_buffers": "256MB"}) as url:
        yield f"{url}/postgres", _postmaster(url)


def allow_many_files() -> None:
    """A connection a site is a file here and at the broker, which inherits the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _postmaster(url: str) -> int:
    import psutil

    port = url.rpartition(":")[2]
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and f"port={port}" in (process.info["cmdline"] or []):
            return int(process.pid)
    raise AssertionError("the PostgreSQL server is not to be found")
