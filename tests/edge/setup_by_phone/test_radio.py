"""What every radio does: the real one, before a wpa_supplicant that is played, and the simulated one."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from edge.enrolment.card.card_file import Wifi
from edge.setup_by_phone import wpa_radio as wpa_radio_module
from edge.setup_by_phone.radio import JoinError, JoinFault, Radio, RadioError
from edge.setup_by_phone.simulated import SimulatedRadio
from edge.setup_by_phone.wpa_radio import WpaRadio, address_of
from edge.wire.joining.phone import access_point
from tests.edge.setup_by_phone.conftest import NETWORKS, PlayedSupplicant

POINT = access_point(b"0123456789")


def wpa_radio(supplicant: PlayedSupplicant) -> WpaRadio:
    clock = count()
    return WpaRadio(
        supplicant.folder,  # type: ignore[attr-defined]  # set by the fixture
        "wlan0",
        own_address="10.86.0.1",
        address_of=lambda _name: supplicant.address,
        monotonic=lambda: float(next(clock)),
        sleep=lambda _s: None,
    )


@pytest.fixture
def wpa(supplicant: PlayedSupplicant) -> Iterator[WpaRadio]:
    made = wpa_radio(supplicant)
    yield made
    supplicant.refuses = ""
    made.close()


@pytest.fixture(params=["wpa_supplicant", "simulated"])
def radio(request: pytest.FixtureRequest) -> Radio:
    if request.param == "simulated":
        return SimulatedRadio(*NETWORKS)
    return request.getfixturevalue("wpa")


def test_it_names_what_it_hears_the_strongest_first(radio: Radio) -> None:
    assert [each.name for each in radio.scan()] == ["Titik Jawi", "Galak", "Tanpa DHCP"]


@pytest.mark.parametrize(
    ("name", "password", "fault"),
    [
        ("Titik Jawi", "kapal-karam", JoinFault.WRONG_PASSWORD),
        ("Tidak Ada", "kapal-layar", JoinFault.NOT_FOUND),
        ("Galak", "kapal-layar", JoinFault.REJECTED),
        ("Tanpa DHCP", "kapal-layar", JoinFault.NO_ADDRESS),
    ],
)
def test_each_reason_not_to_join_is_told_apart(radio: Radio, name: str, password: str, fault) -> None:
    with pytest.raises(JoinError) as caught:
        radio.join(Wifi(name=name, password=password))
    assert (caught.value.fault, caught.value.name) == (fault, name)
    assert password not in str(caught.value)


def test_it_opens_joins_opens_again_and_ends_twice(radio: Radio) -> None:
    radio.open(POINT)
    radio.join(Wifi(name="Titik Jawi", password="kapal-layar"))
    radio.open(POINT)
    radio.close()
    radio.close()


def test_the_access_point_is_wpa2_with_its_password_and_never_open(
    wpa: WpaRadio, supplicant: PlayedSupplicant
) -> None:
    wpa.open(POINT)
    said = supplicant.settings
    assert (said["mode"], said["key_mgmt"], said["proto"], said["pairwise"]) == (
        "2",
        "WPA-PSK",
        "RSN",
        "CCMP",
    )
    assert bytes.fromhex(said["ssid"]).decode() == POINT.name
    assert len(said["psk"]) == 64
    assert POINT.password not in " ".join(supplicant.asked), "the key, not the password"
    wpa.close()
    assert supplicant.settings == {}


@pytest.mark.parametrize("refused", ["SCAN", "ADD_NETWORK", "SELECT_NETWORK"])
def test_a_supplicant_that_refuses_is_an_error_without_a_key_in_it(
    wpa: WpaRadio, supplicant: PlayedSupplicant, refused: str
) -> None:
    supplicant.refuses = refused
    act = wpa.scan if refused == "SCAN" else lambda: wpa.open(POINT)
    with pytest.raises(RadioError, match=f"wpa_supplicant refuses {refused}"):
        act()


def test_a_radio_that_never_says_it_is_ready_is_an_error(
    wpa: WpaRadio, supplicant: PlayedSupplicant, monkeypatch
) -> None:
    for name in ("SCAN_S", "OPEN_S", "JOIN_S"):
        monkeypatch.setattr(wpa_radio_module, name, 0.5)
    supplicant.is_deaf = True
    with pytest.raises(RadioError, match="does not listen"):
        wpa.scan()
    with pytest.raises(RadioError, match="cannot be an access point"):
        wpa.open(POINT)
    with pytest.raises(JoinError) as caught:
        wpa.join(Wifi(name="Titik Jawi", password="kapal-layar"))
    assert caught.value.fault is JoinFault.REJECTED


def test_without_a_supplicant_it_says_where_it_asked(tmp_path: Path) -> None:
    radio = WpaRadio(tmp_path, "wlan9", own_address="10.86.0.1")
    with pytest.raises(RadioError, match="wpa_supplicant does not answer"):
        radio.open(POINT)
    radio.close()


def test_a_broken_simulated_radio_fails_at_everything_but_closing() -> None:
    radio = SimulatedRadio(is_broken=True)
    with pytest.raises(RadioError, match="no answer"):
        radio.scan()
    radio.close()


def test_the_kernel_knows_the_address_of_an_interface() -> None:
    assert address_of("lo") == "127.0.0.1"
    assert address_of("none9") == ""
