"""A program that speaks as wpa_supplicant does over its socket, among networks that are played."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.enrolment.card.wifi import wifi_key
from edge.setup_by_phone.simulated import PlayedNetwork

NETWORKS = (
    PlayedNetwork("Titik Jawi", "kapal-layar", -48),
    PlayedNetwork("Galak", "kapal-layar", -60, lets_in=False),
    PlayedNetwork("Tanpa DHCP", "kapal-layar", -70, gives_address=False),
)


class PlayedSupplicant:
    """The far end of the control socket; ``asked`` is what was said to it, ``address`` the radio's."""

    def __init__(self, path: Path) -> None:
        self.asked: list[str] = []
        self.settings: dict[str, str] = {}
        self.address = ""
        self.refuses = ""
        self.is_deaf = False
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            request, peer = self._socket.recvfrom(4096)
            text = request.decode()
            if text == "END":
                return
            self.asked.append(text)
            if self.refuses and text.startswith(self.refuses):
                self._socket.sendto(b"FAIL\n", peer)
                continue
            answer, events = self._does(text)
            self._socket.sendto(f"{answer}\n".encode(), peer)
            for event in () if self.is_deaf else events:
                self._socket.sendto(f"<3>{event}".encode(), peer)

    def _does(self, text: str) -> tuple[str, list[str]]:
        match text.split():
            case ["REMOVE_NETWORK", "all"]:
                self.settings, self.address = {}, ""
            case ["ADD_NETWORK"]:
                return "0", []
            case ["SET_NETWORK", "0", key, *value]:
                self.settings[key] = " ".join(value)
            case ["SCAN"]:
                return "OK", ["CTRL-EVENT-SCAN-STARTED ", "CTRL-EVENT-SCAN-RESULTS "]
            case ["SCAN_RESULTS"]:
                lines = (f"02:0\t2412\t{each.signal_dbm}\t[WPA2-PSK-CCMP]\t{each.name}" for each in NETWORKS)
                return "\n".join(["bssid / frequency / signal level / flags / ssid", *lines]), []
            case ["SELECT_NETWORK", "0"]:
                return "OK", self._selects()
        return "OK", []

    def _selects(self) -> list[str]:
        if self.settings.get("mode") == "2":
            self.address = "10.86.0.1"
            return ["AP-ENABLED "]
        name = bytes.fromhex(self.settings["ssid"]).decode()
        network = next((each for each in NETWORKS if each.name == name), None)
        if network is None:
            return ["CTRL-EVENT-NETWORK-NOT-FOUND "] * 3
        if not network.lets_in:
            return ["CTRL-EVENT-ASSOC-REJECT bssid=02:00:00:00:00:01 status_code=1"]
        if self.settings["psk"] != wifi_key(name, network.password):
            said = "id=0 ssid=x auth_failures=1 duration=10 reason=WRONG_KEY"
            return [f"CTRL-EVENT-SSID-TEMP-DISABLED {said}"]
        self.address = "192.168.1.20" if network.gives_address else ""
        return ["CTRL-EVENT-CONNECTED - Connection to 02:00:00:00:00:00 completed"]

    def end(self, path: Path) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"END", str(path))
        self._thread.join()
        self._socket.close()


@pytest.fixture
def supplicant(tmp_path: Path) -> Iterator[PlayedSupplicant]:
    # A socket's path may have 108 letters.
    folder = Path(f"/tmp/pontive-radio-{os.getpid()}")
    folder.mkdir(mode=0o700)
    played = PlayedSupplicant(folder / "wlan0")
    played.folder = folder  # type: ignore[attr-defined]  # for the tests alone
    yield played
    played.end(folder / "wlan0")
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
