"""What an agent says of itself: the facts of its lamp, and the status beside it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from edge.clock import SettableClock
from edge.config import EdgeConfig, OutboxSettings
from edge.health.probing.board import Probes
from edge.health.probing.link import LinkProbes
from edge.health.probing.surroundings import NOTHING_KNOWN
from edge.lights.sign_file import SignFile, shown_state
from edge.lights.signs import State
from edge.logs import RecentWarnings
from edge.outbox import Outbox
from edge.running import reporting
from edge.running.intake import Intake
from edge.running.reporting import Reporter, UpdateEar, sign_folder
from edge.running.status import StatusFile, read_status, status_paths
from edge.running.watchdog import Notifier
from edge.supervision.happenings import WorkerState
from edge.supervision.worker_process import WorkerKind
from edge.uplink.connection import ConnectionFailedError, MqttConnection
from edge.wire.records.bodies import ClockQuality
from edge.wire.updates import UpdateReport, UpdateState
from tests.edge.agent_city import Device
from tests.mosquitto import Mosquitto

CAMERA = WorkerState(
    name="utara", kind=WorkerKind.CAMERA, is_alive=True, frames=9, beat_age_s=0.1, restarts=0, last_fault=""
)
SENSORS = replace(CAMERA, name="_sensors_", kind=WorkerKind.SENSORS, beat_age_s=None)
ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 0100A8C0 0003 0 0 100 00000000 0 0 0
wlan0 00000000 0100A8C0 0003 0 0 600 00000000 0 0 0
"""


class Rig:
    """A reporter whose parts are real but for the board, the uplink and the workers."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        for name in ("proc/net", "sys/class/net/eth0", "sys/class/net/lo"):
            (self.root / name).mkdir(parents=True)
        self.put("proc/net/route", ROUTES)
        self.put("sys/class/net/eth0/speed", "100\n")
        self.put("sys/class/net/eth0/duplex", "half\n")
        self.clock = SettableClock()
        self.config = EdgeConfig(
            device="pi-a", outbox=OutboxSettings(path=str(folder / "outbox.db"), max_mib=4)
        )
        self.outbox = Outbox.open(Path(self.config.outbox.path), max_bytes=2**22, clock=self.clock)
        self.sender = SimpleNamespace(is_connected=True, rejected_publishes=0, trouble="")
        self.workers = [CAMERA, SENSORS]
        self.folder = sign_folder(self.config)
        self.reporter = Reporter(
            config=self.config,
            probes=Probes(self.root),
            links=LinkProbes(self.root),
            clock=self.clock,
            outbox=self.outbox,
            sender=self.sender,
            intake=Intake(outbox=self.outbox, clock=self.clock, acceptance=None, on_kept=lambda: None),
            workers=lambda: tuple(self.workers),
            surroundings=lambda: NOTHING_KNOWN,
            roster_version=lambda: 7,
            updates=UpdateEar(),
            recent=RecentWarnings(),
            notifier=Notifier(None),
            status_file=StatusFile(status_paths(self.config)),
            sign_file=SignFile(self.folder, "pi-a"),
        )

    def put(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    @property
    def state(self) -> State:
        self.reporter.report()
        return shown_state([self.folder], has_identity=True)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(reporting, "_is_identity_good", lambda *_given: True)
    found = Rig(tmp_path)
    yield found
    found.outbox.close()


def test_the_lamp_follows_what_the_agent_knows(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rig.state is State.WELL
    rig.workers = [replace(CAMERA, beat_age_s=None), SENSORS]
    assert rig.state is State.BUSY
    rig.workers = [replace(CAMERA, beat_age_s=None, last_fault="silent: no frame"), SENSORS]
    assert rig.state is State.CAMERA
    rig.sender.is_connected = False
    assert rig.state is State.NO_HUB
    monkeypatch.undo()
    assert rig.state is State.IDENTITY  # there is no certificate in this folder
    rig.put("proc/net/route", ROUTES.splitlines()[0])
    assert rig.state is State.NO_NETWORK
    rig.sender.is_connected, rig.workers = True, [CAMERA]
    rig.clock.set(rig.clock.now().at, ClockQuality.UNKNOWN)
    assert rig.state is State.CLOCK
    report = UpdateReport(state=UpdateState.TRYING, order="1.1", number=2, name="x")
    rig.reporter.updates.kept(report)
    assert rig.state is State.UPDATING
    rig.reporter.updates.kept(UpdateReport(state=UpdateState.COMMITTED, order="1.1", number=2, name="x"))
    assert rig.state is State.CLOCK


def test_a_certificate_of_yesterdays_authority_blinks_as_one_and_not_as_a_silent_hub(
    rig: Rig, tmp_path: Path
) -> None:
    broker = Mosquitto(tmp_path / "today")
    broker.start()
    try:
        yesterday = Device(tmp_path / "yesterday", port=broker.port).configure().hub
        connection = MqttConnection(device="pi-1", link=yesterday, will=b"", post=lambda _event: None)
        with pytest.raises(ConnectionFailedError) as refused:
            connection.open()
    finally:
        broker.stop()
    rig.sender.is_connected, rig.sender.trouble = False, str(refused.value)
    assert rig.state is State.IDENTITY
    rig.sender.trouble = "[Errno 111] Connection refused"
    assert rig.state is State.NO_HUB


def test_the_speed_of_the_way_out_is_measured_and_goes_to_the_hub(rig: Rig) -> None:
    health = rig.reporter.health()
    assert (health.link_mbit, health.link_full_duplex) == (100, False)
    rig.put("sys/class/net/eth0/speed", "-1\n")
    rig.put("sys/class/net/eth0/duplex", "unknown\n")
    health = rig.reporter.health()
    assert (health.link_mbit, health.link_full_duplex) == (None, None)
    rig.put("proc/net/route", ROUTES.splitlines()[0])
    rig.put("sys/class/net/eth0/carrier", "1\n")
    assert LinkProbes(rig.root).way_out() == "eth0"
    assert not LinkProbes(rig.root).has_network()


def test_status_and_summary_say_the_same(rig: Rig) -> None:
    rig.reporter.report()
    status = read_status(status_paths(rig.config))
    assert status is not None
    assert (status.roster_version, status.kept) == (7, 1)
    assert rig.reporter.waiting() == 1
    assert rig.reporter.summary() == "1 of 2 workers at work, 1 records wait, connected"
