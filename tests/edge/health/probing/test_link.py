"""The kernel's view of the links, below a folder that plays /proc and /sys."""

from pathlib import Path

import pytest

from edge.health.probing.link import LinkProbes, Route
from tests.edge.health.probing.test_board import write

ROUTES = """Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
eth1\t0002A8C0\t00000000\t0000\t0\t0\t100\t00FFFFFF\t0\t0\t0
nonsense
"""
ARP = """IP address       HW type     Flags       HW address            Mask     Device
192.168.1.64     0x1         0x2         aa:bb:cc:dd:ee:ff     *        eth0
192.168.1.65     0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.66     0x1         zz          00:00:00:00:00:00     *        eth0
"""
WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   54.  -56.  -256        0      0      0      0      0        0
 wlan1: 0000    0.    0.  -256        0      0      0      0      0        0
 broken
"""


@pytest.fixture
def links(tmp_path: Path) -> LinkProbes:
    write(tmp_path, "proc/net/route", ROUTES)
    write(tmp_path, "proc/net/arp", ARP)
    write(tmp_path, "proc/net/wireless", WIRELESS)
    write(tmp_path, "sys/class/net/eth0/carrier", "1\n")
    write(tmp_path, "sys/class/net/eth0/speed", "1000\n")
    write(tmp_path, "sys/class/net/eth1/carrier", "0\n")
    write(tmp_path, "sys/class/net/eth1/speed", "-1\n")
    write(tmp_path, "sys/class/net/eth2/operstate", "down\n")
    write(tmp_path, "sys/class/net/wlan0/wireless/x", "")
    return LinkProbes(tmp_path)


def test_a_route_is_the_narrowest_and_then_the_cheapest(links: LinkProbes) -> None:
    assert links.route_to("192.168.1.64") == Route("eth0")
    assert links.route_to("10.0.0.1") == Route("eth0", "192.168.1.1")
    assert links.route_to("192.168.2.5") == Route("eth0", "192.168.1.1"), "a route that is down is none"
    assert links.route_to("camera.local") is None
    assert links.default_gateway() == "192.168.1.1"


def test_a_carrier_is_there_gone_or_unknown(links: LinkProbes) -> None:
    assert links.has_carrier("eth0") is True
    assert links.has_carrier("eth1") is False
    assert links.has_carrier("eth2") is False, "an interface that is down gives no carrier file"
    assert links.has_carrier("eth9") is None
    assert (links.speed_mbit("eth0"), links.speed_mbit("eth1"), links.speed_mbit("eth9")) == (
        1000,
        None,
        None,
    )
    assert links.is_radio("wlan0")
    assert not links.is_radio("eth0")


def test_a_neighbour_is_known_asked_in_vain_or_never_asked(links: LinkProbes) -> None:
    known = [links.has_neighbour(f"192.168.1.{last}") for last in (64, 65, 66, 67)]
    assert known == [True, False, None, None]


def test_the_best_believable_signal_counts(links: LinkProbes) -> None:
    assert links.signal_dbm() == -56.0


def test_a_board_without_links_knows_nothing(tmp_path: Path) -> None:
    links = LinkProbes(tmp_path)
    assert links.route_to("192.168.1.1") is None
    assert links.default_gateway() == ""
    assert links.signal_dbm() is None
    assert links.has_neighbour("192.168.1.1") is None
