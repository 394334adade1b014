"""A control room for benches: a real broker, the real web process, 147 cameras at 51 points, Chromium.

The cameras are a fleet of one process; its pictures carry the time they were made as black and
white blocks, so that a page can be asked how old what it shows is.
"""

import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import paho.mqtt.client as paho
import psutil
from PIL import Image
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from edge.wire.messages import SendThumbs, decode_command
from edge.wire.topics import UpChannel, up
from hub.db import Database
from hub.migrations.schema import upgrade
from hub.people import sessions
from hub.people.models import Account, RoleGrant
from hub.people.permissions import Role, ScopeKind
from hub.places.inventory import CameraEntry, DeviceEntry, Inventory, SiteEntry
from hub.places.service import load_inventory
from tests.mosquitto import Mosquitto, free_port

SITES, CAMERAS = 51, 147
BITS = 32
CHROMIUM = os.environ.get("PONTIVE_CHROMIUM", "/usr/bin/chromium")
ROOT = Path(__file__).parents[2]


def city() -> Inventory:
    """Return 147 cameras at 51 points, as the city has them: 30 PTZ, 9 wireless."""
    sites = tuple(
        SiteEntry(
            id=f"titik-{number:02}",
            name=f"Titik {number:02}",
            kelurahan="61.71.04.1004",
            lat=-0.03 + 0.001 * number,
            lon=109.32 + 0.001 * number,
        )
        for number in range(1, SITES + 1)
    )
    counts = [3] * (SITES - 3) + [1] * 3
    number, devices = 0, []
    for site, count in zip(sites, counts, strict=True):
        cameras = []
        for place in range(count):
            number += 1
            cameras.append(
                CameraEntry(
                    id=f"k{place + 1}",
                    name=f"Kamera {number:03}",
                    kind="ptz" if number % 5 == 0 and number <= 150 else "fixed",
                    medium="wireless" if number % 17 == 0 else "fibre",
                )
            )
        devices.append(DeviceEntry(id=f"pi-{site.id}", site=site.id, name=site.name, cameras=tuple(cameras)))
    assert number == CAMERAS, number
    return Inventory(sites=sites, devices=tuple(devices))


def clock_ms() -> int:
    """Return the time that is put into pictures: milliseconds, 32 bits."""
    return int(time.time() * 1000) & (2**BITS - 1)


def stamped(picture: np.ndarray, now_ms: int, block_px: int) -> None:
    """Write a time into the top of a picture, a block a bit, most significant first."""
    for bit in range(BITS):
        is_set = now_ms >> (BITS - 1 - bit) & 1
        picture[: 3 * block_px, bit * block_px : (bit + 1) * block_px] = 255 if is_set else 0


class Fleet:
    """All devices of the city: each sends a small picture of each camera a second while it is leased."""

    def __init__(self, broker: Mosquitto, inventory: Inventory) -> None:
        self._devices = {device.id: [camera.id for camera in device.cameras] for device in inventory.devices}
        self._leased_until: dict[str, float] = {}
        self._is_stopping = threading.Event()
        self.sent = 0
        self.bytes = 0
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="fleet", protocol=paho.MQTTv5)
        self._client.tls_set_context(broker.context("hub"))
        self._client.on_connect = lambda client, *_: client.subscribe("pontive/1/dn/+/cmd", qos=1)
        self._client.on_message = self._obey
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def _obey(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        command = decode_command(message.payload)
        if isinstance(command, SendThumbs):
            self._leased_until[message.topic.split("/")[3]] = time.monotonic() + command.lease_s

    def _send(self) -> None:
        chance = np.random.default_rng(2026)
        ground = chance.integers(60, 190, (108, 192, 3), np.uint8)
        ground = np.asarray(
            Image.fromarray(ground).resize((24, 14)).resize((192, 108), Image.Resampling.BICUBIC)
        )
        keys = [(device, camera) for device, cameras in self._devices.items() for camera in cameras]
        place = 0
        while not self._is_stopping.is_set():
            began_s = time.monotonic()
            # Cameras are not in step: they are spread over the second.
            for _ in range(max(1, len(keys) // 20)):
                device, camera = keys[place % len(keys)]
                place += 1
                if self._leased_until.get(device, 0) > time.monotonic():
                    self._show(device, camera, ground)
            self._is_stopping.wait(
                max(0.0, 0.05 * (len(keys) // 20) * 20 / len(keys) - (time.monotonic() - began_s))
            )

    def _show(self, device: str, camera: str, ground: np.ndarray) -> None:
        picture = np.roll(ground, self.sent % 40, axis=1)
        stamped(picture, clock_ms(), 6)
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=60)
        self._client.publish(up(device, UpChannel.THUMB, camera), buffer.getvalue(), qos=0)
        self.sent += 1
        self.bytes += buffer.tell()

    def stop(self) -> None:
        """End."""
        self._is_stopping.set()
        self._thread.join(5)
        self._client.disconnect()
        self._client.loop_stop()


@dataclass
class ControlRoom:
    """What a bench works with."""

    folder: Path
    broker: Mosquitto
    url: str
    web: psutil.Process
    token: str
    playwright: Playwright

    def browser(self, *arguments: str) -> tuple[BrowserContext, psutil.Process]:
        """Start a Chromium of its own, signed in, at 1920 x 1080; returns its main process, too."""
        before = {process.pid for process in psutil.Process().children(recursive=True)}
        browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=list(arguments))
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": "pontive", "value": self.token, "url": self.url}])
        started = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
        mains = [p for p in started if "chrom" in p.name().lower() and "--type=" not in " ".join(p.cmdline())]
        return context, mains[0]


def cpu_s(process: psutil.Process) -> float:
    """Return CPU seconds of a process and its living children."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@contextmanager
def control_room(inventory: Inventory) -> Iterator[ControlRoom]:
    """Start broker and web process on an inventory, with an operator signed in."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        broker = Mosquitto(folder)
        broker.start()
        port = free_port()
        identity = broker.identity("hub")
        config = folder / "hub.toml"
        config.write_text(
            f'database = "sqlite:///hub.db"\n[sign_in]\nsecond_factor = "optional"\n'
            f"[web]\nport = {port}\n[broker]\nport = {broker.port}\n"
            f'ca = "{identity}/ca.pem"\ncertificate = "{identity}/device.pem"\n'
            f'key = "{identity}/device.key"\n'
        )
        token = _prepare(Database(f"sqlite:///{folder}/hub.db"), inventory)
        command = [sys.executable, "-m", "hub.cli", "web", "--config", str(config)]
        with (folder / "web.log").open("wb") as log:
            web = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_for_port(port, web, folder / "web.log")
            url = f"http://127.0.0.1:{port}/"
            yield ControlRoom(folder, broker, url, psutil.Process(web.pid), token, playwright)
        finally:
            web.terminate()
            web.wait()
            broker.stop()


def _prepare(database: Database, inventory: Inventory) -> str:
    upgrade(database)
    now = datetime.now(UTC)
    with database.writing() as db:
        load_inventory(db, inventory, now.date())
        account = Account(
            name="bench", display_name="Bench", password_hash="", must_change_password=False, created_at=now
        )
        db.add(account)
        db.flush()
        db.add(
            RoleGrant(account_id=account.id, role=Role.OPERATOR, scope_kind=ScopeKind.CITY, valid_from=now)
        )
        token = sessions.begin(db, account=account, now=now, address="127.0.0.1", agent="bench")
    database.close()
    return token


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    import socket

    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
