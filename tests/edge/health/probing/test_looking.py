"""Looks at the point and at its cameras: a played kernel, a scripted network, and the real one."""

from collections import deque
from pathlib import Path

import pytest

from edge.config import CameraSettings
from edge.health.probing.board import Probes
from edge.health.probing.icmp import Echoes
from edge.health.probing.link import LinkProbes
from edge.health.probing.looking import Look, is_falling
from edge.health.probing.network import RealNetwork, ScriptedNetwork
from edge.health.probing.rtsp_stages import RtspStage
from edge.health.probing.surroundings import CameraFindings
from edge.health.probing.targets import CameraTarget, target_of
from edge.health.probing.ups import UpsState
from tests.edge.health.probing.test_board import write
from tests.edge.health.probing.test_link import ARP, ROUTES, WIRELESS
from tests.edge.health.twins import Upsd, served, talker
from tests.mosquitto import free_port

GATE = "192.168.1.64"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "proc/net/route", ROUTES)
    write(tmp_path, "proc/net/arp", ARP)
    write(tmp_path, "proc/net/wireless", WIRELESS)
    write(tmp_path, "sys/class/net/eth0/carrier", "1\n")
    return tmp_path


def look(
    root: Path, network: ScriptedNetwork, *, source: str = f"rtsp://admin@{GATE}/live", switch: str = ""
) -> Look:
    target = target_of(CameraSettings(id="gate", source=source))
    return Look(
        network=network,
        links=LinkProbes(root),
        probes=Probes(root),
        targets={} if target is None else {"gate": target},
        gateway="",
        switch=switch,
    )


def test_the_point_is_gateway_switch_supply_and_signal(root: Path) -> None:
    supply = UpsState(is_on_battery=True, is_low=False)
    around = look(root, ScriptedNetwork(alive={"192.168.1.1": 0}, ups=supply), switch="192.168.1.2").around()
    assert around.is_gateway_answering is True
    assert around.is_switch_answering is False
    assert (around.ups, around.signal_dbm, around.is_signal_falling) == (supply, -56.0, None)


def test_a_switch_that_nobody_named_is_not_known(root: Path) -> None:
    assert look(root, ScriptedNetwork()).around().is_switch_answering is None


def test_where_pings_are_forbidden_a_connection_has_to_do(root: Path) -> None:
    around = look(root, ScriptedNetwork(alive={"192.168.1.1": 0}, may_ping=False)).around()
    assert around.is_gateway_answering is True


def test_a_camera_is_pinged_looked_up_and_asked(root: Path) -> None:
    network = ScriptedNetwork(alive={GATE: 0.4}, stages={GATE: RtspStage.UNAUTHORISED})
    assert look(root, network).at("gate") == CameraFindings(
        camera="gate",
        answers=True,
        loss_share=pytest.approx(0.4),
        has_arp=True,
        has_own_carrier=True,
        stage=RtspStage.UNAUTHORISED,
    )


def test_a_dead_camera_answers_nothing(root: Path) -> None:
    found = look(root, ScriptedNetwork()).at("gate")
    assert (found.answers, found.loss_share, found.stage) == (False, None, RtspStage.UNREACHABLE)


def test_a_camera_that_ignores_pings_but_refuses_its_port_is_alive(root: Path) -> None:
    found = look(root, ScriptedNetwork(stages={GATE: RtspStage.REFUSED})).at("gate")
    assert (found.answers, found.loss_share) == (True, None)


def test_a_camera_that_is_no_rtsp_camera_is_only_knocked_at(root: Path) -> None:
    network = ScriptedNetwork(alive={GATE: 0}, may_ping=False)
    found = look(root, network, source=f"http://{GATE}/video.mjpeg").at("gate")
    assert (found.answers, found.stage) == (True, None)


@pytest.mark.parametrize(
    "source", ["scene:street?seed=1", "/dev/video0", "rtsp://[broken", "rtsp://h:99999/"]
)
def test_a_camera_without_an_address_is_not_known(root: Path, source: str) -> None:
    assert look(root, ScriptedNetwork(), source=source).at("gate") == CameraFindings("gate")


def test_the_interface_is_remembered_when_its_route_vanishes_with_the_carrier(root: Path) -> None:
    here = look(root, ScriptedNetwork(alive={"192.168.1.1": 0}))
    here.around()
    write(root, "proc/net/route", ROUTES.splitlines()[0] + "\n" + ROUTES.splitlines()[1] + "\n")
    write(root, "sys/class/net/eth0/carrier", "0\n")
    assert here.at("gate").has_own_carrier is False


def test_a_name_that_nobody_knows_is_not_known(root: Path) -> None:
    class Forgetful(ScriptedNetwork):
        def resolve(self, host: str) -> str:
            return ""

    assert look(root, Forgetful()).at("gate") == CameraFindings("gate")


@pytest.mark.parametrize(
    ("signals", "expected"),
    [([-60.0] * 19, None), ([-60.0] * 40, False), ([-60.0] * 20 + [-69.0] * 20, True)],
)
def test_a_signal_falls_when_it_lost_eight_decibels(signals: list[float], expected: bool | None) -> None:
    assert is_falling(deque(signals)) is expected


def test_a_target_carries_its_login_and_shows_no_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("rahasia\n")
    settings = CameraSettings(
        id="gate", source="rtsp://admin@10.0.0.5/a?b=1", password_file=str(tmp_path / "password")
    )
    target = target_of(settings)
    assert target is not None
    assert (target.port, target.path, target.rtsp().password) == (554, "/a?b=1", "rahasia")
    (tmp_path / "password").unlink()
    assert target.rtsp().password == ""
    assert target_of(CameraSettings(id="x", source="rtsp://u:p%40@h/")) == CameraTarget(
        camera="x", host="h", port=554, user="u", inline_password="p@"
    )


def test_the_real_network_resolves_knocks_and_asks() -> None:
    closed = free_port()
    network = RealNetwork(ups="", ups_host="127.0.0.1", ups_port=closed, timeout_s=0.5)
    assert network.resolve("127.0.0.1") == "127.0.0.1"
    assert network.resolve("no-such-host.invalid") == ""
    assert network.knock("127.0.0.1", (closed,)), "a refusal is an answer"
    assert not network.knock("256.0.0.1", (80,))
    assert network.ups() is None
    # A system that forbids pings gives None, and any other one answers itself.
    assert network.echoes("127.0.0.1", 1) in (None, Echoes(1, 1))
    with talker(b"") as port:
        assert network.knock("127.0.0.1", (port,))
        target = CameraTarget(camera="x", host="127.0.0.1", port=port).rtsp()
        assert network.stage(target) is RtspStage.MUTE


def test_the_real_network_asks_upsd_and_a_silent_one_is_not_known() -> None:
    with served(Upsd({"ups.status": "OB"})) as port:
        network = RealNetwork(ups="kabinet", ups_host="127.0.0.1", ups_port=port)
        assert network.ups() == UpsState(is_on_battery=True, is_low=False)
    assert network.ups() is None
