"""Power, link and camera with a real broker, a real agent and real ingest: what breaks is what is said."""

import contextlib
import select as wait
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from hub.cctv.outages.keeping.keeper import KEEP_EVERY_S, OutageKeeper
from hub.cctv.outages.models import Outage
from hub.config import BrokerSettings
from hub.db import Base, Database
from hub.ingest.chores import Chore
from hub.ingest.models import DevicePresence
from hub.ingest.process import Ingest
from hub.ingest.saying.desired import NothingDesired
from hub.ingest.taking.address import address_of
from hub.ingest.taking.subscriber import MqttLink
from hub.places.inventory import Inventory
from hub.places.service import load_inventory
from hub.wiring import HANDLERS
from tests.edge.agent_city import Device
from tests.edge.health.twins import Upsd, served
from tests.hub.prepared import import_all_models
from tests.mosquitto import Mosquitto, free_port

PATIENCE_S = 600.0
INVENTORY = {
    "sites": [{"id": "tugu", "name": "Tugu", "kelurahan": "61.71.04.1004", "lat": 0.0, "lon": 109.32}],
    "devices": [
        {
            "id": "pi-1",
            "site": "tugu",
            "name": "Pi",
            "cameras": [{"id": "jalan", "name": "Jalan"}, {"id": "mati", "name": "Mati"}],
        }
    ],
}
CAMERAS = """
[health]
ups = "kabinet"
ups_port = {ups_port}
[[cameras]]
id = "jalan"
source = "scene:street?seed=1"
fps = 5
counts_every_s = 5
still_every_s = 2
[[cameras]]
id = "mati"
source = "rtsp://127.0.0.1:{dead_port}/main"
fps = 5
"""


class Cable:
    """A TCP path that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.is_cut = False
        self._is_ending = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._is_ending:
            ends = {one: other for pair in self._pairs for one, other in (pair, pair[::-1])}
            ready, _, _ = wait.select([self._listener, *ends], [], [], 0.05)
            for one in ready:
                if one is self._listener:
                    self._take()
                elif one in ends:
                    self._carry(one, ends[one])
            if self.is_cut:
                self._drop()

    def _take(self) -> None:
        near, _ = self._listener.accept()
        if self.is_cut:
            near.close()
            return
        self._pairs.append((near, socket.create_connection(("127.0.0.1", self._target))))

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            data = one.recv(65_536)
            if data:
                other.sendall(data)
                return
        except OSError:
            pass  # an end that is gone ends the pair, as below
        for pair in [pair for pair in self._pairs if one in pair]:
            self._pairs.remove(pair)
            for end in pair:
                end.close()

    def _drop(self) -> None:
        for pair in self._pairs:
            for end in pair:
                end.close()
        self._pairs.clear()

    def close(self) -> None:
        self._is_ending = True
        self._thread.join()
        self._drop()
        self._listener.close()


class Hub:
    """Real ingest with the keeper, in a thread."""

    def __init__(self, broker: Mosquitto, folder: Path) -> None:
        import_all_models()
        self.database = Database(f"sqlite:///{folder}/hub.db")
        Base.metadata.create_all(self.database.engine)
        with self.database.writing() as db:
            load_inventory(db, msgspec.convert(INVENTORY, Inventory), date(2026, 1, 5))
        keys = broker.identity("hub")
        settings = BrokerSettings(
            port=broker.port,
            ca=str(keys / "ca.pem"),
            certificate=str(keys / "device.pem"),
            key=str(keys / "device.key"),
        )
        self._stop = threading.Event()
        self._link = MqttLink(address_of(settings))
        keeper = OutageKeeper(database=self.database, now=lambda: datetime.now(UTC))
        self._ingest = Ingest(
            database=self.database,
            link=self._link,
            folder=folder,
            handlers=HANDLERS,
            is_known=lambda _device: True,
            desired=NothingDesired(),
            stop=self._stop,
            chores=[Chore("keeping outages", every_s=KEEP_EVERY_S, act=keeper)],
        )
        self._link.start()
        self._thread = threading.Thread(target=self._ingest.run)
        self._thread.start()

    def outages(self) -> list[Outage]:
        with self.database.reading() as db:
            return list(db.scalars(select(Outage).order_by(Outage.id)))

    def reason(self) -> str:
        with self.database.reading() as db:
            return db.get_one(DevicePresence, "pi-1").reason

    def wait_for(self, is_true: Callable[[list[Outage]], bool], what: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_true(self.outages()):
            said = [(one.scope, one.key, one.cause, one.evidence) for one in self.outages()]
            assert time.monotonic() < deadline_s, f"waited in vain for {what}: {said}"
            time.sleep(0.2)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._link.stop()
        self.database.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    one = Mosquitto(tmp_path / "city")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def hub(broker: Mosquitto, tmp_path: Path) -> Iterator[Hub]:
    one = Hub(broker, tmp_path)
    yield one
    one.close()


@contextlib.contextmanager
def running(device: Device) -> Iterator[subprocess.Popen[bytes]]:
    with (device.folder / "agent.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "edge.cli", "run", "--config", str(device.config_path)],
            stderr=log,
            cwd=Path(__file__).parents[2],
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(240)


def test_camera_link_and_power_are_told_apart(broker: Mosquitto, hub: Hub, tmp_path: Path) -> None:
    cable, upsd = Cable(broker.port), Upsd({"ups.status": "OL"})
    device = Device(tmp_path / "pi-1", port=cable.port, authority=broker.authority)
    with contextlib.closing(cable), served(upsd) as ups_port:
        device.configure(CAMERAS.format(ups_port=ups_port, dead_port=free_port()))
        with running(device) as agent:
            # Nobody listens where the camera should: it refuses, and its neighbour lives.
            hub.wait_for(
                lambda found: any((one.scope, one.cause) == ("camera", "camera") for one in found),
                "the camera",
            )
            assert [one.key for one in hub.outages()] == ["pi-1/mati"]

            cable.is_cut = True
            hub.wait_for(lambda found: any(one.scope == "point" for one in found), "the point")
            assert next(one for one in hub.outages() if one.scope == "point").cause == "unknown"
            time.sleep(15)  # a break of less than 20 s is everyday life to the device: it says nothing of it
            cable.is_cut = False
            hub.wait_for(
                lambda found: any((one.scope, one.cause) == ("point", "link") for one in found), "the link"
            )
            hub.wait_for(lambda found: all(one.ended_at for one in found if one.scope == "point"), "its end")

            upsd.answers["ups.status"] = "OB LB"
            hub.wait_for(lambda _: hub.reason() == "power", "the last gasp")
            agent.kill()
            hub.wait_for(
                lambda found: any((one.cause, one.ended_at) == ("power", None) for one in found), "the power"
            )
    [camera] = [one for one in hub.outages() if one.scope == "camera" and one.folded_into is None]
    assert camera.cause == "camera"
