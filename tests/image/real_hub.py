"""A real mosquitto and a real hub on this machine, with one site, one device and its claim."""

import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from machine import HOST_FROM_GUEST

from edge.config import CameraSettings, DoorSettings, UpdateSettings
from hub.db import Database
from hub.status import CityStatus, read_status
from hub.telemetry.tables import TableTelemetry
from provisioning.broker import Broker, find_mosquitto
from provisioning.cities.children import Children, Program
from provisioning.cities.hub_program import HubProgram, run_to_the_end
from provisioning.cities.layout import CityFolder
from provisioning.cities.machine import is_listening, is_well
from provisioning.cities.settle import BROKER_HOSTS, Settler
from provisioning.cities.staff import settle_employees, settle_staff
from provisioning.inventory import (
    CameraPlan,
    CityPlan,
    DevicePlan,
    DoorPlan,
    SitePlan,
    edge_config,
)
from provisioning.toml_writing import to_toml

DEVICE, DOOR, SITE = "pi-uji", "pintu", "balai-kota"
CAMERAS = ("jalan", "taman")
# Where the technician's files lie on the device.
SETUP = "/boot/setup"
START_S = 60.0
# An emulated board needs some seconds for a scan; the two minutes of a real door would only be waited for.
DOOR_PAUSE_S = 8.0


class RealHub:
    """Broker and hub, running until :meth:`end`."""

    def __init__(self, folder: Path, *, say: Callable[[str], None], has_door: bool = True) -> None:
        """Write everything and start it.

        Args:
            folder: Made by the caller, empty.
            say: Takes a line for a person.
            has_door: Whether the device has a door beside its two cameras.
        """
        web_port = free_port()
        self.folder = CityFolder(folder)
        self.program = HubProgram(self.folder.hub_config)
        self.url = f"http://{HOST_FROM_GUEST}:{web_port}"
        self._own_url = f"http://127.0.0.1:{web_port}/"
        self._broker = Broker(self.folder.broker, free_port())
        self.plan = city_plan(has_door=has_door)
        self._settle(web_port)
        self._database = Database(f"sqlite:///{self.folder.hub / 'hub.db'}")
        self._children = Children(self.folder.logs, clock=time.monotonic, say=say)
        self._start()

    def claim_text(self) -> str:
        """Return ``pontive.toml`` for the card."""
        return f'hub = "{self.url}"\ncode = "{self.program.claim(DEVICE)}"\n'

    def settings_text(self) -> str:
        """Return ``edge.toml`` as a technician may put it on the card beside the claim."""
        config = edge_config(
            self.plan.devices[0], broker_port=self._broker.port, outbox_mib=16, health_every_s=10
        )
        # The city's own devices are simulated; this one has real slots.
        update = UpdateSettings(door_pause_s=DOOR_PAUSE_S)
        return to_toml(msgspec.structs.replace(config, update=update))

    def status(self) -> CityStatus:
        """Return how the city is. Not by the command, which takes a second that the board needs."""
        with self._database.reading() as db:
            return read_status(db, TableTelemetry(db), now=datetime.now(UTC), zone=ZoneInfo("Asia/Pontianak"))

    def add(self, bundle: Path, number: int) -> None:
        """Keep a bundle as a release of this number; numbers only rise."""
        about = ("--number", str(number), "--version", f"0.1.{number}", "--board", "virt")
        self._hub("release", "add", str(bundle), *about)
        bundle.unlink()

    def offer(self, number: int) -> None:
        """Bring a release to the device; what was offered before ends."""
        if self._row("SELECT count(*) AS open FROM rollout WHERE state IN ('running', 'paused')", ())["open"]:
            self._hub("release", "cancel", "--board", "virt")
        self._hub("release", "start", str(number), "--board", "virt", "--quiet", "always")

    def asks_although_older(self) -> bool:
        """Let the hub forget what the device runs, as one from an old backup; return whether it asks now."""
        newest = "SELECT count(*) AS asked FROM rollout_device WHERE rollout = (SELECT max(id) FROM rollout)"
        if self._row(newest, ())["asked"]:
            return True
        with contextlib.closing(sqlite3.connect(self.folder.hub / "hub.db", timeout=30)) as database:
            database.execute("UPDATE device_update SET running_number = 1, floor = 0")
            database.commit()
        return False

    def told_of_update(self) -> dict[str, Any]:
        """Return what the device last said of its software; empty before the first time."""
        return self._row("SELECT * FROM device_update WHERE device = ?")

    def scans(self) -> int:
        """Return how many scans of the device's door were kept."""
        return int(self._row("SELECT count(*) AS scans FROM door_scan WHERE device = ?")["scans"])

    def _row(self, question: str, given: tuple[str, ...] = (DEVICE,)) -> dict[str, Any]:
        address = f"file:{self.folder.hub / 'hub.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as database:
            database.row_factory = sqlite3.Row
            row = database.execute(question, given).fetchone()
        return {} if row is None else dict(row)

    def _hub(self, *arguments: str) -> None:
        done = run_to_the_end(self.program.command(*arguments))
        assert done.returncode == 0, done.stderr or done.stdout

    def tick(self) -> None:
        """Look after broker and hub."""
        self._children.tick()

    def end(self) -> None:
        """End both."""
        self._database.close()
        self._children.end()

    def _settle(self, web_port: int) -> None:
        settler = Settler(self.folder, now=datetime.now(UTC))
        settler.settle_broker(self._broker, is_root=os.geteuid() == 0, hosts=(*BROKER_HOSTS, HOST_FROM_GUEST))
        settler.settle_hub(self.plan, broker_port=self._broker.port, web_port=web_port)
        text = self.folder.hub_config.read_text()
        reachable = f'[enrolment]\nbroker_host = "{HOST_FROM_GUEST}"\nurl = "{self.url}"\n'
        text = text.replace("[enrolment]\n", reachable)
        trusted = f'[web]\ntrusted_hosts = ["127.0.0.1", "localhost", "{HOST_FROM_GUEST}"]\n'
        self.folder.hub_config.write_text(text.replace("[web]\n", trusted))
        settle_staff(self.folder.people, self.folder.phones)
        settle_employees(self.folder.employees, since=date(2024, 1, 1))
        self.program.migrate()
        self.program.load_places(self.folder.inventory)
        self.program.load_people(self.folder.people)
        self._hub("release", "ring", "uji", "--device", DEVICE)

    def _start(self) -> None:
        root = self.folder.root
        self._children.start(Program("broker", (find_mosquitto(), "-c", str(self._broker.config_path)), root))
        self._wait_for(lambda: is_listening(self._broker.port), "broker")
        self._children.start(Program("hub-ingest", self.program.command("ingest"), root, stage=1))
        self._children.start(Program("hub-web", self.program.command("web"), root, stage=1))
        self._wait_for(lambda: is_well(self._own_url + "healthz"), "hub-web")

    def _wait_for(self, is_there: Callable[[], bool], name: str) -> None:
        ends_at_s = time.monotonic() + START_S
        while not is_there():
            if time.monotonic() > ends_at_s:
                raise TimeoutError(f"{name} does not start:\n{self._children.last_lines(name)}")
            self.tick()
            time.sleep(0.2)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def city_plan(*, has_door: bool) -> CityPlan:
    """Return one site with one device: two cameras that play a clip, and a door of drawn phones if wanted."""
    cameras = tuple(
        CameraSettings(
            id=name,
            source=f"replay:{SETUP}/clip.mp4",
            fps=1,
            counts_every_s=10,
            still_every_s=10,
            still_width_px=320,
        )
        for name in CAMERAS
    )
    # Nothing is installed while people are at a door: here they leave it alone for minutes.
    door = DoorSettings(
        id=DOOR, source=f"scene:door?phones={SETUP}/phones.json&per_minute=0.25", fps=3, direction="in"
    )
    device = DevicePlan(
        id=DEVICE,
        site=SITE,
        name="Perangkat uji",
        cameras=tuple(CameraPlan(settings=one, name=one.id.capitalize()) for one in cameras),
        doors=(DoorPlan(settings=door, name="Pintu"),) if has_door else (),
    )
    site = SitePlan(id=SITE, name="Balai Kota", kelurahan="61.71.05.1003", lat=-0.0239, lon=109.3406)
    return CityPlan(sites=(site,), devices=(device,))
