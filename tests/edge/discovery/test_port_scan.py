"""RTSP servers on loopback, which is a private network too."""

from ipaddress import IPv4Network

import pytest

from edge.discovery.port_scan import RtspServer, find_rtsp_servers, network_of
from edge.errors import ConfigError
from provisioning.simulators.film import street_film
from provisioning.simulators.rtsp_camera import RtspCameraSimulator, running
from provisioning.simulators.rtsp_protocol import Login
from tests.edge.health.twins import talker
from tests.mosquitto import free_port


def test_cameras_are_found_and_other_servers_are_not() -> None:
    film = street_film(width=64, height=48, fps=5)
    locked = RtspCameraSimulator(film=film, login=Login("admin", "x"))
    with (
        running(RtspCameraSimulator(film=film)) as open_one,
        running(locked),
        talker(b"220 mail\r\n") as mail,
    ):
        ports = (open_one.port, locked.port, mail, free_port())
        found = list(find_rtsp_servers(IPv4Network("127.0.0.1/32"), ports=ports))
    assert found == [
        RtspServer("127.0.0.1", open_one.port, needs_login=False),
        RtspServer("127.0.0.1", locked.port, needs_login=True),
    ]


@pytest.mark.parametrize("text", ["192.168.1.0/24", "10.0.0.5/22", "172.16.0.1", "127.0.0.0/30"])
def test_a_small_private_network_may_be_looked_through(text: str) -> None:
    assert network_of(text).num_addresses <= 1_024


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8.8.8.0/24", "not a private network"),
        ("10.0.0.0/8", "16777216 addresses"),
        ("kamera", "192.168.1.0/24"),
        ("fe80::/64", "192.168.1.0/24"),
    ],
)
def test_any_other_network_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        network_of(text)
